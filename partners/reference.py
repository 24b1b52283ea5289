"""Who takes part, as reference data: regions, Parties, agencies, networks."""

from datetime import date
from decimal import Decimal
from typing import Any

from partners.models import (
    Agency,
    MembershipFigure,
    Network,
    NetworkMembership,
    Office,
    Party,
    PartyAlias,
    Region,
)
from partners.models.bodies import plain_spelling
from partners.reference_rows import Kind, Tally, cited, is_theirs, keep, rows


def _regions(overwrite: bool) -> Tally:
    tally = Tally()
    for row in rows("regions"):
        keep(Region, {"key": row.pop("key")}, row, tally, overwrite)
    return tally


def _parties(overwrite: bool) -> Tally:
    """Parties. Their regions are derived, not taken from a CITES list: none is confirmed."""
    tally = Tally()
    regions = {region.key: region for region in Region.objects.all()}
    for row in rows("parties"):
        row["region"] = regions[row["region"]]
        row["party_since"] = _day(row.get("party_since"))
        keep(Party, {"code": row.pop("code")}, row, tally, overwrite)
    return tally


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _aliases(overwrite: bool) -> Tally:
    """Every name and code of a Party, and the other spellings found in documents."""
    tally = Tally()
    known = {alias.spelling: alias for alias in PartyAlias.objects.all()}
    parties = {party.code: party for party in Party.objects.all()}
    new: list[PartyAlias] = []
    for spelling, (code, written) in _spellings().items():
        alias = known.get(spelling)
        if alias is None:
            new.append(PartyAlias(party=parties[code], written=written, spelling=spelling))
        elif overwrite and alias.party_id != parties[code].pk:
            alias.party = parties[code]
            alias.save(update_fields=["party"])
            tally.changed += 1
        else:
            tally.left += 1
    tally.added = len(PartyAlias.objects.bulk_create(new))
    return tally


def _spellings() -> dict[str, tuple[str, str]]:
    """Party code and spelling as written, by plain spelling; the first way of writing it wins."""
    found: dict[str, tuple[str, str]] = {}
    names = ("name_en", "name_fr", "name_es", "code", "iso2")
    written = [(row["code"], row[name]) for row in rows("parties") for name in names]
    written += [(row["party"], row["written"]) for row in rows("aliases")]
    for code, spelling in written:
        found.setdefault(plain_spelling(spelling), (code, spelling))
    return found


def _agencies(overwrite: bool) -> Tally:
    tally = Tally()
    for row in rows("agencies"):
        for name in ("source", "seat_source", "address_source"):
            row[name] = cited(row.get(name, ()))
        row |= {name: _number(row[name]) for name in ("seat_latitude", "seat_longitude")}
        keep(Agency, {"code": row.pop("code")}, row, tally, overwrite)
    return tally


def _figures(overwrite: bool) -> Tally:
    tally = Tally()
    if is_theirs(MembershipFigure, tally, overwrite):
        return tally
    for row in rows("figures"):
        key = {"agency": _agency(row.pop("agency")), "as_of": _day(row.pop("as_of"))}
        row["source"] = cited(row["source"])
        keep(MembershipFigure, key, row, tally, overwrite)
    return tally


def _offices(overwrite: bool) -> Tally:
    tally = Tally()
    if is_theirs(Office, tally, overwrite):
        return tally
    for row in rows("offices"):
        key: dict[str, Any] = {"agency": _agency(row["agency"])}
        key |= {"kind": row["kind"], "place": row["place"]}
        where: dict[str, Any] = {name: _number(row.get(name)) for name in ("latitude", "longitude")}
        where |= {"party": Party.objects.filter(code=row.get("party")).first()}
        keep(Office, key, {"source": cited(row["source"]), **where}, tally, overwrite)
    return tally


def _number(value: float | None) -> Decimal | None:
    """As the column holds it, so that a row that was kept is found unchanged."""
    return None if value is None else Decimal(f"{value:.3f}")


def _agency(code: str) -> Agency:
    return Agency.objects.get(code=code)


def _networks(overwrite: bool) -> Tally:
    tally = Tally()
    if is_theirs(Network, tally, overwrite):
        return tally
    for row in rows("networks"):
        belong = {"member": row.pop("members"), "signatory": row.pop("signatories", [])}
        row["source"] = cited(row["source"])
        row["launched_on"] = _day(row.get("launched_on"))
        network, written = keep(Network, {"slug": row.pop("slug")}, row, tally, overwrite)
        if written:
            _set_members(network, belong)
    return tally


def _set_members(network: Network, belong: dict[str, list[str]]) -> None:
    network.memberships.all().delete()
    parties = {party.code: party for party in Party.objects.all()}
    NetworkMembership.objects.bulk_create(
        NetworkMembership(network=network, party=parties[code], kind=kind, source=network.source)
        for kind, codes in belong.items()
        for code in codes
    )


KINDS = (
    Kind("CITES regions", _regions),
    Kind("Parties", _parties),
    Kind("Spellings of Parties", _aliases),
    Kind("Agencies", _agencies),
    Kind("Membership figures", _figures),
    Kind("Offices", _offices),
    Kind("Enforcement networks", _networks),
)
