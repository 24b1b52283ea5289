"""What somebody typed and the portal did not take: in words, so that it can be copied."""

from django.http import QueryDict

from partners.kept_text import typed_in
from requests_app.models import Asks
from requests_app.questions import Question, Shape, in_words, kept, known_by_key

OWN = "own-"  # begins the name of a field that keeps a text instead of which another was taken


def in_readable_words(sent: QueryDict, asks: str = Asks.GENERAL) -> list[tuple[str, str]]:
    """Pairs of a question, or of a field's name, and what was typed there. `asks` is the form."""
    known = known_by_key(asks)
    return [
        _readable(sent, name, text, known.get(name.removeprefix(OWN)))
        for name, text in typed_in(sent)
    ]


def _readable(sent: QueryDict, name: str, text: str, question: Question | None) -> tuple[str, str]:
    if question is None:
        return name, text
    typed = sent.getlist(name) if question.shape == Shape.SOME_OF else sent[name]
    return str(question.label), in_words(question, kept(question, typed))
