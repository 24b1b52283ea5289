"""The desk's days off and its targets, as a new installation proposes them.

Neither has an official source that we know of. The days off are the public holidays of Geneva for
this year and the next, to be checked against the list of the United Nations; the targets are our
own proposal. Officers keep both at the desk.
"""

from django.utils import timezone

from partners.reference_rows import Kind, Tally, is_theirs, keep, rows
from requests_app.holiday_proposals import propose
from requests_app.models import Holiday, Target, Urgency
from requests_app.recomputing import recompute_due


def _holidays(overwrite: bool) -> Tally:
    tally = Tally()
    if not is_theirs(Holiday, tally, overwrite):
        this_year = timezone.now().year
        tally.left = Holiday.objects.count()
        tally.added = len([*propose(this_year), *propose(this_year + 1)])
        recompute_due()
    return tally


def _targets(overwrite: bool) -> Tally:
    tally = Tally()
    if not is_theirs(Target, tally, overwrite):
        for row in rows("targets"):
            for urgency in Urgency.values:
                key = {"state": row["state"], "urgency": urgency}
                keep(Target, key, {"working_days": row[urgency]}, tally, overwrite)
        recompute_due()
    return tally


KINDS = (Kind("Days off", _holidays), Kind("Targets of time", _targets))
