from django.urls import path

from requests_app.views import (
    beginning,
    checking,
    copies,
    detail,
    documents,
    lists,
    messages,
    overview,
    pdf,
    status,
    steps,
    support,
)

app_name = "requests"

urlpatterns = [
    path("", lists.request_list, name="list"),
    path("new/", beginning.request_new, name="new"),
    path("<slug:handle>/", status.request_detail, name="detail"),
    path("<slug:handle>/edit/", overview.overview, name="edit"),
    path("<slug:handle>/edit/support/", support.support_step, name="support"),
    path("<slug:handle>/edit/check/", checking.check, name="check"),
    path("<slug:handle>/edit/documents/", documents.documents_step, name="documents"),
    path("<slug:handle>/edit/<slug:key>/", steps.step, name="step"),
    path("<slug:handle>/submitted/", checking.submitted, name="submitted"),
    path("<slug:handle>/actions/<slug:action>/", detail.request_action, name="action"),
    path("<slug:handle>/copies/<int:number>.pdf", pdf.copy_pdf, name="copy_pdf"),
    path("<slug:handle>/copy/", copies.request_copy, name="copy"),
    path("<slug:handle>/messages/<int:pk>/", messages.thread_page, name="thread"),
    path("<slug:handle>/messages/<int:pk>/read/", messages.thread_read, name="thread_read"),
    path(
        "<slug:handle>/messages/<int:pk>/actions/<slug:action>/",
        messages.thread_action,
        name="thread_action",
    ),
    path("<slug:handle>/attachments/<int:pk>/", detail.attachment, name="attachment"),
]
