"""Who calls in the leak matrix: keys of two agencies by scope, officers who are signed in, keys
that are not honoured, and nobody; and what each of them learns."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from partners.models import Scope
from tests import make
from tests.api.conftest import Caller, expired, revoked, signed_in, with_key
from tests.api.leaks.world import MARKS, TOOLKIT, Row
from tests.test_routes import unpacked

# What changes from call to call, whoever calls.
PASSING = {"Date", "RateLimit", "X-Request-Id"}
EVERYTHING = frozenset(map(str, Scope.values))


@dataclass
class Key:
    """A caller, and what its key would let it read if it is honoured."""

    caller: Caller
    agency: str = ""
    scopes: frozenset[str] = frozenset()
    refusal: int = 0  # the status of every call that is not public
    is_given: bool = True

    def may_read(self, readers: frozenset[str], scope: str) -> bool:
        return self.agency in readers and scope in self.scopes


def keys_of(world: SimpleNamespace) -> dict[str, Key]:
    """Two agencies × every scope alone and all together, their officers, and keys that are not
    honoured."""
    found = {"no key": Key(Caller(), refusal=401, is_given=False)}
    for agency in (world.interpol, world.wco):
        for scopes in (EVERYTHING, *(frozenset({str(one)}) for one in Scope.values)):
            name = "all" if scopes == EVERYTHING else min(scopes)
            token = make.api_key(agency, sorted(scopes))[1]
            found[f"{agency.code} {name}"] = Key(with_key(token), agency.code, scopes)
        officer = signed_in(make.agency_officer(agency))
        found[f"officer of {agency.code}"] = Key(officer, agency.code, EVERYTHING)
        for spoil in (expired, revoked):
            spoilt = with_key(spoil(make.api_key(agency)))
            found[f"{agency.code} {spoil.__name__}"] = Key(spoilt, refusal=401)
    coordinator = with_key(make.api_key(make.secretariat())[1])
    found["key of the Secretariat"] = Key(coordinator, "CITES", EVERYTHING)
    return found


def said(answer: Any) -> str:
    """All that the caller learns: words of the body, and headers."""
    body = b"".join(answer) if answer.streaming else answer.content
    headers = {name: value for name, value in answer.items() if name not in PASSING}
    return (
        f"{answer.status_code} {sorted(headers.items())} {unpacked(body).decode(errors='replace')}"
    )


def hidden_from(key: Key) -> list[str]:
    return [mark for mark, (who, scope) in MARKS.items() if not key.may_read(who, scope)]


def status_expected(key: Key, row: Row) -> int:
    is_public = row.scope == TOOLKIT and "steps/" not in row.path
    if key.refusal:  # what is public needs no key, but a key that is given has to be good
        return 404 if is_public and not key.is_given else key.refusal
    if row.scope not in key.scopes:
        return 404 if is_public else 403
    return 200 if key.may_read(row.readers, row.scope) else 404


# Beside all scopes, the callers that could do most where they should do nothing.
SOME = ("INTERPOL all", "WCO all", "INTERPOL events:read", "officer of INTERPOL", "no key")
# The answer to a write is what was written on: it takes the scope for reading that as well.
WRITING_ALONE = ("INTERPOL referrals:write", "WCO toolkit:write")
