"""Parties with their spellings, and the ways in which lists are sent."""

from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from partners.models import Party, PartyAlias
from partners.models.bodies import plain_spelling
from record.models import ActivityImport, ImportRow
from tests import make

LISTS = Path(__file__).parent.parent / "data" / "activities"
READ = "/admin/record/activityimport/read/"
SOURCE = "List of activities, CITES Secretariat, 3 March 2026"
_SPELLINGS = {
    "BFA": ("Burkina Faso",),
    "CHN": ("China",),
    "CIV": ("Côte d’Ivoire", "Ivory Coast"),
    "COD": ("Democratic Republic of the Congo", "DRC"),
    "KEN": ("Kenya",),
    "LAO": ("Lao People’s Democratic Republic", "Laos"),
    "PER": ("Peru", "Pérou"),
    "UGA": ("Uganda",),
    "VNM": ("Viet Nam", "Vietnam"),
}


def parties() -> None:
    for code, spellings in _SPELLINGS.items():
        party = make.party(code)
        Party.objects.filter(pk=party.pk).update(name_en=spellings[0])
        for written in (code, *spellings):
            spelling = plain_spelling(written)
            PartyAlias.objects.create(party=party, written=written, spelling=spelling)


def send(browser: Client, content: bytes, name: str = "list.csv", **said: str) -> Any:
    file = SimpleUploadedFile(name, content)
    return browser.post(READ, {"file": file, "source": SOURCE, **said})


def send_list(browser: Client, name: str, **said: str) -> ActivityImport:
    answer = send(browser, (LISTS / name).read_bytes(), name, **said)
    assert answer.status_code == 302
    return ActivityImport.objects.latest("pk")


def send_rows(
    browser: Client, *rows: str, head: str = "Country,Description,Kind"
) -> ActivityImport:
    answer = send(browser, "\n".join([head, *rows]).encode())
    assert answer.status_code == 302
    return ActivityImport.objects.latest("pk")


def page_of(batch: ActivityImport, more: str = "change/") -> str:
    return f"/admin/record/activityimport/{batch.pk}/{more}"


def verdicts(batch: ActivityImport) -> list[tuple[str, str, list[str]]]:
    """Of each row its number, its verdict and the codes of its reasons."""
    return [
        (
            str(row) if row.part > 1 else str(row.number),
            row.verdict,
            [one[0] for one in row.reasons],
        )
        for row in ImportRow.objects.filter(batch=batch).order_by("number", "part")
    ]


def act(browser: Client, batch: ActivityImport, action: str) -> Any:
    """Press the button of an action, as its page offers it."""
    address = page_of(batch, f"actions/{action}/")
    form = browser.get(address).context["form"]
    return browser.post(address, {"version": form["version"].value()})


def give(browser: Client, batch: ActivityImport, key: str, value: str, **more: str) -> Any:
    return browser.post(page_of(batch, "answers/"), {"key": key, "answer": value, **more})
