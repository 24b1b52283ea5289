"""The documents of a request being written: added several at a time, taken off one by one.

A script may send each file on its own, with the header "X-Part: list". It is answered with the
list alone, or with a sentence about the file and status 422.
"""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from partners.desk import id_in
from partners.kept_text import keeps_typed_text, say_what_was_lost
from requests_app import attaching, drafts
from requests_app.document_form import DocumentForm
from requests_app.models import Attachment, SupportRequest
from requests_app.views.form_frame import DOCUMENTS, closed, editable_request, place_of, way_on
from workflow.errors import InvalidInput, NotPermitted

_PART = "X-Part"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@keeps_typed_text
def documents_step(request: HttpRequest, handle: str) -> HttpResponse:
    draft = editable_request(request, handle)
    if request.method == "POST":
        return _post(request, draft)
    if _asks_for_part(request):
        return _list(request, draft)
    if not draft.can_be_edited:
        return closed(request, draft)
    say_what_was_lost(request)
    return _page(request, draft, DocumentForm(draft))


def _post(request: HttpRequest, draft: SupportRequest) -> HttpResponse:
    form = DocumentForm(draft, request.POST, request.FILES)
    form.is_valid()
    try:
        if "remove" in request.POST:
            return _take_off(request, draft)
        attached = form.attach(by=request.user)
    except NotPermitted as refusal:
        if _asks_for_part(request):
            return _sentence(refusal.sentence)
        return _page(request, draft, form, is_closed=True)
    draft.refresh_from_db()
    if _asks_for_part(request):
        said = " ".join(str(one) for name in form.errors for one in form.errors[name])
        return _sentence(said) if said else _list(request, draft)
    refused = form.not_attached(request.POST.getlist("refused"))
    if form.errors:
        return _page(request, draft, form, attached=attached, refused=refused)
    if refused:
        names = _("Not attached: %(names)s") % {"names": " · ".join(refused)}
        messages.warning(request, names)
    if "stay" in request.POST:
        return redirect(request.get_full_path())
    return redirect(way_on(request, draft, DOCUMENTS))


def _take_off(request: HttpRequest, draft: SupportRequest) -> HttpResponse:
    """Take one file off; one that is gone already, by a second click, is nobody's mistake."""
    key = id_in(request.POST["remove"])
    found = draft.attachments.filter(pk=key).first() if key is not None else None
    try:
        if found:
            drafts.detach(found, by=request.user)
            sentence = _("“%(name)s” was taken off the request.")
            messages.success(request, sentence % {"name": found.name})
    except InvalidInput as refusal:
        messages.error(request, " ".join(one for said in refusal.fields.values() for one in said))
    return redirect(request.get_full_path())


# ── answers ──────────────────────────────────────────────────────────────────────────────────


def _asks_for_part(request: HttpRequest) -> bool:
    return request.headers.get(_PART) == "list"


def _list(request: HttpRequest, draft: SupportRequest) -> HttpResponse:
    answer = render(request, "requests_app/_document_lists.html", _files(draft))
    answer[_PART] = "list"  # a script can tell it from the page for signing in
    return answer


def _sentence(sentence: str) -> HttpResponse:
    return HttpResponse(sentence, status=422, content_type="text/plain; charset=utf-8")


def _page(
    request: HttpRequest,
    draft: SupportRequest,
    form: DocumentForm,
    *,
    attached: "list[Attachment] | None" = None,
    refused: "list[str] | None" = None,
    is_closed: bool = False,
) -> HttpResponse:
    context = {
        **_files(draft),
        "form": form,
        "attached": attached,
        "refused": refused,
        "is_closed": is_closed,
        "place": place_of(request, draft, DOCUMENTS),
        "too_large": attaching.too_large("{name}"),
        "most_bytes": settings.ATTACHMENT_MAX_BYTES,
    }
    status = 409 if is_closed else 200
    return render(request, "requests_app/documents.html", context, status=status)


def _files(draft: SupportRequest) -> dict[str, object]:
    files = list(draft.attachments.all())
    removable = set(drafts.removable(draft).values_list("pk", flat=True))
    rows = [(file, file.pk in removable and draft.can_be_edited) for file in files]
    letter = Attachment.AttachmentKind.LETTER
    letters = [row for row in rows if row[0].kind == letter]
    others = [row for row in rows if row[0].kind != letter]
    return {"draft": draft, "lists": {"letter": letters, "others": others}}
