"""Requests, referrals, conversations, the Toolkit's plans, files and assessments: each as far as
its own rule lets the reader see it. The public finds what is public of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from iccwc_portal.search.found import Found, Result, Text
from iccwc_portal.search.terms import Term, Unit
from partners.access import standing
from partners.models.folded import folded
from requests_app.models import Post, Referral, SupportRequest, Thread
from toolkit.models import Assessment, Document, Recommendation

Rows = QuerySet[Any]


@dataclass(frozen=True)
class Case:
    """Rows of one kind that a reader may open and a term is about, and how one is shown."""

    matching: Callable[[Any, Term], Rows]
    result: Callable[[Any], Result]

    def found(self, actor: Any, term: Term, first: int, last: int) -> Found:
        """One query. They are counted beside, so that no column is read for it."""
        rows = self.matching(actor, term)
        count = Func(F("pk"), function="COUNT", output_field=IntegerField())
        total = Subquery(rows.order_by().annotate(of_all=count).values("of_all"))
        page = list(rows.annotate(total=total)[first - 1 : last])
        return Found(page[0].total if page else 0, [self.result(one) for one in page])


# ── Requests and referrals ───────────────────────────────────────────────────────────────────


def _is_about(term: Term, prefix: str = "") -> Q:
    """That a request is: its reference, its Party or what was submitted, as on the desk
    (requests_app.searching). Whoever reads it reads all of that."""
    found = Q(*(_unit_of_request(one, prefix) for one in term.units))
    return Q(**{f"{prefix}reference__contains": term.typed.strip().upper()}) | found


def _unit_of_request(unit: Unit, prefix: str) -> Q:
    found = Q(**{f"{prefix}party__in": unit.parties})
    for stem in unit.stems:
        found |= Q(**{f"{prefix}search_text__contains": stem})
    return found


def _requests(actor: Any, term: Term) -> Rows:
    """An agency finds its referrals instead: their pages are where it works."""
    me = standing(actor)
    visible = SupportRequest.objects.visible_to(actor)
    if not (me.sees_all or me.all_parties):
        return visible.none()
    return visible.filter(_is_about(term)).with_names().in_use_order()


def _request(row: SupportRequest) -> Result:
    said = f"{row.support.name} · {row.party.name} · {row.get_state_display()}"
    when = date_format(row.submitted_at or row.created_at, "DATE_FORMAT")
    return Result(row.get_absolute_url(), Text(row.handle), (Text(said),), when)


def _referrals(actor: Any, term: Term) -> Rows:
    """Of the reader's own agencies: their inbox opens no others."""
    own = Referral.objects.visible_to(actor).filter(agency_id__in=standing(actor).all_agencies)
    found = own.filter(_is_about(term, "support_request__"))
    names = ("agency", "support_request__party", "support_request__support")
    return found.select_related(*names).order_by("-pk")


def _referral(row: Referral) -> Result:
    case = row.support_request
    said = f"{case.support.name} · {case.party.name} · {row.get_state_display()}"
    when = date_format(row.sent_at, "DATE_FORMAT")
    return Result(
        row.get_absolute_url(), Text(f"{case.handle}, {row.agency.name}"), (Text(said),), when
    )


# ── Conversations ────────────────────────────────────────────────────────────────────────────


def _threads(actor: Any, term: Term) -> Rows:
    """Whose subject, or one of whose messages, is about all that was typed."""
    posts = Post.objects.filter(term.within("search_text"), thread=OuterRef("pk"))
    visible = Thread.objects.visible_to(actor)
    found = visible.filter(term.within("search_text", "support_request__party") | Exists(posts))
    said = Subquery(posts.order_by("-pk").values("text")[:1])
    names = ("support_request__party",)
    return found.annotate(said=said).select_related(*names).order_by("-updated_at", "-pk")


def _thread(row: Any) -> Result:
    case = row.support_request
    about = Text(f"{case.handle} · {case.party.name} · {row.get_state_display()}")
    texts = (Text(row.said), about) if row.said else (about,)
    when = date_format(row.updated_at, "DATE_FORMAT")
    return Result(row.get_absolute_url(), Text(row.subject), texts, when)


# ── The Toolkit ──────────────────────────────────────────────────────────────────────────────


def _recommendations(actor: Any, term: Term) -> Rows:
    """Inside they have a page of their own; what is public of a plan stands with the Party."""
    found = Recommendation.objects.visible_to(actor).filter(
        term.within("search_text", "implementation__party")
    )
    inside = Recommendation.objects.inside(actor).filter(pk=OuterRef("pk"))
    return (
        found.annotate(read_inside=Exists(inside))
        .select_related("implementation__party")
        .order_by("-implementation_id", "number")
    )


def _recommendation(row: Any) -> Result:
    party = row.implementation.party
    said = {"party": party.name, "number": row.number}
    title = Text(_("%(party)s, recommendation %(number)d") % said)
    inside = row.get_absolute_url()
    url = inside if row.read_inside else reverse("toolkit:party", args=[party.code.lower()])
    return Result(url, title, (Text(row.text), Text(row.get_part_display())))


def _files(actor: Any, term: Term) -> Rows:
    """Reports, letters and evidence of a cycle, by their titles."""
    found = Document.objects.visible_to(actor).readable()
    here = found.filter(term.within("search_text", "implementation__party"))
    return here.select_related("implementation__party").order_by("-added_at", "-pk")


def _file(row: Document) -> Result:
    cycle = row.implementation
    url = reverse("toolkit:document", args=[cycle.party.code.lower(), cycle.cycle, row.pk])
    when = date_format(row.added_at, "DATE_FORMAT")
    return Result(url, Text(row.title), (Text(cycle.party.name),), when)


def _assessments(actor: Any, term: Term) -> Rows:
    """By the Party and the instrument: scores and contacts are read on the page alone."""
    found = Assessment.objects.inside(actor)
    for unit in term.units:
        names = [one for one, words in _instruments().items() if unit.is_in(words)]
        found = found.filter(Q(party__in=unit.parties) | Q(instrument__in=names))
    return found.select_related("party").order_by("-held_on", "-pk")


def _instruments() -> dict[str, str]:
    """By instrument, its folded name in the three languages, and the word for an assessment."""
    field = Assessment._meta.get_field("instrument")
    words: dict[str, list[str]] = {key: [] for key, _label in field.flatchoices}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            for key, label in field.flatchoices:
                words[key] += [str(label), str(Assessment._meta.verbose_name)]
    return {key: folded(" ".join(some)) for key, some in words.items()}


def _assessment(row: Assessment) -> Result:
    url = reverse("country_assessment", args=[row.party.code.lower(), row.pk])
    title = f"{row.party.name}: {row.get_instrument_display()}"
    return Result(url, Text(title), (Text(row.get_state_display()),), row.when_in_words)


REQUESTS = Case(_requests, _request)
REFERRALS = Case(_referrals, _referral)
THREADS = Case(_threads, _thread)
RECOMMENDATIONS = Case(_recommendations, _recommendation)
FILES = Case(_files, _file)
ASSESSMENTS = Case(_assessments, _assessment)
