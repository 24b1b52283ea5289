from django.urls import path

from requests_app.views import inbox

app_name = "inbox"

urlpatterns = [
    path("", inbox.inbox_list, name="list"),
    path("<int:pk>/", inbox.inbox_detail, name="detail"),
    path("<int:pk>/actions/<slug:action>/", inbox.inbox_action, name="action"),
]
