"""Kinds of events as those who follow the feed choose them: by name, or a group as `referrals.*`.
One rule for the feed of the API and for the webhooks."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from history import kinds

_NOT_IN_THE_FEED = "webhooks."


def judge(words: Iterable[str]) -> None:
    """Raise ValidationError for a word that is neither a kind of event nor a group of kinds."""
    known = [kind for kind in kinds.all_kinds() if not kind.startswith(_NOT_IN_THE_FEED)]
    groups = {f"{kind.partition('.')[0]}.*" for kind in known}
    for word in words:
        if word not in known and word not in groups:
            sentence = _(
                "“%(word)s” is no kind of event. Name one as the feed has it, such as "
                "“referrals.accept”, or a group: %(groups)s."
            )
            said = {"word": str(word)[:60], "groups": ", ".join(sorted(groups))}
            raise ValidationError(sentence % said)


def chosen_by(words: Iterable[str]) -> Q:
    """Events of these kinds; `referrals.*` stands for all that begin so, no words for all."""
    chosen = Q()
    for word in words:
        stem = word.removesuffix("*")
        chosen |= Q(kind__startswith=stem) if stem != word else Q(kind=word)
    return chosen
