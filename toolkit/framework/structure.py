"""The framework as far as it is documented: its numbers, and the one title that is confirmed.

Eight desired outcomes and 50 indicators. Source: ICCWC Indicator Framework, Assessment Template;
the title of indicator 3 stands in a second copy of it. Which indicators belong to which outcome,
their kinds and the other titles are not in the parts that could be read: the Secretariat loads
them (toolkit.framework.importer), and none is invented.
"""

from partners.reference_rows import Kind, Tally, cited, rows
from toolkit.models import Edition, Indicator, Outcome
from toolkit.models.framework import WRITTEN_BY_THE_LOADER
from workflow.guard import may_write


def _load(overwrite: bool) -> Tally:
    """Left alone once it is there: what was loaded into it since is worth more."""
    said = rows("indicator_framework")
    if Edition.objects.filter(key=said["key"]).exists():
        return Tally(left=1)
    edition = Edition.objects.create(
        key=said["key"], name=said["name"], source=cited(said["sources"])[:300]
    )
    with may_write(*WRITTEN_BY_THE_LOADER):
        Outcome.objects.bulk_create(
            Outcome(edition=edition, number=number) for number in range(1, said["outcomes"] + 1)
        )
        Indicator.objects.bulk_create(
            Indicator(edition=edition, number=number, title_en=said["titles"].get(str(number), ""))
            for number in range(1, said["indicators"] + 1)
        )
    return Tally(added=1)


STRUCTURE = Kind("Indicator Framework, structure", _load)
