"""Another kind of support for a request that was begun: the answers given stay."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from partners import kept_text
from requests_app import drafts
from requests_app.completeness import questions_for
from requests_app.models import SupportRequest
from requests_app.questions import BY_KEY
from requests_app.support_forms import SupportForm
from requests_app.views.form_frame import SUPPORT, closed, editable_request, place_of, way_on
from requests_app.views.too_late import too_late
from requests_app.working_copy import support_written
from workflow.errors import NotPermitted


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@kept_text.keeps_typed_text
def support_step(request: HttpRequest, handle: str) -> HttpResponse:
    draft = editable_request(request, handle)
    if not draft.can_be_edited:
        is_post = request.method == "POST"
        return too_late(request, draft, request.POST) if is_post else closed(request, draft)
    if request.method != "POST":
        return _page(request, draft, SupportForm(draft, kept_text.kept_for(request)))
    form = SupportForm(draft, request.POST)
    if not form.is_valid():
        return _page(request, draft, form)
    answers = {SUPPORT: form.cleaned_data[SUPPORT].key}
    seen = {SUPPORT: form.cleaned_data["seen-support"]}
    try:
        written = drafts.write(draft, by=request.user, answers=answers, seen=seen, sheet=form.sheet)
    except NotPermitted:
        draft.refresh_from_db()
        return too_late(request, draft, request.POST)
    kept_text.discard(request)
    draft = written.support_request
    if written.conflicts:
        name = support_written(draft).name
        sentence = _("A colleague has meanwhile chosen “%(name)s”. Choose once more, then save.")
        form = SupportForm(draft)
        messages.warning(request, sentence % {"name": name})
        return _page(request, draft, form, status=409)
    _say_what_is_set_aside(request, draft)
    return redirect(way_on(request, draft, SUPPORT))


def set_aside(draft: SupportRequest) -> list[str]:
    """The questions that were answered and that this kind of support does not ask."""
    asked = {question.key for question in questions_for(draft)}
    return [
        str(question.label)
        for key, question in BY_KEY.items()
        if draft.answers.get(key) and key not in asked
    ]


def _say_what_is_set_aside(request: HttpRequest, draft: SupportRequest) -> None:
    labels = set_aside(draft)
    if labels:
        sentence = _(
            "Kept, but not asked for with this kind of support and not sent: %(questions)s"
        )
        messages.info(request, sentence % {"questions": " · ".join(labels)})


def _page(
    request: HttpRequest, draft: SupportRequest, form: SupportForm, status: int = 200
) -> HttpResponse:
    context = {"form": form, "draft": draft, "place": place_of(request, draft, SUPPORT)}
    return render(request, "requests_app/support.html", context, status=status)
