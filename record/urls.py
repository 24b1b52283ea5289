"""Addresses of the public record."""

from django.urls import path

from record.views import library, networks, operations, recognition

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
    path("documents/", library.table, name="library"),
    path("documents/<slug:slug>/", library.one, name="document"),
]
