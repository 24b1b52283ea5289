"""A desk of any size for bench.desk: requests in a realistic mix, made by bulk SQL.

Of a hundred requests sixty-five have ended: 43 completed, 10 declined, 5 redirected, 7 withdrawn.
Thirty-five are open: 7 submitted, 8 in review, 6 returned, 7 referred, 4 accepted, 3 under way. So
many, because every queue then fills a page at both sizes: with fewer, a longer page would be
compared with a shorter one. The ended ones lie between ten years and a month back, the open ones
in the last three months. Each has a submitted version, two files, two referrals, a conversation
with two messages, five events of its own and a mail. HEAVY of them have 500 referrals, events,
conversations, messages and notes each.
"""

from datetime import timedelta
from typing import Any

from django.db import connection, models
from django.utils import timezone

from history.models import Event
from outbox.models import Channel, Message, State
from partners.models import Agency, Mandate, Party, Role, User
from requests_app.models import (
    ENDED,
    Attachment,
    Note,
    Openness,
    Post,
    Referral,
    ReferralState,
    RequestState,
    RequestVersion,
    Support,
    SupportRequest,
    Thread,
    Urgency,
    WaitsFor,
)
from workflow.guard import may_write

HEAVY = 3
MANY = 500
OFFICERS = 3
_MIX = (
    *[RequestState.COMPLETED] * 43, *[RequestState.DECLINED] * 10,
    *[RequestState.REDIRECTED] * 5, *[RequestState.WITHDRAWN] * 7,
    *[RequestState.SUBMITTED] * 7, *[RequestState.IN_REVIEW] * 8, *[RequestState.RETURNED] * 6,
    *[RequestState.REFERRED] * 7, *[RequestState.ACCEPTED] * 4, *[RequestState.UNDER_WAY] * 3,
)  # fmt: skip
_WAITS = {
    RequestState.RETURNED: WaitsFor.COUNTRY,
    RequestState.REFERRED: WaitsFor.PARTNERS,
    RequestState.ACCEPTED: WaitsFor.PARTNERS,
    RequestState.UNDER_WAY: WaitsFor.PARTNERS,
}
_KINDS = ("submit", "take_up", "refer", "advise", "accept")
_WORDS = (
    "ivory", "pangolin", "port", "customs", "laboratory", "training", "ranger", "seizure", "court",
    "timber",
)  # fmt: skip


def fill(number: int) -> tuple[int, int]:
    """Fills an empty database; gives the ids of an ordinary open request and of a heavy one."""
    officers = _officers()
    focal_point = User.objects.create_user("country@example.org", name="Focal point")
    for start in range(0, number, 5_000):
        block = range(start, min(start + 5_000, number))
        with may_write("state", "version"):
            SupportRequest.objects.bulk_create(_requests(block, officers, focal_point))
    _beside(focal_point, officers[0])
    open_ones = SupportRequest.objects.filter(state=RequestState.REFERRED).order_by("-pk")
    heavy = list(open_ones.values_list("pk", flat=True)[:HEAVY])
    for pk in heavy:
        _weigh_down(pk, focal_point)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return open_ones.exclude(pk__in=heavy).values_list("pk", flat=True)[0], heavy[0]


def _officers() -> list[User]:
    desk = Agency.objects.get(is_coordinator=True)
    made = []
    for place in range(OFFICERS):
        officer = User.objects.create_user(f"desk{place}@example.org", name=f"Officer {place}")
        Mandate.objects.create(user=officer, role=Role.OFFICER, agency=desk)
        made.append(officer)
    return made


def _requests(block: range, officers: list[User], author: User) -> list[Any]:
    parties, supports = list(Party.objects.all()), list(Support.objects.all())
    now = timezone.now()
    made = []
    for n in block:
        # A step that shares no factor with a hundred: every stretch holds the whole mix.
        state = _MIX[n * 37 % 100]
        is_open = state not in ENDED
        back = timedelta(days=90) if is_open else timedelta(days=3_650)
        submitted = now - timedelta(days=0 if is_open else 30) - back * ((n * 7919 % 9973) / 9973)
        waits = _WAITS.get(state, WaitsFor.SECRETARIAT) if is_open else WaitsFor.NOBODY
        since = min(submitted + timedelta(days=n % 20), now)
        text = " ".join(_WORDS[(n + place) * 7 % len(_WORDS)] for place in range(60))
        made.append(
            SupportRequest(
                party=parties[n * 13 % len(parties)],
                support=supports[n * 5 % len(supports)],
                reference=f"IC-{submitted.year}-{n:06d}",
                state=state,
                version=5,
                urgency=Urgency.values[0 if n % 10 else n % 3],
                assignee=None if state == RequestState.SUBMITTED else officers[n % OFFICERS],
                created_by=author,
                submitted_at=submitted,
                answers={"situation": text, "asked": text},
                state_since=since,
                waits_for=waits,
                due_at=_due(since, waits, n),
                search_text=f"{text} {text}",
            )
        )
    return made


def _due(since: Any, waits: str, n: int) -> Any:
    """About a third of what is open is late; without a date, whose clock stands still."""
    if waits in {WaitsFor.NOBODY, WaitsFor.COUNTRY}:
        return None
    return timezone.now() + timedelta(days=n % 30 - 10, minutes=n % 977)


# ── what belongs to each request ─────────────────────────────────────────────────────────────


