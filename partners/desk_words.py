"""Words of the desk for columns whose model gives them none."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

Words = str | Promise

LANGUAGE_NAMES = {
    "en": gettext_lazy("English"),
    "fr": gettext_lazy("French"),
    "es": gettext_lazy("Spanish"),
}


# Fields whose model gives them no words for people.
_WORDS = {
    "agency": gettext_lazy("agency"),
    "granted_by": gettext_lazy("granted by"),
    "iso2": gettext_lazy("ISO 3166-1 alpha-2"),
    "key": gettext_lazy("key"),
    "m49": gettext_lazy("UN M49 code"),
    "members": gettext_lazy("members"),
    "party": gettext_lazy("Party"),
    "precision": gettext_lazy("how exactly the date is known"),
    "support_request": gettext_lazy("support request"),
    "user": gettext_lazy("person"),
}


def label_of(name: str) -> Words | None:
    """Words for a field that has none of its own; a translated column is called its language."""
    return LANGUAGE_NAMES.get(name.rpartition("_")[2]) or _WORDS.get(name)
