"""Each night a look at every address to which a record leads.

One that gave nothing is marked for editors from the first night on; it counts as dead after as
many nights as `GIVEN_UP`, since hosts are away for a while and come back. One that answers again
is alive at once.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from record.link_visits import Found, visit
from record.links import in_use
from record.models import CheckedLink

GIVEN_UP = 3  # nights in vain, one after the other
A_NIGHT = timedelta(hours=20)  # between two looks: a night counts once
AT_ONCE = 300
LONGEST_ANSWER = 200
SEVERAL = 3  # hosts
_NOT_REACHED = frozenset({"unreachable", "timeout"})

_SENTENCES: dict[str, "str | Promise"] = {
    "status": gettext_lazy("The host answered %(detail)s."),
    "timeout": gettext_lazy("The host did not answer in time."),
    "unreachable": gettext_lazy("No connection could be made."),
    "address": gettext_lazy("The name leads to %(detail)s, which is no public address."),
    "certificate": gettext_lazy("The certificate of the host does not prove its name."),
    "protocol": gettext_lazy("What came back is not HTTP, or was cut off."),
}


def in_words(answer: str) -> str:
    """The sentence for what a visit found; empty for nothing."""
    code, _space, detail = answer.partition(" ")
    sentence = _SENTENCES.get(code)
    if sentence is None:
        return _("It failed: %(why)s.") % {"why": answer} if answer else ""
    return str(sentence) % {"detail": detail}


def look(seconds: float) -> int:
    """Look at what this night has not seen yet, for as long as that; how many addresses."""
    follow_records()
    due = list(_due()[:AT_ONCE])
    by_url = {link.url: link for link in due}
    found = visit(by_url, seconds)
    if _is_cut_off(found):
        return 0
    note((by_url[one.url], one) for one in found)
    return len(found)


def _is_cut_off(found: list[Found]) -> bool:
    """Several hosts, and none of them was reached: it is this side that is away, and no link of
    theirs is in doubt because of it. The next turn looks again."""
    hosts = {urlsplit(one.url).hostname for one in found}
    return len(hosts) >= SEVERAL and all(one.answer in _NOT_REACHED for one in found)


def follow_records() -> None:
    """A row for every address to which a record leads, and for no other."""
    wanted = in_use()
    known = dict(CheckedLink.objects.values_list("url", "pk"))
    new = (CheckedLink(url=url) for url in sorted(wanted - known.keys()))
    CheckedLink.objects.bulk_create(new, ignore_conflicts=True, batch_size=200)
    gone = [pk for url, pk in known.items() if url not in wanted]
    CheckedLink.objects.filter(pk__in=gone).delete()


def _due() -> "QuerySet[CheckedLink]":
    before = timezone.now() - A_NIGHT
    rows = CheckedLink.objects.filter(Q(checked_at=None) | Q(checked_at__lt=before))
    return rows.order_by(F("checked_at").asc(nulls_first=True), "pk")


def note(found: "Iterable[tuple[CheckedLink, Found]]") -> None:
    """Two workers that looked at the same time count one night: the second finds the row newer."""
    now = timezone.now()
    with transaction.atomic():
        for link, one in found:
            rows = CheckedLink.objects.filter(pk=link.pk, checked_at=link.checked_at)
            rows.update(
                checked_at=now, answer=one.answer[:LONGEST_ANSWER], **_after(link, one, now)
            )


def _after(link: CheckedLink, one: Found, now: datetime) -> dict[str, int | datetime | None]:
    if one.is_there:
        return {"failures": 0, "dead_since": None}
    failures = min(link.failures + 1, 9999)
    is_dead = failures >= GIVEN_UP
    return {"failures": failures, "dead_since": link.dead_since or (now if is_dead else None)}
