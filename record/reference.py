"""The public record as documents give it: recognition, operations, meetings, the library.

Rows are kept by their address: what an officer edited stays. Those that rest on no source at hand
come as drafts, and stay out of sight until somebody confirms them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from partners.models import Agency, Network, Party
from partners.reference_rows import Kind, Tally, cited, keep, rows, sources
from record.models import (
    Activity,
    ActivityPlace,
    Confidence,
    Document,
    DocumentVersion,
    GlobalMeeting,
    NetworkAssessment,
    NewsItem,
    Operation,
    OperationFigure,
    Recognition,
    Record,
    Series,
)
from record.workflow import load_published
from requests_app.models import Support

_DATES = ("effective_on", "starts_on", "ends_on", "dated_on", "event_from", "event_until")


def _said(row: dict[str, Any]) -> dict[str, Any]:
    """Columns of a row: dates as dates, sources as people read them, with the first address."""
    keys = row.pop("source")
    addresses = [sources()[key]["url"] for key in keys]
    days = {name: row[name] and date.fromisoformat(row[name]) for name in _DATES if name in row}
    first = next(filter(None, addresses), "")
    return row | days | {"source": cited(keys), "source_url": first}


@contextmanager
def _keeping(
    model: type[Record], row: dict[str, Any], tally: Tally, overwrite: bool
) -> Iterator[Any]:
    """The record, for what belongs to it, or None where it stays as it is. One that was not there
    before is published: what an editor drafted is an editor's to publish."""
    with transaction.atomic():
        said, added = _said(row), tally.added
        obj, written = keep(model, {"slug": said.pop("slug")}, said, tally, overwrite)
        yield obj if written else None
        if written:  # what is set back is saved by the names of its columns
            obj.save(update_fields=["search_text"])
        if tally.added > added and obj.confidence != Confidence.UNCONFIRMED:
            load_published(obj, timezone.now())


def _plain(model: type[Record], name: str, overwrite: bool) -> Tally:
    tally = Tally()
    for row in rows(name):
        with _keeping(model, row, tally, overwrite):
            pass
    return tally


def _recognition(overwrite: bool) -> Tally:
    """The 17 of SC66 Inf. 9, and later ones with how sure they are."""
    return _plain(Recognition, "recognition", overwrite)


def _meetings(overwrite: bool) -> Tally:
    return _plain(GlobalMeeting, "network_meetings", overwrite)


def _library(overwrite: bool) -> Tally:
    """Only an address that a source gives is one; a version that stands already stays."""
    tally = Tally()
    for row in rows("library"):
        versions = row.pop("versions", ())
        with _keeping(Document, row, tally, overwrite) as document:
            for one in versions if document else ():
                key = {"document": document, "language": one["language"]}
                DocumentVersion.objects.get_or_create(**key, defaults={"url": one["url"]})
    return tally


def _news(overwrite: bool) -> Tally:
    return _plain(NewsItem, "news", overwrite)


def _series(overwrite: bool) -> Tally:
    tally = Tally()
    for row in rows("operation_series"):
        row["source"] = cited(row["source"])
        keep(Series, {"key": row.pop("key")}, row, tally, overwrite)
    return tally


def _operations(overwrite: bool) -> Tally:
    """Every figure keeps its own measure, and the document it stands in."""
    tally = Tally()
    series: dict[str | None, Series | None] = {one.key: one for one in Series.objects.all()}
    for row in rows("operations"):
        figures = row.pop("figures")
        row["series"] = series.get(row["series"])
        with _keeping(Operation, row, tally, overwrite) as operation:
            if operation:
                _renew(OperationFigure, "operation", operation, map(_said, figures))
    return tally


def _activities(overwrite: bool) -> Tally:
    """Deployments of Wildlife Incident Support Teams. Whatever else was done is imported."""
    tally = Tally()
    supports = {one.key: one for one in Support.objects.all()}
    parties = {one.code: one for one in Party.objects.all()}
    for row in rows("activities"):
        agencies = Agency.objects.filter(code__in=row.pop("agencies"))
        places = [{"party": parties[one["party"]]} for one in row.pop("places")]
        row["support"] = supports[row["support"]]
        with _keeping(Activity, row, tally, overwrite) as activity:
            if activity:
                activity.agencies.set(agencies)
                _renew(ActivityPlace, "activity", activity, places)
    return tally


def _renew(model: type[models.Model], of: str, obj: models.Model, said: Any) -> None:
    model._default_manager.filter(**{of: obj}).delete()
    model._default_manager.bulk_create(model(**{of: obj}, **one) for one in said)


def _assessments(overwrite: bool) -> Tally:
    """That a network assessed itself, and when; what it found stands in no source at hand."""
    tally = Tally()
    for row in rows("network_assessments"):
        said = _said(row)
        network = Network.objects.get(slug=said.pop("network"))
        key = {"network": network, "effective_on": said.pop("effective_on")}
        keep(NetworkAssessment, key, said, tally, overwrite)
    return tally


KINDS = (
    Kind("Recognition", _recognition),
    Kind("Series of operations", _series),
    Kind("Operations", _operations),
    Kind("Global meetings of networks", _meetings),
    Kind("Self-assessments of networks", _assessments),
    Kind("Deployments of support teams", _activities),
    Kind("Library", _library),
    Kind("News", _news),
)
