"""Why an action was refused. Every door answers these; nothing else escapes `perform`."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from history.models import Event


class Refused(Exception):
    """An action was not done; nothing has changed."""

    code = "refused"

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence

    @property
    def in_one(self) -> str:
        """All there is to say, for a page without the fields."""
        return self.sentence


class DoneBefore(Exception):
    """A change finds that there is nothing left to do: the object is as it was asked for. What
    `perform` then gives is the `event` of the first time; nothing is recorded, nobody is told."""

    def __init__(self, event: Event) -> None:
        super().__init__(event)
        self.event = event


class NotPermitted(Refused):
    """This person may not do this here; the rule may have said why."""

    code = "not_permitted"

    def __init__(self, reason: str = "") -> None:
        super().__init__(reason or _("You are not entitled to do this."))


class NotAllowedNow(Refused):
    """The object's present state does not lead there; `allowed` names what it does lead to.

    `already`: the object is where the action would have brought it. `reason`: what stands in the
    way, where that is not the state.
    """

    code = "not_allowed_now"

    def __init__(
        self,
        action_label: str,
        state_label: str,
        allowed: Sequence[str],
        already: bool = False,
        reason: str = "",
    ) -> None:
        if reason:
            words = _("“%(action)s” cannot be done now: %(reason)s")
        elif already:
            words = _("“%(action)s” is not needed: the present state is already “%(state)s”.")
        else:
            words = _("“%(action)s” cannot be done now: the present state is “%(state)s”.")
        said = {"action": action_label, "state": state_label, "reason": reason}
        super().__init__(words % said)
        self.allowed = list(allowed)


class StaleVersion(Refused):
    """The object changed since the caller read it, perhaps by a call of their own. `tag` is the
    ETag that the API gives of it now."""

    code = "stale"

    def __init__(self, tag: str = "") -> None:
        self.tag = tag
        super().__init__(_("This was changed in the meantime. Look at it again, then decide."))


class InvalidInput(Refused):
    """Something that was typed does not do; `fields` has sentences by input name."""

    code = "invalid_input"

    def __init__(self, fields: Mapping[str, Sequence[str]], sentence: str = "") -> None:
        super().__init__(sentence or _("Some answers need your attention."))
        self.fields = {name: list(sentences) for name, sentences in fields.items()}

    @property
    def in_one(self) -> str:
        return " ".join(dict.fromkeys(one for said in self.fields.values() for one in said))


class PreconditionMissing(Refused):
    """A program wants to change what it does not say it has read; only the API asks for that."""

    code = "precondition_required"

    def __init__(self, tag: str = "") -> None:
        self.tag = tag
        super().__init__(
            _(
                "Read this first and send the ETag of that answer as If-Match, or “*” to change "
                "it whatever it is now."
            )
        )


class KeyReused(Refused):
    """An Idempotency-Key that stands for something else already."""

    code = "key_reused"

    def __init__(self, sentence: str = "") -> None:
        super().__init__(
            sentence
            or _(
                "This Idempotency-Key was sent with another call. Send a new key with every new "
                "call, and the same one only to repeat a call as it was."
            )
        )
