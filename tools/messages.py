"""Translations without GNU gettext: python -m tools.messages extract|compile|check

`extract` brings locale/*/LC_MESSAGES/django.po up to date with the strings of code and templates,
keeps what is translated, and writes the same file for the same strings. `check` fails when a
string is missing, untranslated, fuzzy, unused, or has other placeholders than its source.
"""

import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("fr", "es")
SOURCES = [
    "iccwc_portal",
    "toolkit",
    "webhooks",
    "record",
    "requests_app",
    "partners",
    "workflow",
    "history",
    "outbox",
    "templates",
]
# What each argument of a call is: a number for msgid and plural, (number, "c") for the context.
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...]] = {
    "": (1,),
    "n": (1, 2),
    "p": ((1, "c"), 2),
    "np": ((1, "c"), 2, 3),
}
CALLS = {
    f"{kind}gettext{ending}": spec for kind, spec in KEYWORDS.items() for ending in ("", "_lazy")
} | {"_": (1,), "translate_now": (1,), "gettext_noop": (1,)}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|</?\w+|%%")


def place_of(language: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


# ── from code and templates ──────────────────────────────────────────────────────────────────


def template_catalog(language: str) -> Catalog:
    """Every string of the portal, untranslated, with the files it stands in."""
    catalog = Catalog(locale=language, fuzzy=False)
    for path in _source_files():
        name = path.relative_to(ROOT).as_posix()
        for call, arguments, comments in _calls(path):
            context, ids = _read(CALLS[call], arguments)
            if ids[0]:
                catalog.add(
                    ids if len(ids) > 1 else ids[0],
                    locations=[(name, 0)],
                    auto_comments=comments,
                    context=context,
                )
    return catalog


def _source_files() -> Iterator[Path]:
    for source in SOURCES:
        for path in sorted((ROOT / source).rglob("*")):
            if path.suffix in {".py", ".html", ".txt"} and "migrations" not in path.parts:
                yield path


def _calls(path: Path) -> Iterator[tuple[str, tuple[str | None, ...], list[str]]]:
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # Django turns a template into Python calls; its indentation means nothing to Python.
        text = "\n".join(line.lstrip() for line in templatize(text).splitlines())
    stream = BytesIO(text.encode())
    found: Any = extract_python(stream, CALLS, ["Translators:"], {"encoding": "utf-8"})
    for _line, call, arguments, comments in found:
        if call in CALLS:
            yield call, arguments if isinstance(arguments, tuple) else (arguments,), comments


def _read(
    spec: tuple[int | tuple[int, str], ...], arguments: tuple[str | None, ...]
) -> tuple[str | None, tuple[str, ...]]:
    """Context and msgids of one call; an empty msgid when it is not a literal."""
    context, ids = None, []
    for place in spec:
        number = place if isinstance(place, int) else place[0]
        said = arguments[number - 1] if number <= len(arguments) else None
        if isinstance(place, int):
            ids.append(said or "")
        else:
            context = said
    return context, tuple(ids)


# ── to and from the .po files ────────────────────────────────────────────────────────────────


def read(language: str) -> Catalog:
    path = place_of(language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language, ignore_obsolete=False)


def extract_all() -> None:
    for language in LANGUAGES:
        known, catalog = read(language), template_catalog(language)
        for message in _messages(catalog):
            old = known.get(_key(message), message.context)
            if old is not None and isinstance(old.id, str) == isinstance(message.id, str):
                message.string = "" if old.fuzzy and isinstance(old.id, str) else old.string
        path = place_of(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_written(catalog, language))
        empty = sum(1 for message in _messages(catalog) if not _is_translated(message))
        print(f"{path.relative_to(ROOT)}: {len(catalog)} strings, {empty} without translation")


def _written(catalog: Catalog, language: str) -> bytes:
    """The .po file without anything that changes by itself: no dates, no tool, no line numbers."""
    plural = get_plural(language)
    header = (
        'msgid ""\nmsgstr ""\n'
        '"Project-Id-Version: iccwc-portal\\n"\n'
        f'"Language: {language}\\n"\n'
        '"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: {plural.plural_forms}\\n"\n\n'
    )
    body = BytesIO()
    write_po(body, catalog, width=98, omit_header=True, sort_output=True, include_lineno=False)
    return header.encode() + body.getvalue().rstrip() + b"\n"


def compile_all() -> None:
    """Write the .mo files that Django reads; a file that is up to date stays untouched."""
    for language in LANGUAGES:
        source = place_of(language)
        if not source.exists():
            continue
        target = source.with_suffix(".mo")
        compiled = BytesIO()
        write_mo(compiled, read(language))
        if not target.exists() or target.read_bytes() != compiled.getvalue():
            part = target.with_suffix(".part")
            part.write_bytes(compiled.getvalue())
            part.rename(target)


# ── judging ──────────────────────────────────────────────────────────────────────────────────


def problems(language: str) -> Iterator[str]:
    catalog, wanted = read(language), template_catalog(language)
    for message in _messages(wanted):
        found = catalog.get(_key(message), message.context)
        if found is None or found.id != message.id:
            yield f"missing: {_key(message)!r}"
    for message in _messages(catalog):
        source = wanted.get(_key(message), message.context)
        if source is None or source.id != message.id:
            yield f"not used any more: {_key(message)!r}"
        elif message.fuzzy:
            yield f"fuzzy: {_key(message)!r}"
        elif not _is_translated(message):
            yield f"not translated: {_key(message)!r}"
        elif not _keeps_placeholders(message):
            yield f"placeholders differ: {_key(message)!r}"
    for obsolete in catalog.obsolete:
        yield f"not used any more: {obsolete!r}"


def _messages(catalog: Catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id)


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _ids(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def _strings(message: Message) -> tuple[str, ...]:
    said = message.string or ""
    return (said,) if isinstance(said, str) else tuple(said)


def _is_translated(message: Message) -> bool:
    return all(_strings(message))


def _keeps_placeholders(message: Message) -> bool:
    """Each form uses what one of the source's forms uses: "one request" may drop the number."""
    allowed = [sorted(PLACEHOLDER.findall(text)) for text in _ids(message)]
    return all(sorted(PLACEHOLDER.findall(text)) in allowed for text in _strings(message))


def check_all() -> int:
    found = [f"{language}: {one}" for language in LANGUAGES for one in problems(language)]
    print("\n".join(found) or "Translations are complete.")
    return 1 if found else 0


COMMANDS = {"extract": extract_all, "compile": compile_all, "check": check_all}

if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in COMMANDS:
        sys.exit(__doc__)
    sys.exit(COMMANDS[sys.argv[1]]())
