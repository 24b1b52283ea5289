"""A message in words: to whom it went, about what, and why it could not be sent."""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import Case, CharField, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outbox.models import Message
from partners.desk_words import LANGUAGE_NAMES
from partners.models import AccessRequest, Invitation, Mandate, Party, User
from requests_app.models import Referral, SupportRequest, Thread
from toolkit.models import Implementation, Recommendation

_REQUEST = SupportRequest._meta.label_lower
_REFERRAL = Referral._meta.label_lower
_THREAD = Thread._meta.label_lower

# Whom a message is for, as `recipient` names them, and where the desk keeps them.
_READERS = {
    "user": User,
    "invitation": Invitation,
    "access": AccessRequest,
}
# What messages are about, as one thinks of it, and the subjects of the events behind them.
_ABOUT: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "requests": (gettext_lazy("requests"), (SupportRequest,)),
    "referrals": (gettext_lazy("referrals"), (Referral,)),
    "conversations": (gettext_lazy("conversations"), (Thread,)),
    "toolkit": (gettext_lazy("the Toolkit"), (Implementation, Recommendation, Party)),
    "people": (gettext_lazy("people and access"), (User, Mandate, Invitation, AccessRequest)),
}


class AboutFilter(admin.SimpleListFilter):
    title = gettext_lazy("about")
    parameter_name = "about"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        named = [(key, words) for key, (words, _models) in _ABOUT.items()]
        return [*named, ("nothing", _("reminders and summaries"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        value = self.value()
        if value == "nothing":
            return queryset.filter(event=None)
        if value not in _ABOUT:
            return queryset
        subjects = [model._meta.label_lower for model in _ABOUT[value][1]]
        return queryset.filter(event__subject_type__in=subjects)


class LanguageFilter(admin.SimpleListFilter):
    """The portal's own languages; asking the table for those it holds would read all of it."""

    title = gettext_lazy("language")
    parameter_name = "language"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return list(LANGUAGE_NAMES.items())

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(language=self.value()) if self.value() else queryset


class OwedFilter(admin.SimpleListFilter):
    title = gettext_lazy("owed")
    parameter_name = "owed"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [("yes", _("not yet sent, not given up"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() != "yes":
            return queryset
        return queryset.filter(pk__in=Message.objects.owed().values("pk"))


def with_cases(messages: "QuerySet[Message]", actor: Any) -> "QuerySet[Any]":
    """Each with `case_id` and `case_reference` of the request that it is about, if the reader may
    see it, without a query for each."""
    subject = OuterRef("event__subject_id")
    seen = SupportRequest.objects.visible_to(actor).filter(reference__isnull=False)
    of_referral = Referral.objects.filter(pk=OuterRef(OuterRef("event__subject_id")))
    of_thread = Thread.objects.filter(pk=OuterRef(OuterRef("event__subject_id")))
    cases = {
        _REQUEST: seen.filter(pk=subject),
        _REFERRAL: seen.filter(pk__in=of_referral.values("support_request_id")),
        _THREAD: seen.filter(pk__in=of_thread.values("support_request_id")),
    }
    return messages.annotate(
        case_reference=_by_subject(cases, F("reference")),
        case_id=_by_subject(cases, Cast(F("pk"), CharField())),
    )


def _by_subject(cases: dict[str, Any], value: Any) -> Case:
    whens = [
        When(
            event__subject_type=name,
            then=Subquery(found.annotate(_said=value).values("_said")[:1]),
        )
        for name, found in cases.items()
    ]
    return Case(*whens, output_field=CharField(), default=None)


def about_reference(typed: str, actor: Any) -> Q:
    """The condition for messages about the request with that reference."""
    cases = SupportRequest.objects.visible_to(actor).filter(reference__iexact=typed)
    referrals = Referral.objects.filter(support_request__in=cases)
    threads = Thread.objects.filter(support_request__in=cases)
    return (
        Q(event__subject_type=_REQUEST, event__subject_id__in=cases.values("pk"))
        | Q(event__subject_type=_REFERRAL, event__subject_id__in=referrals.values("pk"))
        | Q(event__subject_type=_THREAD, event__subject_id__in=threads.values("pk"))
    )


def link_to_case(message: Any) -> SafeString | str:
    if message.case_id:
        url = reverse("admin:requests_app_supportrequest_change", args=[message.case_id])
        return format_html('<a href="{}">{}</a>', url, message.case_reference)
    if message.event is None:
        return "–"
    try:
        subject = apps.get_model(message.event.subject_type)._meta.verbose_name
    except (LookupError, ValueError):  # a model of an earlier release
        return message.event.label
    return f"{capfirst(str(subject))}: {message.event.label}"


def link_to_reader(message: Message) -> SafeString | str:
    """The address, leading to the person, the invitation or the request for access."""
    kind, _colon, pk = message.recipient.partition(":")
    model = _READERS.get(kind)
    if model is None or not pk.isdigit():
        return message.address
    url = reverse(f"admin:partners_{model._meta.model_name}_change", args=[pk])
    return format_html('<a href="{}">{}</a>', url, message.address)


# What a mail server or the way to it says, by the name of the error.
_WHY = {
    "ConnectionRefusedError": gettext_lazy("The mail server cannot be reached."),
    "SMTPServerDisconnected": gettext_lazy("The mail server broke off."),
    "SMTPConnectError": gettext_lazy("The mail server cannot be reached."),
    "gaierror": gettext_lazy("The mail server is not known by its name."),
    "TimeoutError": gettext_lazy("The mail server did not answer in time."),
    "SMTPAuthenticationError": gettext_lazy("The mail server did not let the portal in."),
    "SMTPRecipientsRefused": gettext_lazy("The mail server refused the address."),
    "SMTPSenderRefused": gettext_lazy("The mail server refused the portal as the sender."),
    "SMTPDataError": gettext_lazy("The mail server refused the message."),
    "SSLError": gettext_lazy("The way to the mail server could not be secured."),
    "SSLCertVerificationError": gettext_lazy("The way to the mail server could not be secured."),
    "ConnectionError": gettext_lazy("The mail server took no message."),
    "OSError": gettext_lazy("The mail server cannot be reached."),
}


def why_it_failed(error: str) -> str:
    """The last error as a sentence; the very words stand on the page of the message."""
    if not error:
        return "–"
    if error == "the worker was lost while sending it":
        return _("The portal was stopped while sending it.")
    return str(_WHY.get(error.partition(":")[0], _("It could not be sent.")))
