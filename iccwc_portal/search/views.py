"""The page of the search: everything at once, or one kind page by page."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from iccwc_portal.search import sources, terms
from partners.calling_from import address_of, neighbourhood
from partners.models.folded import folded
from partners.rates import Rate, Taken, take
from requests_app.searching import LONGEST_TERM, MOST_WORDS

RATE = Rate(60, 60)  # searches of one person or place in so many seconds
_SHORTEST = 2  # letters
_LAST_PAGE = 25  # whoever wants more says more
_PAGES = frozenset(map(str, range(1, _LAST_PAGE + 1)))


class Asked(forms.Form):
    """The parameters of the address. What was typed stays in the box, whatever is wrong with it."""

    q = forms.CharField(label=gettext_lazy("Search"), required=False)
    kind = forms.CharField(required=False)
    page = forms.CharField(required=False)

    def clean_q(self) -> str:
        typed: str = self.cleaned_data["q"]
        words = folded(typed).split()
        if len(typed) > LONGEST_TERM:
            sentence = _("Shorten it to %(most)d characters: %(number)d are too many.")
            said = {"most": LONGEST_TERM, "number": len(typed)}
            raise forms.ValidationError(sentence % said)
        if len(words) > MOST_WORDS:
            sentence = _("Search for at most %(most)d words at a time: these are %(number)d.")
            raise forms.ValidationError(sentence % {"most": MOST_WORDS, "number": len(words)})
        if typed and len("".join(words)) < _SHORTEST:
            raise forms.ValidationError(_("Type at least two letters or numbers."))
        return typed

    def clean_kind(self) -> str:
        kind: str = self.cleaned_data["kind"]
        if kind and kind not in sources.LABELS:
            raise forms.ValidationError(_("There is no such kind of results."))
        return kind

    def clean_page(self) -> int:
        page: str = self.cleaned_data["page"] or "1"
        if page not in _PAGES:
            sentence = _("Pages of results go from 1 to %(last)d. Search for more words instead.")
            raise forms.ValidationError(sentence % {"last": _LAST_PAGE})
        return int(page)


@never_cache
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    form = Asked(request.GET)
    context: dict[str, Any] = {"form": form, "typed": request.GET.get("q", "")}
    status = HTTPStatus.OK
    if not form.is_valid():
        status = HTTPStatus.BAD_REQUEST
    elif form.cleaned_data["q"]:
        taken = take("searches", _who(request), RATE)
        if taken.is_over:
            return _not_now(request, context, taken)
        context |= _found(request, form.cleaned_data)
    return _answer(request, context, status)


def _found(request: HttpRequest, asked: dict[str, Any]) -> dict[str, Any]:
    term = terms.read(asked["q"], request.user)
    if asked["kind"]:
        groups = [sources.search_one(request.user, term, asked["kind"], asked["page"])]
    else:
        groups = sources.search(request.user, term)
    shown = [(one, [result.shown(term) for result in one.found.results]) for one in groups]
    total = sum(one.found.total for one in groups)
    is_last = asked["page"] * sources.MANY >= total or asked["page"] == _LAST_PAGE
    return {
        "groups": shown,
        "kind": asked["kind"],
        "page": asked["page"],
        "next_page": 0 if is_last or not asked["kind"] else asked["page"] + 1,
        "total": total,
        "last_row": sources.MANY * _LAST_PAGE,
        "counted": _counted(total, any(one.found.is_more for one in groups)),
    }


def _counted(total: int, is_more: bool) -> str:
    if is_more:
        return _("More than %(n)d results") % {"n": total}
    return ngettext("%(n)d result", "%(n)d results", total) % {"n": total}


def _who(request: HttpRequest) -> str:
    if request.user.is_authenticated:
        return f"user-{request.user.pk}"
    return f"address-{neighbourhood(address_of(request))}"


def _not_now(request: HttpRequest, context: dict[str, Any], taken: Taken) -> HttpResponse:
    """What was typed stays in the box."""
    sentence = _("More than %(number)d searches in a minute. Try again in %(wait)d seconds.")
    said = {"number": taken.rate.number, "wait": taken.ends_in}
    answer = _answer(request, {**context, "not_now": sentence % said}, HTTPStatus.TOO_MANY_REQUESTS)
    answer["Retry-After"] = str(taken.ends_in)
    return answer


def _answer(request: HttpRequest, context: dict[str, Any], status: int) -> HttpResponse:
    """Pages of results are not for search engines: what they lead to is."""
    answer = render(request, "portal/search.html", context, status=status)
    answer["X-Robots-Tag"] = "noindex"
    return answer
