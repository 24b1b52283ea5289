"""The form of a record: an address made of its title, marks where a translation is missing, and
what a published one may not lose."""

from typing import Any

from django.db import models
from django.utils.html import format_html, strip_tags
from django.utils.text import slugify
from django.utils.translation import gettext as _

from partners.desk_seen import SeenForm
from record.completeness import OTHER_LANGUAGES, is_untranslated, problems, texts_of
from record.models import Publication

LONGEST_ADDRESS = 70  # leaves room for a number behind it


def free_address(model: type[models.Model], words: str) -> str:
    """An address that no other record of the kind has; markup in the words is no part of it."""
    wanted = slugify(strip_tags(words))[:LONGEST_ADDRESS].strip("-") or str(model._meta.model_name)
    taken = set(
        model._default_manager.filter(slug__startswith=wanted).values_list("slug", flat=True)
    )
    numbered = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
    return next(one for one in (wanted, *numbered) if one not in taken)


class RecordForm(SeenForm):
    """For every record. A kind with a form of its own need not name this one: RecordAdmin does."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = _(
                "Left empty, it is made of the title. It stays as it is from the first publication "
                "on, because others link to it."
            )
        if self.instance.pk:
            self._mark_what_is_untranslated()

    def _mark_what_is_untranslated(self) -> None:
        for text in texts_of(type(self.instance)):
            for language in OTHER_LANGUAGES:
                field = self.fields.get(f"{text}_{language}")
                if field and is_untranslated(self.instance, text, language):
                    said = _("Not translated: readers get the English text.")
                    mark = format_html('<span class="untranslated">{}</span>', said)
                    field.help_text = format_html("{} {}", mark, field.help_text)

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if "slug" in self.fields and "slug" not in self.errors and not said.get("slug"):
            said["slug"] = free_address(type(self.instance), self._words_for_address(said))
        return said

    def _words_for_address(self, said: dict[str, Any]) -> str:
        words = [said.get(name) for name in ("title_en", "number", "place")]
        return str(words[0] or " ".join(str(one) for one in words[1:] if one))

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.instance.state == Publication.PUBLISHED:
            for name, sentence in problems(self.instance).items():
                self.add_error(name if name in self.fields else None, sentence)
