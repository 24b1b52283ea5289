from django.urls import path

from requests_app.views import detail, drafting, lists

app_name = "requests"

urlpatterns = [
    path("", lists.request_list, name="list"),
    path("new/", drafting.request_new, name="new"),
    path("<slug:handle>/", detail.request_detail, name="detail"),
    path("<slug:handle>/edit/", drafting.request_edit, name="edit"),
    path("<slug:handle>/actions/<slug:action>/", detail.request_action, name="action"),
    path("<slug:handle>/attachments/<int:pk>/", detail.attachment, name="attachment"),
]
