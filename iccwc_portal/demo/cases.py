"""Bringing the demonstration's requests to where they stand: every move runs the workflow."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from iccwc_portal.demo.accounts import KEY_LABEL
from iccwc_portal.demo.letter import pdf_file
from iccwc_portal.demo.moments import days_ago
from partners.models import ApiKey, Party, User
from partners.reference_rows import rows
from requests_app import drafts
from requests_app.models import Attachment, Support, SupportRequest
from requests_app.questions import BY_KEY, Shape
from requests_app.readings import note_reading
from workflow.executor import perform, table_of
from workflow.inputs import Input, Kind

Case = Mapping[str, Any]


def load() -> int:
    """Make the requests that are not there yet; how many."""
    cases = rows("demo_requests")
    known = SupportRequest.objects.filter(draft_key__in=[case["draft_key"] for case in cases])
    there = set(known.values_list("draft_key", flat=True))
    missing = [case for case in cases if case["draft_key"] not in there]
    for case in missing:
        _play(case)
    return len(missing)


def _play(case: Case) -> None:
    """One case: its draft, then its moves in order, each as many days `ago` as it says."""
    with days_ago(case["ago"]):
        support_request = _begin(case)
    for move in case["moves"]:
        support_request.refresh_from_db()
        with days_ago(move["ago"]):
            _move(support_request, move)


def _begin(case: Case) -> SupportRequest:
    writer = actor(case["begun_by"])
    party = Party.objects.get(code=case["party"])
    draft = drafts.begin(
        party,
        by=writer,
        support=Support.objects.get(key=case["support"]),
        draft_key=case["draft_key"],
        language=case["language"],
        urgency=case["urgency"],
    )
    drafts.write(draft, by=writer, answers=_answers(case["answers"]))
    of_party = f"of {party.name_en}, for demonstration ({case['draft_key']})"
    if case["letter"]:
        signed = pdf_file("letter.pdf", f"Letter {of_party}")
        drafts.attach(draft, signed, Attachment.AttachmentKind.LETTER, by=writer)
    for name in case.get("files", []):
        other = pdf_file(name, f"{name} {of_party}")
        drafts.attach(draft, other, Attachment.AttachmentKind.OTHER, by=writer)
    return draft


def _move(support_request: SupportRequest, move: Case) -> None:
    """An action on the request, its referral or a step; or new answers to a returned request; or
    the reading of one of its files."""
    by = actor(move["by"])
    if "edit" in move:
        drafts.write(support_request, by=by, answers=_answers(move["edit"]))
    elif "read" in move:
        note_reading(support_request.attachments.get(name=move["read"]), by)
    else:
        act(_object(support_request, move.get("on", "")), move, by)


def act(obj: Any, move: Case, by: User | ApiKey) -> None:
    """One action as a form would do it."""
    inputs = {one.name: one for one in table_of(obj).by_action[move["do"]].inputs}
    data = {name: _value(inputs[name], value, obj) for name, value in move.get("data", {}).items()}
    perform(move["do"], obj, by=by, data=data)


def actor(name: str) -> User | ApiKey:
    """The account of that name; "system.wco" is the WCO's own system, with its API key."""
    kind, _dot, code = name.partition(".")
    if kind == "system":
        return ApiKey.objects.valid().get(agency__code=code.upper(), label=KEY_LABEL)
    return User.objects.get(email=f"{name}@example.org")


def _object(support_request: SupportRequest, on: str) -> Any:
    kind, _colon, key = on.partition(":")
    if kind == "referral":
        return support_request.referrals.get(agency__code=key)
    if kind == "step":
        return support_request.implementation.steps.get(step=key)
    if kind == "thread":
        return support_request.threads.order_by("pk")[int(key) - 1]
    return support_request


def _answers(written: Mapping[str, Any]) -> dict[str, Any]:
    """Answers as the form would store them; dates are written as days from today."""
    return {
        key: _in(value).isoformat() if BY_KEY[key].shape == Shape.DATE else value
        for key, value in written.items()
    }


def _value(one: Input, written: Any, obj: Any) -> Any:
    """What a form would make of it: rows are named by their key, dates by days from then, and
    what is marked by its key or its label."""
    if one.kind == Kind.DATE:
        return _in(written)
    if one.kind == Kind.FILE and isinstance(written, str):
        return pdf_file(written, f"{written}, for demonstration")
    if one.kind == Kind.ONE_OF and one.rows:
        return one.rows(obj).get(**{one.key: written})
    if one.kind == Kind.SOME_OF and one.rows:
        return one.rows(obj).filter(**{f"{one.key}__in": written})
    if one.kind == Kind.MARKS and one.subjects:
        by_label = {str(label): key for key, label in one.subjects(obj)}
        return {by_label.get(name, name): mark for name, mark in written.items()}
    return written


def _in(days: int) -> date:
    return timezone.now().date() + timedelta(days=days)