def _beside(author: User, officer: User) -> None:
    """One row of each kind through the ORM for the first request, then copies for all others."""
    first, now = SupportRequest.objects.order_by("pk")[0], timezone.now()
    request = "support_request_id"
    version = RequestVersion.objects.create(
        support_request=first, number=1, answers=first.answers, submitted_by=author
    )
    _copy(version, {request: "r.id", "answers": "r.answers", "submitted_at": "r.submitted_at"})
    for place in range(2):
        letter = Attachment.objects.create(
            support_request=first, kind="letter" if not place else "other", file="x", name="x.pdf",
            content_type="application/pdf", size=1, sha256="0" * 64, added_by=author,
            released_at=now, openness=Openness.AS_REQUEST,
        )  # fmt: skip
        _copy(letter, {request: "r.id"})
    for agency in Agency.objects.filter(is_coordinator=False)[:2]:
        referral = Referral.objects.create(
            support_request=first, agency=agency, note="x" * 200, answer_due_on=now.date()
        )
        still = f"CASE WHEN r.state = 'referred' THEN '{ReferralState.SENT}' ELSE 'delivered' END"
        _copy(
            referral,
            {
                request: "r.id",
                "state": still,
                "sent_at": "r.submitted_at",
                "answered_at": "CASE WHEN r.state <> 'referred' THEN r.state_since END",
            },
        )
    note = Note.objects.create(support_request=first, text="x" * 200, author=officer)
    _copy(note, {request: "r.id"})
    _conversations(first, author, officer)
    _happenings(first)


def _conversations(first: SupportRequest, author: User, officer: User) -> None:
    thread = Thread.objects.create(support_request=first, subject="Ports")
    _copy(thread, {"support_request_id": "r.id"})
    for writer in (officer, author):
        post = Post.objects.create(
            thread=thread, text="x" * 300, language="en", author=writer, body="Kenya"
        )
        _copy(
            post,
            {"thread_id": "r.id"},
            "(SELECT t.id FROM requests_app_thread t JOIN requests_app_supportrequest s "
            "ON s.id = t.support_request_id)",
            thread.pk,
        )


def _happenings(first: SupportRequest) -> None:
    for place, kind in enumerate(_KINDS, start=1):
        event = Event.objects.create(
            subject_type="requests_app.supportrequest", subject_id=first.pk, sequence=place,
            kind=f"requests.{kind}", effective_on=timezone.now().date(),
            recorded_at=first.submitted_at, actor_kind="user", actor_name="Somebody", hash="0" * 64,
            changes={"state": ["submitted", "in_review"], "text": "x" * 200},
        )  # fmt: skip
        _copy(
            event,
            {
                "subject_id": "r.id",
                "recorded_at": f"least(r.submitted_at + interval '{place} days', now())",
                "effective_on": f"(r.submitted_at + interval '{place} days')::date",
            },
        )
    mail = Message.objects.create(
        event=Event.objects.filter(subject_id=first.pk).first(), channel=Channel.EMAIL,
        recipient="user:1", address="country@example.org", language="en", subject="About it",
        text="x" * 400, state=State.SENT, sent_at=timezone.now(),
    )  # fmt: skip
    _copy(
        mail,
        {"event_id": "r.id", "message_id": "gen_random_uuid()::text"},
        "(SELECT id FROM history_event WHERE kind = 'requests.submit')",
        mail.event_id,
    )


def _copy(
    row: models.Model,
    columns: dict[str, str],
    of: str = "requests_app_supportrequest",
    but: int | None = None,
) -> None:
    """The row once more for each row `r` of a table, but for the one it was made for; `columns`
    says in SQL what differs."""
    names = [field.column for field in row._meta.concrete_fields if not field.primary_key]
    values = [columns.get(name, f'm."{name}"') for name in names]
    table, quoted = row._meta.db_table, ", ".join(f'"{name}"' for name in names)
    first = "(SELECT min(id) FROM requests_app_supportrequest)" if but is None else str(but)
    with connection.cursor() as cursor:
        cursor.execute(  # every word of it is written above
            f"INSERT INTO {table} ({quoted}) SELECT {', '.join(values)} "  # noqa: S608
            f"FROM {table} m, {of} r WHERE m.id = {row.pk} AND r.id <> {first}"
        )


def _weigh_down(pk: int, author: User) -> None:
    """Five hundred of everything that is listed on its page."""
    agency = Agency.objects.filter(is_coordinator=False).last()
    declined = [
        Referral(
            support_request_id=pk, agency=agency, note="x", answer="No.",
            answer_due_on=timezone.now(), state=ReferralState.DECLINED,
        )
        for _each in range(MANY)
    ]  # fmt: skip
    with may_write("state"):
        Referral.objects.bulk_create(declined)
    thread = Thread.objects.filter(support_request=pk)[0]
    Post.objects.bulk_create(
        Post(thread=thread, text="x" * 300, language="en", author=author, body="Kenya")
        for _each in range(MANY)
    )
    Thread.objects.bulk_create(
        Thread(support_request_id=pk, subject=f"About {each}") for each in range(MANY)
    )
    Note.objects.bulk_create(
        Note(support_request_id=pk, text="x" * 200, author=author) for _each in range(MANY)
    )
    Event.objects.bulk_create(
        Event(
            subject_type="requests_app.supportrequest", subject_id=pk, sequence=each,
            kind="requests.advise", effective_on=timezone.now().date(),
            recorded_at=timezone.now(), actor_kind="user", actor_name="Somebody", hash="0" * 64,
            changes={"text": "x" * 200},
        )
        for each in range(10, 10 + MANY)
    )  # fmt: skip
