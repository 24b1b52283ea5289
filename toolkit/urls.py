from django.urls import path

from toolkit.views import changes, feed, files, party, steps, totals, trace
from toolkit.views import map as map_page
from toolkit.views import tracker as views

app_name = "toolkit"

urlpatterns = [
    path("", views.table, name="table"),
    path("table.csv", files.table, {"ending": "csv"}, name="table_csv"),
    path("table.json", files.table, {"ending": "json"}, name="table_json"),
    path("table.xlsx", files.table, {"ending": "xlsx"}, name="table_xlsx"),
    path("table.geojson", files.table, {"ending": "geojson"}, name="table_geojson"),
    path("observations.csv", files.observations, name="observations_csv"),
    path("changes/", changes.page, name="changes"),
    path("changes.csv", changes.file, {"ending": "csv"}, name="changes_csv"),
    path("changes.json", changes.file, {"ending": "json"}, name="changes_json"),
    path("figures/<slug:name>/", trace.figure, name="figure"),
    path("feed.atom", feed.atom, name="feed"),
    path("map.svg", map_page.svg, name="map"),
    path("totals/", totals.page, name="totals"),
    path("totals.csv", totals.file, {"ending": "csv"}, name="totals_csv"),
    path("totals.json", totals.file, {"ending": "json"}, name="totals_json"),
    path("waiting/", steps.waiting_page, name="waiting"),
    path("<slug:code>/", party.party, name="party"),
    path("<slug:code>/<int:cycle>/<int:step>/", steps.step_page, name="step"),
    path("<slug:code>/<int:cycle>/documents/<int:pk>/", steps.document, name="document"),
    path("<slug:code>/<int:cycle>/<slug:action>/", steps.implementation_action, name="action"),
    path(
        "<slug:code>/<int:cycle>/<int:step>/<slug:action>/", steps.step_action, name="step_action"
    ),
]
