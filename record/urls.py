"""Addresses of the public record."""

from django.urls import path

from record.views import activities, agencies, library, networks, news, operations, recognition

app_name = "record"

urlpatterns = [
    path("recognition/", recognition.table, name="recognition"),
    path("recognition.csv", recognition.csv, name="recognition_csv"),
    path("recognition/<slug:slug>/", recognition.one, name="recognition_one"),
    path("operations/", operations.table, name="operations"),
    path("operations.csv", operations.csv, name="operations_csv"),
    path("operations/<slug:slug>/", operations.one, name="operation"),
    path("networks/", networks.table, name="networks"),
    path("networks/meetings/<slug:slug>/", networks.meeting, name="meeting"),
    path("networks/<slug:slug>/", networks.one, name="network"),
    path("news/", news.table, name="news"),
    path("news/feed.atom", news.atom, name="feed"),
    path("news/pictures/<slug:sha256>.webp", news.picture, name="picture"),
    path(
        "news/pictures/<slug:sha256>/small.webp",
        news.picture,
        {"size": "small"},
        name="picture_small",
    ),
    path("news/<slug:slug>/", news.one, name="news_one"),
    path("documents/", library.table, name="library"),
    path("documents/<slug:slug>/", library.one, name="document"),
    path("documents/<slug:slug>/<slug:language>/", library.file, name="document_file"),
    path("partners/network/", agencies.network, name="offices"),
    path("partners/network.csv", agencies.network_csv, name="offices_csv"),
    path("partners/<slug:code>/", agencies.one, name="agency"),
    path("activities/", activities.table, name="activities"),
    path("activities/map/<slug:sheet>/", activities.sheet, name="activities_sheet"),
    path("activities/<slug:slug>/", activities.one, name="activity"),
]
