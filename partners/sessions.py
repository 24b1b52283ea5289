"""Open sessions end with the last mandate: nobody stays signed in on authority that is gone."""

from allauth.usersessions.models import UserSession

from partners.models import Mandate, User


def end_sessions(person: User, *, but: str | None = None) -> int:
    """Sign the person out everywhere, except in the session with the key `but`; how many ended."""
    open_ones = list(UserSession.objects.filter(user_id=person.pk).exclude(session_key=but or ""))
    for session in open_ones:
        session.end()
    return len(open_ones)


def end_sessions_unless_in_force(person: User) -> None:
    """Sign somebody out who holds no mandate any more."""
    if not person.mandates.in_force().exists():
        end_sessions(person)


def end_forgotten_sessions() -> int:
    """Sign everybody out whose mandates ran out on their last day or rest; how many people.

    Such a mandate gives nothing from that day on, whatever is still open: this only tidies up.
    """
    former = (
        User.objects.filter(pk__in=UserSession.objects.values("user_id"))
        .filter(pk__in=Mandate.objects.values("user_id"))
        .exclude(pk__in=Mandate.objects.in_force().values("user_id"))
    )
    return sum(bool(end_sessions(person)) for person in former)
