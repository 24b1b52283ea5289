"""The steps of a request being written. Whatever was typed is stored or on the page that comes
back: a text too long to be kept, and one that a colleague changed meanwhile, are shown again.

A script may save while somebody types: it sends the same form, and is answered by `autosave`.
"""

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from partners import kept_text
from partners.models import User
from requests_app import drafts
from requests_app.completeness import answers_written, steps_for
from requests_app.forms import StepForm
from requests_app.merging import Conflict
from requests_app.models import SupportRequest
from requests_app.questions import FORMS, Step, in_words, problem_with
from requests_app.typed import OWN
from requests_app.views import autosave
from requests_app.views.form_frame import (
    address_behind,
    closed,
    editable_request,
    place_of,
    way_on,
)
from requests_app.views.too_late import too_late
from workflow.errors import NotPermitted

Conflicts = tuple[Conflict, ...]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@kept_text.keeps_typed_text
def step(request: HttpRequest, handle: str, key: str) -> HttpResponse:
    draft = editable_request(request, handle)
    found = _step_of(draft, key)
    if request.method == "POST":
        return _post(request, draft, found)
    typed = kept_text.kept_for(request)
    if not draft.can_be_edited:
        return too_late(request, draft, typed) if typed else closed(request, draft)
    if typed is None and found not in steps_for(draft):  # another kind of support was chosen
        return redirect("requests:edit", draft.handle)
    form = StepForm(found, draft, typed)
    if typed is None:
        return _page(request, draft, form)
    form.is_valid()
    undecided = form.differing(draft, typed.getlist("differs"))
    return _page(request, draft, form, conflicts=undecided, not_saved_yet=True, sent=typed)


def _step_of(draft: SupportRequest, key: str) -> Step:
    """The step as this kind of support has it; else as another has it, for an older page."""
    known = (*steps_for(draft), *(one for steps in FORMS.values() for one in steps))
    found = next((one for one in known if one.key == key), None)
    if found is None:
        raise Http404
    return found


def _post(request: HttpRequest, draft: SupportRequest, found: Step) -> HttpResponse:
    form = StepForm(found, draft, request.POST)
    form.is_valid()
    if not draft.can_be_edited:
        return _closed(request, draft)
    if not form.was_sent:
        return render(request, "400.html", {"did_not_arrive": True}, status=400)
    if "take" in request.POST:
        return _take(request, draft, form)
    # Where a colleague's text stands beside it, only the button that says so stores what was typed.
    held = [] if "onwards" in request.POST else request.POST.getlist("differs")
    answers = {key: answer for key, answer in form.answers.items() if key not in held}
    try:
        written = drafts.write(
            draft, by=request.user, answers=answers, seen=form.seen, sheet=form.sheet
        )
    except NotPermitted:
        draft.refresh_from_db()
        return _closed(request, draft)
    undecided = form.differing(written.support_request, held)
    written = replace(written, conflicts=(*written.conflicts, *undecided))
    return _answer(request, form, written, is_undecided=bool(undecided))


def _answer(
    request: HttpRequest, form: StepForm, written: drafts.Written, *, is_undecided: bool
) -> HttpResponse:
    """After the writing: on to the next page, or this one again with what stands in the way."""
    draft, key = written.support_request, form.step.key
    by_itself = autosave.is_by_itself(request)
    is_held = bool(written.conflicts or written.refused or form.unreadable)
    malformed = {} if request.POST.keys() & {"leave", "back"} else _malformed(form, draft)
    goes_on = not (is_held or malformed)
    if by_itself and not (goes_on and autosave.was_pressed(request)):
        if not is_held:
            kept_text.discard(request)
        return autosave.state_of(request, form, written)
    kept_text.discard(request)
    if goes_on:
        address = way_on(request, draft, key)
        return autosave.go_to(address) if by_itself else redirect(address)
    form.look_again(draft)
    for name, sentence in {**malformed, **written.refused}.items():
        form.add_error(name, sentence)
    return _page(
        request,
        draft,
        form,
        conflicts=written.conflicts,
        is_saved=not is_held,
        leads_to=address_behind(request, draft, key) if is_undecided else "",
    )


def _closed(request: HttpRequest, draft: SupportRequest) -> HttpResponse:
    if autosave.is_by_itself(request):
        return autosave.closed_state(request, draft)
    return too_late(request, draft, request.POST)


def _malformed(form: StepForm, draft: SupportRequest) -> dict[str, str]:
    """Sentences by question about answers that are stored, and that no submission accepts."""
    stored = answers_written(draft)
    said = {one.key: problem_with(one, stored.get(one.key)) for one in form.step.questions}
    return {key: sentence for key, sentence in said.items() if sentence}


def _take(request: HttpRequest, draft: SupportRequest, form: StepForm) -> HttpResponse:
    """The stored text comes into the field, the writer's own stays under it; nothing is written
    before the next save."""
    taken = request.POST["take"]
    left = [key for key in request.POST.getlist("differs") if key != taken]
    sent = request.POST.copy()
    if question := form.question(taken):
        for own in form.differing(draft, [taken]):
            sent[f"{OWN}{taken}"] = in_words(question, own.typed)
        form.put_stored(draft, taken)
    conflicts = form.differing(draft, left)
    return _page(request, draft, form, conflicts=conflicts, taken=taken, sent=sent)


def _page(
    request: HttpRequest,
    draft: SupportRequest,
    form: StepForm,
    *,
    conflicts: Conflicts = (),
    sent: QueryDict | None = None,
    **more: Any,
) -> HttpResponse:
    """The step; `sent` holds what was sent with the form, if not this request itself does."""
    context: dict[str, Any] = {
        "form": form,
        "draft": draft,
        "step": form.step,
        "heading": form.step.heading,
        "place": place_of(request, draft, form.step.key),
        "fields": _fields(form, conflicts, draft.remarks, sent or request.POST),
        "conflicts": conflicts,
        "saves_by_itself": not conflicts,
        **more,
    }
    status = 409 if conflicts else 200
    return render(request, "requests_app/step.html", context, status=status)


def _fields(
    form: StepForm, conflicts: Conflicts, remarks: "dict[str, str]", sent: QueryDict
) -> "list[dict[str, Any]]":
    """Each question with what stands beside it: a remark, what a colleague stored, or the
    writer's own text where the stored one was taken."""
    by_key = {one.key: one for one in conflicts}
    writers = User.objects.in_bulk([one.by for one in conflicts if one.by])
    rows = []
    for question in form.step.questions:
        conflict = by_key.get(question.key)
        row: dict[str, Any] = {"field": form[question.key], "remark": remarks.get(question.key)}
        row["own_name"] = f"{OWN}{question.key}"
        row["own"] = sent.get(row["own_name"], "")
        if conflict:
            row |= {
                "conflict": conflict,
                "stored": in_words(question, conflict.stored),
                "writer": writers.get(conflict.by or 0),
            }
        rows.append(row)
    return rows
