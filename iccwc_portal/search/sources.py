"""Everything that is searched: the one list of kinds, and by which rule each is read.

A kind is found as its pages are read: through `visible_to` or `inside` of its own model. People,
mandates, invitations, keys, webhooks and focal points of networks are searched by nobody here.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from iccwc_portal.search import cases, fixed, listed, records
from iccwc_portal.search.cases import Case
from iccwc_portal.search.found import Found
from iccwc_portal.search.listed import Entry
from iccwc_portal.search.terms import Term
from partners.access import NOBODY, standing

NOTHING = Found(0, ())
FEW, MANY = 4, 20  # results of each kind together, and of one kind on a page


@dataclass(frozen=True)
class Group:
    """What was found of one kind."""

    key: str
    label: Any
    found: Found


# In the order of the page. What is few is read whole, the rest is looked for in the database.
_LISTED: Mapping[str, Callable[[Any], Iterable[Entry]]] = {
    "pages": fixed.pages,
    "networks": listed.networks,
    "supports": listed.supports,
}
_PARTIES, _AGENCIES, _OFFICES = "parties", "agencies", "offices"
_RECORDS = {one.key: one for one in records.KINDS}
_FOR_ALL: Mapping[str, Case] = {"recommendations": cases.RECOMMENDATIONS, "files": cases.FILES}
_FOR_SOME: Mapping[str, Case] = {
    "requests": cases.REQUESTS,
    "referrals": cases.REFERRALS,
    "conversations": cases.THREADS,
    "assessments": cases.ASSESSMENTS,
}
LABELS: Mapping[str, Any] = {
    _PARTIES: _("Countries"),
    "requests": _("Requests"),
    "referrals": _("Inbox"),
    "conversations": _("Conversations"),
    "pages": _("Pages"),
    _AGENCIES: _("Agencies"),
    _OFFICES: _("Offices"),
    "networks": _("Enforcement networks"),
    **{one.key: one.label for one in records.KINDS},
    "supports": _("Kinds of support"),
    "recommendations": _("Recommendations of action plans"),
    "files": _("Files of the Toolkit"),
    "assessments": _("Assessments"),
}


def search(actor: Any, term: Term) -> list[Group]:
    """The first few of every kind of which something was found."""
    got = _all(actor, term, LABELS, 1, FEW)
    return [Group(key, label, got[key]) for key, label in LABELS.items() if got[key].total]


def search_one(actor: Any, term: Term, key: str, page: int) -> Group:
    """A page of one kind."""
    first = (page - 1) * MANY + 1
    got = _all(actor, term, {key}, first, first + MANY - 1)
    return Group(key, LABELS[key], got[key])


def _all(actor: Any, term: Term, keys: Any, first: int, last: int) -> dict[str, Found]:
    got = dict.fromkeys(keys, NOTHING)
    stretch = (term, first, last)
    if _PARTIES in got:
        got[_PARTIES] = listed.parties(*stretch)
    for key, read in _LISTED.items():
        if key in got:
            got[key] = listed.matching(read(actor), *stretch)
    if {_AGENCIES, _OFFICES} & got.keys():
        both = zip((_AGENCIES, _OFFICES), listed.agencies_and_offices(actor), strict=True)
        got |= {key: listed.matching(some, *stretch) for key, some in both if key in got}
    wanted = [one for key, one in _RECORDS.items() if key in got]
    if wanted:
        got |= records.found(wanted, actor, *stretch)
    for key, case in _cases_of(actor).items():
        if key in got:
            got[key] = case.found(actor, *stretch)
    return got


def _cases_of(actor: Any) -> dict[str, Case]:
    """Who stands nowhere has no requests: nothing is asked about them."""
    known = standing(actor) != NOBODY
    return {**_FOR_ALL, **(_FOR_SOME if known else {})}
