"""What can be asked for, reasons and texts, and what is weighed, as reference data."""

from partners.models import Agency
from partners.reference_rows import Kind, Tally, cited, keep, rows
from requests_app import reference_calendar
from requests_app.models import Criterion, Reason, Support


def _supports(overwrite: bool) -> Tally:
    """Kinds of support. Usual lead and others are inferred from known cases: proposals only."""
    tally = Tally()
    agencies = {agency.code: agency for agency in Agency.objects.all()}
    for row in rows("supports"):
        others = [agencies[code] for code in row.pop("usual_others")]
        row["usual_lead"] = agencies[row["usual_lead"]] if row["usual_lead"] else None
        row["source"] = cited(row["source"])
        support, written = keep(Support, {"key": row.pop("key")}, row, tally, overwrite)
        if written:
            support.usual_others.set(others)
    return tally


def _reasons(overwrite: bool) -> Tally:
    tally = Tally()
    for row in rows("reasons"):
        keep(Reason, {"key": row.pop("key")}, row, tally, overwrite)
    return tally


def _criteria(overwrite: bool) -> Tally:
    tally = Tally()
    for row in rows("criteria"):
        keep(Criterion, {"key": row.pop("key")}, row, tally, overwrite)
    return tally


KINDS = (
    Kind("Kinds of support", _supports),
    Kind("Reasons and standard texts", _reasons),
    Kind("Triage criteria", _criteria),
    *reference_calendar.KINDS,
)
