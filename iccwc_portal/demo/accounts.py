"""The demonstration's sign-ins: who there is, and the file that keeps their secrets."""

import json
import os
import secrets
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from iccwc_portal.demo.moments import days_ago
from iccwc_portal.first_lead import appoint
from partners.granting import grant_mandate, issue_key, revoke_key
from partners.models import Agency, ApiKey, Mandate, Party, Role, Scope, User
from partners.models.keys import in_a_year
from partners.models.people import today

SINCE = 310  # days for which everybody has been there: longer than the oldest request
KEY_LABEL = "Demonstration system"
KEY_SCOPES = list(Scope.values)  # all that the first hour of docs/api.md tries
Rows = dict[str, dict[str, Any]]  # by e-mail address, as the file has them


@dataclass(frozen=True)
class Account:
    """A person of the demonstration: a role, never an invented name."""

    login: str
    role: str
    body: str  # code of a Party or an agency
    name: str
    language: str = "en"
    deputy_of: str = ""  # login of the focal point that is away, for a month
    confirmed_for: int = 365  # days until the mandate has to be confirmed again

    @property
    def email(self) -> str:
        return f"{self.login}@example.org"

    def find_body(self) -> Party | Agency:
        agency = Agency.objects.filter(code=self.body).first()
        return agency or Party.objects.get(code=self.body)


# The lead stands first: where nobody leads yet, all others get mandates and keys from that one.
ACCOUNTS = (
    Account("lead", Role.LEAD, "CITES", "Secretariat lead"),
    Account("officer-a", Role.OFFICER, "CITES", "Secretariat officer A"),
    Account("officer-b", Role.OFFICER, "CITES", "Secretariat officer B"),
    Account("auditor", Role.AUDITOR, "CITES", "Secretariat auditor"),
    Account("focal-point.kenya", Role.FOCAL_POINT, "KEN", "Focal point, Kenya"),
    Account(
        "deputy.kenya", Role.FOCAL_POINT, "KEN", "Deputy, Kenya", deputy_of="focal-point.kenya"
    ),
    Account("contributor.kenya", Role.CONTRIBUTOR, "KEN", "Contributor, Kenya"),
    Account("viewer.kenya", Role.VIEWER, "KEN", "Viewer, Kenya", confirmed_for=20),
    Account("focal-point.bangladesh", Role.FOCAL_POINT, "BGD", "Focal point, Bangladesh"),
    Account("focal-point.viet-nam", Role.FOCAL_POINT, "VNM", "Focal point, Viet Nam"),
    Account("focal-point.gabon", Role.FOCAL_POINT, "GAB", "Point focal, Gabon", "fr"),
    Account("focal-point.peru", Role.FOCAL_POINT, "PER", "Punto focal, Perú", "es"),
    Account("officer.interpol", Role.OFFICER, "INTERPOL", "Officer, INTERPOL"),
    Account("officer.unodc", Role.OFFICER, "UNODC", "Officer, UNODC"),
    Account("officer.world-bank", Role.OFFICER, "WB", "Officer, World Bank"),
    Account("officer.wco", Role.OFFICER, "WCO", "Officer, WCO"),
)


def path() -> Path:
    return Path(settings.VAR_DIR) / "demo-accounts.json"


def read() -> Rows:
    """The rows of the file; none when it is lost or damaged, so that new secrets are set."""
    try:
        return {row["email"]: row for row in json.loads(path().read_text(encoding="utf-8"))}
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return {}


def write(rows: Rows) -> None:
    """Replace the file in one go; nobody but its owner may read it, at no moment."""
    fresh = path().with_suffix(".new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(list(rows.values()), file, ensure_ascii=False, indent=2)
        file.write("\n")
    fresh.replace(path())


def ensure(known: Rows) -> Rows:
    """Everybody there, with secrets that the returned rows hold. `known` are the file's rows.

    What is there already keeps its mandates, password and key, whatever was done to them since.
    """
    rows: Rows = {}
    leading = Mandate.objects.in_force().filter(role=Role.LEAD).select_related("user").first()
    lead = leading.user if leading else None
    for account in ACCOUNTS:
        user = User.objects.filter(email=account.email).first()
        row = known.get(account.email)
        if user is None or row is None:
            password = row["password"] if row else secrets.token_urlsafe(12)
            user = _person(account, user, password, lead)
        else:
            password = row["password"]
        lead = lead or user
        rows[account.email] = {
            "role": "deputy" if account.deputy_of else str(account.role),
            "body": account.find_body().name_en,
            "email": account.email,
            "password": password,
            "api_key": _token(account, row, lead),
        }
    return rows


def _person(account: Account, user: User | None, password: str, lead: User | None) -> User:
    """The account with that password; a new one gets its mandate."""
    if user:
        user.set_password(password)
        user.save(update_fields=["password"])
        return user
    body = account.find_body()
    of_the_desk = isinstance(body, Agency) and body.is_coordinator
    user = User.objects.create_user(
        account.email,
        password,
        name=account.name,
        language=account.language,
        time_zone=settings.DESK_TIME_ZONE if of_the_desk else "UTC",
    )
    if lead is None:
        with days_ago(SINCE):
            appoint(user)
        return user
    mandate, granter = _mandate(account, user), lead
    if account.deputy_of:
        granter = User.objects.get(email=f"{account.deputy_of}@example.org")
        mandate.stands_in_for = granter.mandates.get()
        mandate.until_on = today() + timedelta(days=30)
    grant_mandate(mandate, by=granter)
    return user


def _mandate(account: Account, user: User) -> Mandate:
    body = account.find_body()
    which = {"party": body} if isinstance(body, Party) else {"agency": body}
    begun = today() - timedelta(days=SINCE)
    confirm_by = today() + timedelta(days=account.confirmed_for)
    return Mandate(user=user, role=account.role, from_on=begun, confirm_by=confirm_by, **which)


def _does_all(prefix: str) -> bool:
    """A key of an earlier version lacks the scopes that came since."""
    key = ApiKey.objects.filter(prefix=prefix).first()
    return key is not None and set(KEY_SCOPES) <= set(key.scopes)


def _token(account: Account, row: dict[str, Any] | None, lead: User) -> str | None:
    """The token of the agency's key; a new key when the file does not know the one there is."""
    agency = Agency.objects.partners().filter(code=account.body).first()
    if agency is None:
        return None
    token: str | None = row["api_key"] if row else None
    if token and _does_all(token.partition(".")[0]):
        return token
    for key in ApiKey.objects.valid().filter(agency=agency, label=KEY_LABEL):
        revoke_key(key, by=lead)
    _key, token = issue_key(
        agency=agency, label=KEY_LABEL, scopes=KEY_SCOPES, expires_at=in_a_year(), by=lead
    )
    return token
