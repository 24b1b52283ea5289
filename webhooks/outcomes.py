"""How an attempt ended: a short code that is kept, and its sentence in the reader's language."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

GONE = 410
_MAYBE_LATER = 3600  # of a Retry-After, at most

_SENTENCES: dict[str, "str | Promise"] = {
    "status": gettext_lazy("The receiver answered %(detail)s. Only 200 to 299 is success."),
    "redirect": gettext_lazy(
        "The receiver answered %(detail)s, a redirect. It is not followed: give the webhook the "
        "address where it leads."
    ),
    "timeout": gettext_lazy("The receiver did not answer in full within %(detail)s seconds."),
    "unreachable": gettext_lazy("No connection could be made."),
    "address": gettext_lazy("The name leads to %(detail)s, which is no public address."),
    "certificate": gettext_lazy("The certificate of the receiver does not prove its name."),
    "protocol": gettext_lazy("What came back is not HTTP, or was cut off."),
    "secret": gettext_lazy("The secret cannot be read any more. Replace it."),
    "closed": gettext_lazy("The agency may not read this event any more."),
}


@dataclass(frozen=True)
class Outcome:
    """What one attempt gave. `retry_after`: for how many seconds the receiver wants no more."""

    code: str  # "ok", or a key of the sentences
    detail: str = ""
    retry_after: int = 0

    @property
    def is_success(self) -> bool:
        return self.code == "ok"

    @property
    def is_gone(self) -> bool:
        return self.code == "status" and self.detail == str(GONE)

    @property
    def kept(self) -> str:
        """As a row keeps it."""
        return "" if self.is_success else f"{self.code} {self.detail}".strip()


def of_status(status: int, retry_after: str = "") -> Outcome:
    if 200 <= status < 300:  # noqa: PLR2004 - RFC 9110, 15.3
        return Outcome("ok", str(status))
    code = "redirect" if 300 <= status < 400 else "status"  # noqa: PLR2004 - RFC 9110, 15.4
    is_number = retry_after.isascii() and retry_after.isdigit()
    wait = min(int(retry_after[:9]), _MAYBE_LATER) if is_number else 0
    return Outcome(code, str(status), wait)


def in_words(kept: str) -> str:
    """The sentence for what a row keeps; empty for nothing."""
    code, _space, detail = kept.partition(" ")
    sentence = _SENTENCES.get(code)
    if sentence is None:
        return _("It failed: %(why)s.") % {"why": kept} if kept else ""
    return str(sentence) % {"detail": detail}
