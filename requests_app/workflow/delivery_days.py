"""Which days of a delivery are possible: none lies before what has to come first."""

from datetime import date

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from requests_app.models import Referral
from workflow.errors import InvalidInput
from workflow.transitions import Act


def starts_once_sent(referral: Referral, act: Act) -> None:
    """A day to come is possible: the agency says when it will begin."""
    _refuse({"start_on": _before_it_was_sent(referral, act.data["start_on"])})


def reported_in_its_time(referral: Referral, act: Act) -> None:
    """The first day may lie before the start that was announced, not before the referral."""
    began_on, ended_on = act.data["began_on"], act.data["ended_on"]
    backwards = gettext("The last day lies before the first.") if ended_on < began_on else ""
    _refuse(
        {
            "began_on": _before_it_was_sent(referral, began_on),
            "ended_on": backwards or _before_its_time(referral, ended_on),
        }
    )


def delivered_in_its_time(referral: Referral, act: Act) -> None:
    _refuse({"ended_on": _before_its_time(referral, act.data["ended_on"])})


def _before_its_time(referral: Referral, day: date) -> str:
    started_on = referral.started_on
    if started_on is None or day >= started_on:
        return _before_it_was_sent(referral, day)
    sentence = gettext("%(day)s lies before the start of the delivery on %(first)s.")
    return sentence % {"day": date_format(day), "first": date_format(started_on)}


def _before_it_was_sent(referral: Referral, day: date) -> str:
    sent_on = timezone.localdate(referral.sent_at)
    if day >= sent_on:
        return ""
    sentence = gettext("%(day)s lies before %(first)s, when the referral was sent.")
    return sentence % {"day": date_format(day), "first": date_format(sent_on)}


def _refuse(said: dict[str, str]) -> None:
    problems = {name: [sentence] for name, sentence in said.items() if sentence}
    if problems:
        raise InvalidInput(problems)
