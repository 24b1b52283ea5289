"""What is said of a file or a row. Codes are kept, so that every reader has their own language."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from record.importing.files import Reason
from record.importing.positions import NO_PARTY

SENTENCES: dict[str, Promise] = {
    # ── of the file ──
    "read_as": _("The file was read as %(encoding)s."),
    "read_as_cp1252": _(
        "The file is not UTF-8 and was read as %(encoding)s, in which Excel writes files. Look "
        "whether its letters are right: “%(example)s”."
    ),
    "unknown_columns": _("These columns are not known here and were not read: %(names)s."),
    "sent_before": _("The same file was sent before, on %(day)s: import %(number)s."),
    "rounded": _(
        "Positions are kept to two decimals, about a kilometre: to the province or port, never "
        "nearer."
    ),
    "stopped": _("Publishing stopped: %(why)s"),
    # ── why a row cannot be taken ──
    "stray_cell": _(
        "“%(text)s” stands under no heading. In a CSV file, put text with commas between "
        "quotation marks."
    ),
    "long_cell": _("The cell under “%(column)s” holds more than %(most)s characters."),
    "control": _("The cell under “%(column)s” holds a control character. Type its words again."),
    "no_place": _("No country is named."),
    "long_place": _("The country has more than %(most)s characters."),
    "no_description": _("There is no description."),
    "too_many_parts": _("The description holds %(count)s activities; %(most)s are the most."),
    "no_words": _("“%(text)s” has a date but no words."),
    "long_title": _("The description of one activity has %(text)s characters; 300 are the most."),
    "backwards": _("“%(text)s” ends before it begins."),
    "date_unread": _(
        "“%(text)s” cannot be read as a date. Write (2016), (2016-2017) or (May 2016)."
    ),
    "several_years": _("“%(text)s” names several dates. Put each activity on a line of its own."),
    "two_bare_years": _(
        "Two years stand in “%(text)s”. Put each activity on a line of its own, or the year of "
        "this one in brackets."
    ),
    "month_or_range": _(
        "“%(text)s” may be a month or two years. Write (2011-2012) or (December 2011)."
    ),
    "before_iccwc": _("“%(text)s” lies before November 2010, when ICCWC was founded."),
    "far_ahead": _("“%(text)s” lies more than 20 years ahead."),
    "visible_unread": _("“%(text)s” does not say whether this is to be seen. Write yes or no."),
    "no_link": _("“%(text)s” is no address that begins with https:// or http://."),
    "long_link": _("The link has more than %(most)s characters."),
    "half_a_position": _("A position needs longitude and latitude: one of them is missing."),
    "position_unread": _("“%(longitude)s”, “%(latitude)s” is no position in degrees."),
    "off_the_globe": _(
        "“%(longitude)s”, “%(latitude)s” is no position: a longitude lies between -180 and 180, a "
        "latitude between -90 and 90."
    ),
    "in_the_sea": _(
        "The position %(longitude)s, %(latitude)s lies in the sea. Mend it or leave it empty; "
        "islands that are too small for our map are not known to it."
    ),
    "exchanged": _(
        "The position %(longitude)s, %(latitude)s lies in the sea. Longitude and latitude seem to "
        "be exchanged."
    ),
    "unknown_stage": _("“%(text)s” is no stage. Write planned, ongoing or completed."),
    "two_stages": _("“%(text)s” is not what the description says of the stage."),
    "left_out": _("Left out, as the editor answered."),
    # ── what is asked ──
    "unknown_place": _("“%(text)s” is not known as a country."),
    "unknown_kind": _("“%(text)s” is none of the three kinds."),
    "no_kind": _("No kind is named."),
    "starred": _("A star stands beside it; the file does not say what that means."),
    "lies_elsewhere": _(
        "The position %(longitude)s, %(latitude)s lies in %(there)s, not in %(place)s."
    ),
    "on_no_party": _(
        "The position %(longitude)s, %(latitude)s lies outside %(place)s, on land that our map "
        "shows as no Party’s."
    ),
    # ── what is here already ──
    "is_here": _("This activity is here already."),
    "same_in_file": _("This activity stands in row %(number)s already."),
    # ── how it was read: to be looked at ──
    "joined_lines": _("Two lines were read as one text: the second begins in lower case."),
    "split_line": _("One line was read as several activities."),
    "bare_year": _("“%(text)s” at the end was read as the year."),
    "date_inside": _("“%(text)s” inside the text was read as its date."),
    "short_range": _("The two digits were read as the last year."),
    "open_end": _("No end is named: read as ongoing."),
    "no_date": _("No date is named."),
    "territory": _("Kept by its own name, with %(party)s."),
    "no_party": _("Kept by its name: it is no Party here."),
    "answered": _("“%(text)s”: as the editor answered."),
    "kind_answered": _("Kind “%(text)s”: as the editor answered."),
    "star_answered": _("The star: as the editor answered."),
    "position_keep": _("The position lies in %(there)s; kept, as the editor answered."),
    "position_none": _("The position lies in %(there)s; left out, as the editor answered."),
    "not_published": _("Not published: %(why)s"),
}
_NAMES = ("party", "place", "there")  # codes of Parties, which readers see by name


def sentence(reason: Reason, names: Mapping[str, str]) -> str:
    """In the reader's language; `names` are those of the Parties, by code."""
    code, said = reason
    return str(SENTENCES[code]) % {key: _value(key, one, names) for key, one in said.items()}


def sentences(reasons: Iterable[Reason], names: Mapping[str, str]) -> list[str]:
    return [sentence(one, names) for one in reasons]


def _value(key: str, value: Any, names: Mapping[str, str]) -> Any:
    if key not in _NAMES:
        return value
    if value == NO_PARTY:
        return gettext("land of no Party")
    return names.get(value, value)
