"""What somebody typed and the portal did not take: in words, so that it can be copied."""

from django.http import QueryDict

from partners.kept_text import typed_in
from requests_app.questions import BY_KEY, Shape, in_words, kept


def in_readable_words(sent: QueryDict) -> list[tuple[str, str]]:
    """Pairs of a question, or of a field's name, and what was typed there."""
    return [_readable(sent, name, text) for name, text in typed_in(sent)]


def _readable(sent: QueryDict, name: str, text: str) -> tuple[str, str]:
    question = BY_KEY.get(name)
    if question is None:
        return name, text
    typed = sent.getlist(name) if question.shape == Shape.SOME_OF else sent[name]
    return str(question.label), in_words(question, kept(question, typed))
