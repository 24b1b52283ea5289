"""The tracker for other programs. Every file says as of when, as known when, by which filters and
from which sources it is, when it was made and by whose consent it is public."""

from toolkit.downloads.differences import Compared, changes_as_csv, changes_as_json
from toolkit.downloads.documents import observations_as_csv
from toolkit.downloads.outlines import as_geojson
from toolkit.downloads.plain import as_csv, as_json
from toolkit.downloads.printed import Printed
from toolkit.downloads.workbook import as_xlsx

__all__ = [
    "Compared",
    "Printed",
    "as_csv",
    "as_geojson",
    "as_json",
    "as_xlsx",
    "changes_as_csv",
    "changes_as_json",
    "observations_as_csv",
]
