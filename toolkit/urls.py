from django.urls import path

from toolkit.views import party
from toolkit.views import tracker as views

app_name = "toolkit"

urlpatterns = [
    path("", views.table, name="table"),
    path("table.csv", views.table_csv, name="table_csv"),
    path("table.json", views.table_json, name="table_json"),
    path("<slug:code>/", party.party, name="party"),
    path("<slug:code>/<int:cycle>/<slug:action>/", views.implementation_action, name="action"),
    path(
        "<slug:code>/<int:cycle>/<int:step>/<slug:action>/", views.step_action, name="step_action"
    ),
]
