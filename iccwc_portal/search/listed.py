"""What is few by nature: agencies and their offices, networks, kinds of support, pages.

Some dozens of rows, read whole in one query a kind and compared here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from iccwc_portal.search.found import Found, Result, Text, in_languages, title_of
from iccwc_portal.search.terms import Term
from partners.models import Agency, Network, Party
from partners.models.folded import folded
from requests_app.models import Support

_folded = lru_cache(maxsize=2000)(folded)  # the same texts at every search


@dataclass(frozen=True)
class Entry:
    """One row with the words by which it is found, and the Parties to which it belongs."""

    result: Result
    title: str
    words: str = ""
    parties: frozenset[int] = frozenset()


def matching(entries: Iterable[Entry], term: Term, first: int, last: int) -> Found:
    """Those that are about the term: by their title before by their words."""
    by_title, by_words = [], []
    for one in entries:
        title = _folded(one.title)
        if term.is_in(title):
            by_title.append(one.result)
        elif term.is_in(f"{title}\n{_folded(one.words)}", one.parties):
            by_words.append(one.result)
    results = [*by_title, *by_words]
    return Found(len(results), results[first - 1 : last])


def parties(term: Term, first: int, last: int) -> Found:
    """Those that the term names, then those whose name it begins; `terms.read` has found them."""
    return Found(len(term.parties), [_party(one) for one in term.parties[first - 1 : last]])


def _party(party: Party) -> Result:
    names = (party.name_en, party.name_fr, party.name_es)
    url = reverse("toolkit:party", args=[party.code.lower()])
    return Result(url, title_of(names), (Text(f"{party.code} · {party.region.name}"),))


def agencies_and_offices(actor: Any) -> tuple[list[Entry], list[Entry]]:
    """Each agency the reader may see, and their offices; one query."""
    agencies: dict[int, Entry] = {}
    offices: list[Entry] = []
    rows = Agency.objects.visible_to(actor).values(
        "pk", "code", "seat", *_columns("name"), *_columns("full_name"), *_columns("mandate"),
        *_columns("services"), "offices__kind", "offices__place", "offices__party_id",
    ).order_by("-is_coordinator", "name_en", "offices__place")  # fmt: skip
    for row in rows:
        url = reverse("record:agency", args=[row["code"].lower()])
        if row["pk"] not in agencies:
            agencies[row["pk"]] = _agency(row, url)
        if row["offices__place"]:
            offices.append(_office(row, url))
    return list(agencies.values()), offices


def _agency(row: dict[str, Any], url: str) -> Entry:
    names = [row[f"name_{code}"] for code in ("en", "fr", "es")]
    fulls = [row[f"full_name_{code}"] for code in ("en", "fr", "es")]
    services = [" · ".join(row[f"services_{code}"] or []) for code in ("en", "fr", "es")]
    mandates = [row[f"mandate_{code}"] for code in ("en", "fr", "es")]
    texts = (*in_languages(fulls), *in_languages(mandates), *in_languages(services))
    result = Result(url, title_of(names), (*texts, Text(row["seat"])))
    title = " ".join([row["code"], *names, *fulls])
    return Entry(result, title, " ".join([*mandates, *services, row["seat"]]))


def _office(row: dict[str, Any], url: str) -> Entry:
    words = f"{row['offices__kind']}, {row['offices__place']}"
    names = [row[f"name_{code}"] for code in ("en", "fr", "es")]
    agency = title_of(names).words
    result = Result(url, Text(words, "en"), (Text(agency),))
    at = frozenset({row["offices__party_id"]} - {None})
    return Entry(result, words, " ".join([row["code"], *names]), at)


def networks(actor: Any) -> list[Entry]:
    """Enforcement networks, with their members; one query."""
    names = ("name", "acronym", "formerly", "region", "seat", "members_in_words", "note")
    members: dict[int, set[int]] = {}
    known: dict[int, dict[str, Any]] = {}
    rows = Network.objects.visible_to(actor).order_by("name")
    for row in rows.values("pk", "slug", *names, "memberships__party_id"):
        known[row["pk"]] = row
        members.setdefault(row["pk"], set()).add(row["memberships__party_id"])
    return [_network(row, frozenset(members[pk] - {None})) for pk, row in known.items()]


def _network(row: dict[str, Any], members: frozenset[int]) -> Entry:
    acronym = f" ({row['acronym']})" if row["acronym"] else ""
    url = reverse("record:network", args=[row["slug"]])
    words = ("region", "seat", "formerly", "members_in_words", "note")
    texts = tuple(Text(row[name], "en") for name in words if row[name])
    title = f"{row['name']}{acronym}"
    said = " ".join(one.words for one in texts)
    return Entry(Result(url, Text(title, "en"), texts), title, said, members)


def supports(actor: Any) -> list[Entry]:
    """Kinds of support that a country can ask for."""
    rows = Support.objects.visible_to(actor).on_offer()
    return [_support(row) for row in rows]


def _support(row: Support) -> Entry:
    names = (row.name_en, row.name_fr, row.name_es)
    hints = (row.hint_en, row.hint_fr, row.hint_es)
    where = Text(_("Kind of support"))
    result = Result(reverse("home"), title_of(names), (*in_languages(hints), where))
    # The key too: everybody in the trade says "WIST".
    return Entry(result, " ".join([*names, row.key.replace("_", " ")]), " ".join(hints))


def _columns(name: str) -> tuple[str, str, str]:
    return (f"{name}_en", f"{name}_fr", f"{name}_es")
