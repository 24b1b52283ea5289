"""The document library on the desk: language versions, each a link or a file."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as translate_now
from django.utils.translation import gettext_lazy as _

from partners.desk_rows import RowsInline
from record.admin.base import RecordAdmin, languages
from record.models import Document, DocumentVersion
from requests_app import scanning
from requests_app.attaching import LIMITS, described, refuse_known_virus


class VersionForm(forms.ModelForm):
    """A file is judged by its content and kept under the hash of it."""

    class Meta:
        fields = ("language", "url", "file")
        widgets = {"file": forms.FileInput}

    def clean_language(self) -> str:
        return str(self.cleaned_data["language"]).strip().lower()

    def clean_file(self) -> Any:
        upload = self.cleaned_data.get("file")
        if isinstance(upload, UploadedFile):
            self.said = described(upload)
            same = DocumentVersion.objects.filter(sha256=self.said["sha256"])
            refuse_known_virus(same, self.said["name"])
        return upload

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        has_file = hasattr(self, "said") or self.instance.sha256 or "file" in self.errors
        if not said.get("url") and not has_file and "url" not in self.errors:
            raise ValidationError(translate_now("Give a link, or choose a file."))
        return said

    def _post_clean(self) -> None:
        # Before the file is put into the row, whose place on the disk is its hash.
        for name, value in getattr(self, "said", {}).items():
            setattr(self.instance, name, value)
        self.had = str(self.instance.file.name or "")
        super()._post_clean()  # type: ignore[misc]

    def save(self, commit: bool = True) -> Any:
        if hasattr(self, "said"):
            scanning.ask_about(self.instance)
            if self.had:
                storage = self.instance.file.storage
                transaction.on_commit(partial(storage.delete, self.had))
        return super().save(commit)


class VersionInline(RowsInline):
    model = DocumentVersion
    form = VersionForm
    fields = (("language", "url"), ("file", "kept"))
    readonly_fields = ("kept",)

    @admin.display(description=_("file kept here"))
    def kept(self, obj: Any) -> str:
        if not obj.sha256:
            return "–"
        return f"{obj.name} · {obj.get_scan_display()}"

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        made = super().get_formset(request, obj, **kwargs)
        fields: Any = made.form.base_fields
        if "file" in fields:  # who only reads the desk has no form
            fields["file"].help_text = LIMITS
            fields["language"].help_text = _("Its code: en, fr, es, ar, zh-hans …")
        return made


@admin.register(Document)
class DocumentAdmin(RecordAdmin):
    page = "record:document"
    inlines = (VersionInline,)
    list_display = ("title_here", "symbol", "kind", "dated_here", "state_here", "missing_here")
    list_filter = ("state", "kind", "topics", "confidence")
    search_fields = (*RecordAdmin.search_fields, "symbol")
    fieldsets = (
        (None, {"fields": (("symbol", "slug", "kind"), ("effective_on", "precision"), "topics")}),
        languages("title", _("Title")),
        languages("note", _("Remark")),
    )

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        for one in formset.forms:
            if hasattr(one, "said"):
                one.instance.added_by = request.user
        super().save_formset(request, form, formset, change)
