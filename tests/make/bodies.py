"""Parties, agencies, and what the Secretariat keeps in lists."""

from typing import Any

from partners.models import Agency, Party, Region
from requests_app.models import Criterion, Reason, Support

_NAMES = {
    "KEN": "Kenya",
    "VNM": "Viet Nam",
    "BGD": "Bangladesh",
    "PER": "Peru",
    "GAB": "Gabon",
}
_ISO2 = {"KEN": "KE", "VNM": "VN", "BGD": "BD", "PER": "PE", "GAB": "GA"}


def party(code: str = "KEN") -> Party:
    region, _made = Region.objects.get_or_create(
        key="africa", defaults={"name_en": "Africa", "name_fr": "Afrique", "name_es": "África"}
    )
    name = _NAMES.get(code, code)
    made, _made = Party.objects.get_or_create(
        code=code,
        defaults={
            "iso2": _ISO2.get(code, code[:2]),
            "region": region,
            "name_en": name,
            "name_fr": name,
            "name_es": name,
        },
    )
    return made


def agency(code: str = "INTERPOL") -> Agency:
    names = dict.fromkeys(("name_en", "name_fr", "name_es"), code)
    made, _made = Agency.objects.get_or_create(
        code=code,
        defaults={
            **names,
            "full_name_en": code,
            "seat": "Lyon",
            "is_coordinator": code == "CITES",
        },
    )
    return made


def secretariat() -> Agency:
    return agency("CITES")


def support(key: str = "basic_training", **fields: Any) -> Support:
    names = dict.fromkeys(("name_en", "name_fr", "name_es"), key.replace("_", " ").capitalize())
    defaults = {
        **names,
        "asks": {"toolkit": "toolkit", "wist": "incident"}.get(key, "general"),
        "opens_toolkit": key == "toolkit",
        "letter_may_follow": key == "wist",
        **fields,
    }
    made, _made = Support.objects.get_or_create(key=key, defaults=defaults)
    return made


def reason(key: str = "outside_mandate") -> Reason:
    names = dict.fromkeys(("name_en", "name_fr", "name_es"), "Outside the mandate of ICCWC")
    made, _made = Reason.objects.get_or_create(key=key, defaults=names)
    return made


def criterion(key: str = "readiness") -> Criterion:
    names = dict.fromkeys(("name_en", "name_fr", "name_es"), key.capitalize())
    made, _made = Criterion.objects.get_or_create(key=key, defaults=names)
    return made
