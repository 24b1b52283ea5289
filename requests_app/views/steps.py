"""The steps of a request being written. Whatever was typed is stored or on the page that comes
back: a text too long to be kept, and one that a colleague changed meanwhile, are shown again.

A script may save while somebody types: it sends the same form, and is answered by `autosave`.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from partners import kept_text
from partners.models import User
from requests_app import drafts
from requests_app.completeness import answers_written, steps_for
from requests_app.forms import StepForm
from requests_app.merging import Conflict, fingerprint, stamp_of
from requests_app.models import SupportRequest
from requests_app.questions import BY_KEY, FORMS, Step, in_words, kept, problem_with
from requests_app.views import autosave
from requests_app.views.form_frame import closed, editable_request, place_of, way_on
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
    return _page(request, draft, form, not_saved_yet=form.is_bound)


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
    by_itself = autosave.is_by_itself(request)
    if not draft.can_be_edited:
        return _closed(request, draft)
    if not form.was_sent:
        return render(request, "400.html", {"did_not_arrive": True}, status=400)
    if "take" in request.POST:
        return _take(request, draft, form)
    try:
        written = drafts.write(
            draft, by=request.user, answers=form.answers, seen=form.seen, sheet=form.sheet
        )
    except NotPermitted:
        draft.refresh_from_db()
        return _closed(request, draft)
    draft = written.support_request
    is_held = bool(written.conflicts or written.refused or form.unreadable)
    malformed = {} if request.POST.keys() & {"leave", "back"} else _malformed(form, draft)
    goes_on = not (is_held or malformed)
    if by_itself and not (goes_on and autosave.was_pressed(request)):
        if not is_held:
            kept_text.discard(request)
        return autosave.state_of(request, form, written)
    kept_text.discard(request)
    if goes_on:
        address = way_on(request, draft, found.key)
        return autosave.go_to(address) if by_itself else redirect(address)
    form.look_again(draft)
    for name, sentence in {**malformed, **written.refused}.items():
        form.add_error(name, sentence)
    return _page(request, draft, form, conflicts=written.conflicts, is_saved=not is_held)


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
    """The stored text comes into the field; nothing is written before the next save."""
    taken = request.POST["take"]
    form.put_stored(draft, taken)
    differ = [key for key in request.POST.getlist("differs") if key in form.answers]
    stored = answers_written(draft)
    left = []
    for key in differ:
        typed, stamp = kept(BY_KEY[key], form.answers[key]), stamp_of(draft, key)
        if key != taken and fingerprint(typed) != fingerprint(stored.get(key)):
            left.append(Conflict(key, typed, stored.get(key), stamp.by, stamp.moment))
    return _page(request, draft, form, conflicts=tuple(left), taken=taken)


def _page(
    request: HttpRequest,
    draft: SupportRequest,
    form: StepForm,
    *,
    conflicts: Conflicts = (),
    **more: Any,
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "draft": draft,
        "step": form.step,
        "heading": form.step.heading,
        "place": place_of(request, draft, form.step.key),
        "fields": _fields(form, conflicts, draft.remarks),
        "conflicts": conflicts,
        "saves_by_itself": not conflicts,
        **more,
    }
    status = 409 if conflicts else 200
    return render(request, "requests_app/step.html", context, status=status)


def _fields(
    form: StepForm, conflicts: Conflicts, remarks: "dict[str, str]"
) -> "list[dict[str, Any]]":
    """Each question with what stands beside it: a remark, or what a colleague stored."""
    by_key = {one.key: one for one in conflicts}
    writers = User.objects.in_bulk([one.by for one in conflicts if one.by])
    rows = []
    for question in form.step.questions:
        conflict = by_key.get(question.key)
        row: dict[str, Any] = {"field": form[question.key], "remark": remarks.get(question.key)}
        if conflict:
            row |= {
                "conflict": conflict,
                "stored": in_words(question, conflict.stored),
                "writer": writers.get(conflict.by or 0),
            }
        rows.append(row)
    return rows
