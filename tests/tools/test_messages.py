"""The translation tool: nothing is lost, nothing changes by itself, every gap is named."""

from pathlib import Path

import pytest

from tools import messages

TEMPLATE = """{% load i18n %}
      {% translate "Good morning" %}
  {% blocktranslate trimmed count number=rows|length %}
     One request
  {% plural %}
     {{ number }} requests
  {% endblocktranslate %}
{% translate "Accept" context "a request" %} 100 % (unpaired { bracket
"""
CODE = """
from django.utils.translation import gettext as _, ngettext, pgettext_lazy
A = _("Good morning")
B = _("Dear %(name)s") % {"name": "x"}
C = ngettext("%(days)d day", "%(days)d days", 2)
D = pgettext_lazy("a referral", "Accept")
E = _(A)
"""


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "templates").mkdir()
    (tmp_path / "outbox").mkdir()
    (tmp_path / "templates" / "page.html").write_text(TEMPLATE)
    (tmp_path / "outbox" / "words.py").write_text(CODE)
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "LANGUAGES", ("fr",))
    return tmp_path


def _catalogue(house: Path) -> Path:
    return house / "locale" / "fr" / "LC_MESSAGES" / "django.po"


def _translate(house: Path, *pairs: tuple[str, str]) -> None:
    text = _catalogue(house).read_text()
    for empty, full in pairs:
        assert empty in text
        text = text.replace(empty, full)
    _catalogue(house).write_text(text)


def _complete(house: Path) -> None:
    messages.extract_all()
    _translate(
        house,
        ('msgid "Good morning"\nmsgstr ""', 'msgid "Good morning"\nmsgstr "Bonjour"'),
        ('msgid "Dear %(name)s"\nmsgstr ""', 'msgid "Dear %(name)s"\nmsgstr "Cher %(name)s"'),
        ('msgid "Accept"\nmsgstr ""', 'msgid "Accept"\nmsgstr "Accepter"'),
        (
            'msgid_plural "%(days)d days"\nmsgstr[0] ""\nmsgstr[1] ""',
            'msgid_plural "%(days)d days"\nmsgstr[0] "%(days)d jour"\nmsgstr[1] "%(days)d jours"',
        ),
        (
            'msgid_plural "%(number)s requests"\nmsgstr[0] ""\nmsgstr[1] ""',
            'msgid_plural "%(number)s requests"\n'
            'msgstr[0] "Une demande"\nmsgstr[1] "%(number)s demandes"',
        ),
    )


def test_code_and_templates_give_their_strings_plurals_and_contexts(house: Path) -> None:
    catalogue = messages.template_catalog("fr")

    assert {(message.context, message.id) for message in messages._messages(catalogue)} == {
        (None, "Good morning"),
        (None, "Dear %(name)s"),
        (None, ("%(days)d day", "%(days)d days")),
        (None, ("One request", "%(number)s requests")),
        ("a request", "Accept"),
        ("a referral", "Accept"),
    }


def test_a_complete_catalogue_passes_and_stays_byte_for_byte_the_same(house: Path) -> None:
    _complete(house)
    messages.extract_all()
    before = _catalogue(house).read_bytes()

    messages.extract_all()

    assert list(messages.problems("fr")) == []
    assert _catalogue(house).read_bytes() == before
    assert "words.py:" not in before.decode()


def test_a_compiled_catalogue_is_written_once(house: Path) -> None:
    _complete(house)
    messages.compile_all()
    compiled = _catalogue(house).with_suffix(".mo")
    first = compiled.stat().st_mtime_ns

    messages.compile_all()

    assert b"Bonjour" in compiled.read_bytes()
    assert compiled.stat().st_mtime_ns == first


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("Bonjour", ""), "not translated: 'Good morning'"),
        (("Cher %(name)s", "Cher %(nom)s"), "placeholders differ: 'Dear %(name)s'"),
        (("%(number)s demandes", "demandes %(nombre)s"), "placeholders differ: 'One request'"),
        (
            ('msgid "Good morning"', 'msgid "Good evening"'),
            "not used any more: 'Good evening'",
        ),
        (
            ('msgid "Good morning"', '#, fuzzy\nmsgid "Good morning"'),
            "fuzzy: 'Good morning'",
        ),
    ],
)
def test_every_gap_is_named(house: Path, change: tuple[str, str], problem: str) -> None:
    _complete(house)
    _translate(house, change)

    assert problem in list(messages.problems("fr"))
    assert messages.check_all() == 1


def test_a_new_string_is_missed_and_comes_in_without_a_guess(house: Path) -> None:
    _complete(house)
    (house / "outbox" / "more.py").write_text('F = _("Good morning!")\n')

    assert list(messages.problems("fr")) == ["missing: 'Good morning!'"]
    messages.extract_all()
    assert list(messages.problems("fr")) == ["not translated: 'Good morning!'"]
