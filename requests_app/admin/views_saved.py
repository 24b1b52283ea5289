"""The page of one's saved views: keep what the list shows, give another name, delete."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from requests_app.admin.export import LIST
from requests_app.models import SavedView
from requests_app.saved_views import ViewForm, views_of

PAGE = "admin:requests_app_supportrequest_views"


def saved_views_page(admin: Any, request: HttpRequest) -> HttpResponse:
    """GET lists them; POST keeps a new one and opens it."""
    owner: Any = request.user
    form = None
    if request.method == "POST":
        form = ViewForm(request.POST, owner=owner)
        if form.is_valid() and form.keep():
            said = _("The view “%(name)s” is kept. It stands beside every page of the desk.")
            messages.success(request, said % {"name": form.cleaned_data["name"]})
            return redirect(f"{reverse(LIST)}?{form.cleaned_data['query']}")
    return _page(admin, request, form)


def saved_view_page(admin: Any, request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Give one of one's own views another name, or delete it."""
    if what not in {"rename", "delete"}:
        raise Http404
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    owner: Any = request.user
    view = get_object_or_404(views_of(owner), pk=pk)
    if what == "delete":
        view.delete()
        messages.success(request, _("The view “%(name)s” is deleted.") % {"name": view.name})
        return redirect(PAGE)
    form = ViewForm(request.POST, owner=owner, view=view, prefix=f"view{pk}")
    if form.is_valid() and form.keep():
        messages.success(request, _("The view is called “%(name)s” now.") % {"name": view.name})
        return redirect(PAGE)
    return _page(admin, request, form)


def _page(admin: Any, request: HttpRequest, form: ViewForm | None) -> HttpResponse:
    """`form` was refused: it stands where it came from, with what was typed."""
    owner: Any = request.user
    rows = [(one, _naming(one, owner, form)) for one in views_of(owner)]
    frame = admin.admin_site.each_context(request) | {
        "title": _("Saved views"),
        "opts": admin.opts,
        "form": form,
        "is_new": form is not None and form.view is None,
        "rows": rows,
        "list": reverse(LIST),
    }
    return TemplateResponse(request, "admin/requests_app/saved_views.html", frame)


def _naming(view: SavedView, owner: Any, form: ViewForm | None) -> ViewForm:
    if form is not None and form.view == view:
        return form
    called = {"name": view.name}
    return ViewForm(owner=owner, view=view, prefix=f"view{view.pk}", initial=called)
