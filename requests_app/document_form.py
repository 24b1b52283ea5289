"""The documents of a request: the signed letter and further files, each judged on its own."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as translate_now
from django.utils.translation import gettext_lazy as _

from requests_app import attaching, drafts
from requests_app.models import Attachment, SupportRequest
from requests_app.working_copy import support_written
from workflow.errors import InvalidInput

_KINDS = {
    "letter": Attachment.AttachmentKind.LETTER,
    "others": Attachment.AttachmentKind.OTHER,
}
_MOST_NAMES = 50


class FileList(forms.FileInput):
    allow_multiple_selected = True


class OneFileField(forms.FileField):
    """What was sent, as a list; what a file is worth, `drafts.attach` finds out."""

    widget = forms.FileInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        return [data] if data is not None else []


class FilesField(forms.FileField):
    """Several files at once."""

    widget = FileList

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        return [one for one in data or [] if one is not None]


class DocumentForm(forms.Form):
    """Takes files in. Those that do are stored, whatever is wrong with the others."""

    hide_optional = True

    letter = OneFileField(label=_("Attach the signed letter"), required=False)
    others = FilesField(label=_("Attach further files"), required=False)

    def __init__(self, support_request: SupportRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.support_request = support_request
        self.refused: list[UploadedFile] = []
        for field in self.fields.values():
            field.widget.attrs["accept"] = ",".join(attaching.ALLOWED)
        self.fields["letter"].help_text = self._about_the_letter()
        self.fields["others"].help_text = self._about_others()

    def _about_the_letter(self) -> str:
        if support_written(self.support_request).letter_may_follow:
            when = translate_now("You can also send it after you have submitted the request.")
            return f"{attaching.what_may_come_in()} {when}"
        return attaching.what_may_come_in()

    def _about_others(self) -> str:
        limit = translate_now("Up to %(most)d files, and up to %(size)s at once.") % {
            "most": attaching.MAX_OTHERS,
            "size": filesizeformat(settings.ATTACHMENTS_MAX_BYTES_AT_ONCE),
        }
        return f"{attaching.what_may_come_in()} {limit}"

    def attach(self, *, by: Any) -> list[Attachment]:
        """Store what was sent; a file that does not do leaves its sentence at the field.

        Raises NotPermitted when the request is not open to `by`.
        """
        attached = []
        for name, kind in _KINDS.items():
            uploads = self.cleaned_data.get(name) or []
            for number, upload in enumerate(uploads):
                try:
                    attached.append(drafts.attach(self.support_request, upload, kind, by=by))
                except ValidationError as unfit:
                    self.add_error(name, unfit)
                    self.refused.append(upload)
                except InvalidInput as refusal:
                    self.add_error(name, [one for said in refusal.fields.values() for one in said])
                    self.refused += uploads[number:]
                    break
        return attached

    def not_attached(self, before: list[str]) -> list[str]:
        """The names of files that were refused now, or `before` on the same page."""
        sent = [one for name in _KINDS for one in self.cleaned_data.get(name) or []]
        done = {attaching.safe_name(one.name) for one in sent if one not in self.refused}
        refused = [*(attaching.safe_name(name) for name in before[:_MOST_NAMES])]
        refused += [attaching.safe_name(one.name) for one in self.refused]
        return [name for name in dict.fromkeys(refused) if name not in done]
