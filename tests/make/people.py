"""People with and without mandates, and how they come to them."""

from datetime import date, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from outbox.models import Message
from partners import asking
from partners.inviting import invite
from partners.links import Bearer
from partners.models import AccessRequest, Agency, Invitation, Mandate, Party, Role, User
from tests.make.bodies import agency, party, secretariat
from workflow.executor import perform

PASSWORD = "correct horse battery"
_numbers = count(1)


def person(name: str = "", language: str = "en", **fields: Any) -> User:
    """Somebody who can sign in with PASSWORD and holds no mandate."""
    number = next(_numbers)
    return User.objects.create_user(
        fields.pop("email", f"person{number}@example.org"),
        PASSWORD,
        name=name or f"Person {number}",
        language=language,
        **fields,
    )


def mandate(user: User, role: str, body: Party | Agency, **fields: Any) -> Mandate:
    which = {"party": body} if isinstance(body, Party) else {"agency": body}
    return Mandate.objects.create(user=user, role=role, **which, **fields)


def _holder(role: str, body: Party | Agency, title: str, language: str = "en") -> User:
    user = person(f"{title}, {body.name_en}", language)
    mandate(user, role, body)
    return user


def focal_point(of: Party | None = None, language: str = "en") -> User:
    return _holder(Role.FOCAL_POINT, of or party(), "Focal point", language)


def contributor(of: Party | None = None) -> User:
    return _holder(Role.CONTRIBUTOR, of or party(), "Contributor")


def party_viewer(of: Party | None = None) -> User:
    return _holder(Role.VIEWER, of or party(), "Viewer")


def lead(language: str = "en") -> User:
    return _holder(Role.LEAD, secretariat(), "Lead", language)


def officer() -> User:
    return _holder(Role.OFFICER, secretariat(), "Officer")


def auditor() -> User:
    return _holder(Role.AUDITOR, secretariat(), "Auditor")


def agency_officer(of: Agency | None = None, language: str = "en") -> User:
    return _holder(Role.OFFICER, of or agency(), "Officer", language)


def agency_viewer(of: Agency | None = None) -> User:
    return _holder(Role.VIEWER, of or agency(), "Viewer")


def the_lead() -> User:
    return someone(Role.LEAD, secretariat(), "Lead")


def the_officer() -> User:
    return someone(Role.OFFICER, secretariat(), "Officer")


def someone(role: str, body: Party | Agency, title: str) -> User:
    """The first holder of the role, or a new one: a case needs one, not one more each time."""
    which = {"party": body} if isinstance(body, Party) else {"agency": body}
    mandates = Mandate.objects.in_force().filter(role=role, **which).select_related("user")
    held = mandates.order_by("pk").first()
    return held.user if held else _holder(role, body, title)


def deputy(of: User, until: date | None = None) -> User:
    """Somebody who stands in for that focal point, for a month unless said otherwise."""
    own = of.mandates.get(role=Role.FOCAL_POINT)
    user = person(f"Deputy of {of.name}")
    until = until or in_a_month()
    mandate(user, Role.FOCAL_POINT, own.party, stands_in_for=own, until_on=until)
    return user


def in_a_month() -> date:
    return timezone.now().date() + timedelta(days=30)


def invitation(by: User | None = None, **said: Any) -> Invitation:
    """An invitation to be a contributor of Kenya, sent by its focal point."""
    body = said.pop("body", None) or party()
    by = by or someone(Role.FOCAL_POINT, party(), "Focal point")
    which = {"party": body} if isinstance(body, Party) else {"agency": body}
    told = {
        "email": f"invited{next(_numbers)}@example.org",
        "name": "Somebody invited",
        "language": "en",
        "role": Role.CONTRIBUTOR,
    }
    return invite(by=by, **which, **told | said)


def access_request(confirmed: bool = True, **said: Any) -> AccessRequest:
    """Somebody asks to be the focal point of Kenya."""
    asked = {
        "email": f"asks{next(_numbers)}@example.org",
        "name": "Somebody who asks",
        "language": "en",
        "role": Role.FOCAL_POINT,
        "party": party(),
        "office": "Management Authority",
        "why": "The Authority has named me.",
    }
    made = asking.ask(**asked | said)
    if confirmed:
        perform("confirm", made, by=Bearer(made.nonce))
    return made


def link_to(address: str) -> str:
    """The path of the link in the newest message to that address."""
    text = Message.objects.filter(address=address).latest("pk").text
    return next(word for word in text.split() if word.startswith("http")).partition("testserver")[2]
