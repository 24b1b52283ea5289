"""People and their mandates. What somebody may do follows from mandates and nothing else."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.models.bodies import Agency, Party


def today() -> date:
    return timezone.now().date()


def a_year_from_now() -> date:
    return today() + timedelta(days=365)


def check_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(_("“%(name)s” is not a time zone."), params={"name": name})


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user: User = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person who signs in with an e-mail address."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    language = models.CharField(
        _("language"), max_length=2, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    time_zone = models.CharField(
        _("time zone"), max_length=40, default="UTC", validators=[check_time_zone]
    )
    is_active = models.BooleanField(_("may sign in"), default=True)
    wants_digest = models.BooleanField(_("wants the digest"), default=True)
    wants_moves = models.BooleanField(
        _("is told of every move"),
        default=False,
        help_text=_("For contributors and viewers: focal points are told in any case."),
    )
    date_joined = models.DateTimeField(_("since"), default=timezone.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["email"]

    def __str__(self) -> str:
        return self.name or self.email

    # What the admin asks of a user; the answers come from partners.access.MandateBackend.
    is_superuser = False

    @property
    def is_staff(self) -> bool:
        return self.has_perm("admin.enter")

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return self._asks_backends("has_perm", perm, obj)

    def has_perms(self, perms: "list[str]", obj: Any = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perms)

    def has_module_perms(self, app_label: str) -> bool:
        return self._asks_backends("has_module_perms", app_label)

    def _asks_backends(self, question: str, *args: Any) -> bool:
        from django.contrib.auth import get_backends  # noqa: PLC0415 - needs loaded apps
        from django.contrib.auth.backends import ModelBackend  # noqa: PLC0415

        # allauth's backend signs people in; as a ModelBackend it would look up permissions in
        # tables of users and groups that this portal does not have.
        return any(
            getattr(backend, question)(self, *args)
            for backend in get_backends()
            if not isinstance(backend, ModelBackend)
        )


class Role(models.TextChoices):
    FOCAL_POINT = "focal_point", _("focal point")
    CONTRIBUTOR = "contributor", _("contributor")
    VIEWER = "viewer", _("viewer")
    OFFICER = "officer", _("officer")
    LEAD = "lead", _("lead")
    AUDITOR = "auditor", _("auditor")


PARTY_ROLES = {Role.FOCAL_POINT, Role.CONTRIBUTOR, Role.VIEWER}
AGENCY_ROLES = {Role.OFFICER, Role.VIEWER}
SECRETARIAT_ROLES = {Role.LEAD, Role.OFFICER, Role.AUDITOR}


class MandateQuerySet(models.QuerySet["Mandate"]):
    def in_force(self, on: date | None = None) -> "MandateQuerySet":
        """Begun, not over nor ended, confirmed for this year, of a person who may sign in.

        A lead's mandate rests only while another lead's is confirmed: else nobody could confirm
        anybody any more, and the portal would have locked itself.
        """
        day = on or today()
        confirmed = models.Q(confirm_by__gte=day)
        other_leads = Mandate.objects.filter(confirmed, role=Role.LEAD).not_over(day)
        last_leads = models.Q(role=Role.LEAD) & ~models.Exists(other_leads)
        return self.not_over(day).filter(confirmed | last_leads)

    def not_over(self, on: date | None = None) -> "MandateQuerySet":
        """As `in_force`, whether confirmed for this year or resting."""
        day = on or today()
        return self.filter(
            models.Q(until_on=None) | models.Q(until_on__gte=day),
            from_on__lte=day,
            ended_at=None,
            user__is_active=True,
        )

    def to_confirm(self, by: date) -> "MandateQuerySet":
        """Resting, or going to rest on that day; a deputy's time is set already."""
        return self.not_over().filter(confirm_by__lte=by, stands_in_for=None)

    def visible_to(self, actor: Any) -> "MandateQuerySet":
        """All for the Secretariat; those of its Party for somebody of a Party; one's own."""
        from partners.access import standing  # noqa: PLC0415 - access reads this module

        me = standing(actor)
        if me.sees_all:
            return self
        own = models.Q(user_id=actor.pk) if isinstance(actor, User) else models.Q(pk=None)
        return self.filter(own | models.Q(party_id__in=me.all_parties))


class Mandate(models.Model):
    """A person acts for a body in a role, from one day until another, granted by somebody else.

    After `confirm_by` it rests until somebody entitled confirms it for another year. A deputy is
    a focal point for a time, in the absence of the one whose mandate is `stands_in_for`.
    """

    user = models.ForeignKey(
        User, models.PROTECT, related_name="mandates", verbose_name=_("person")
    )
    party = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, verbose_name=_("Party"))
    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, verbose_name=_("agency")
    )
    role = models.CharField(_("role"), max_length=12, choices=Role)
    from_on = models.DateField(_("from"), default=today)
    until_on = models.DateField(_("until"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at once"), null=True, editable=False)
    confirm_by = models.DateField(_("to be confirmed by"), default=a_year_from_now, editable=False)
    reminded_at = models.DateTimeField(null=True, editable=False)  # that it has to be confirmed
    office = models.CharField(
        _("office"), max_length=200, blank=True, help_text=_("The authority or post, if it helps.")
    )
    stands_in_for = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="deputies", editable=False,
        verbose_name=_("deputy of"),
    )  # fmt: skip
    granted_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name=_("granted by"),
    )  # fmt: skip

    objects = MandateQuerySet.as_manager()

    class Meta:
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")
        ordering = ["user", "from_on"]
        constraints = [
            models.CheckConstraint(
                name="partners_mandate_for_one_body",
                condition=models.Q(party=None) ^ models.Q(agency=None),
                violation_error_message=_("A mandate is for one Party or one agency, not both."),
            ),
            models.CheckConstraint(
                name="partners_mandate_role_fits_body",
                condition=models.Q(party__isnull=False, role__in=sorted(PARTY_ROLES))
                | models.Q(agency__isnull=False, role__in=sorted(AGENCY_ROLES | SECRETARIAT_ROLES)),
                violation_error_message=_("This role does not exist for this kind of body."),
            ),
            models.CheckConstraint(
                name="partners_mandate_not_granted_to_self",
                condition=models.Q(granted_by=None) | ~models.Q(granted_by=models.F("user")),
                violation_error_message=_("Nobody can grant a mandate to themselves."),
            ),
            models.CheckConstraint(
                name="partners_mandate_ends_after_start",
                condition=models.Q(until_on=None) | models.Q(until_on__gte=models.F("from_on")),
                violation_error_message=_("A mandate cannot end before it begins."),
            ),
            models.CheckConstraint(
                name="partners_deputy_for_a_time",
                condition=models.Q(stands_in_for=None)
                | models.Q(role=Role.FOCAL_POINT, until_on__isnull=False),
                violation_error_message=_("A deputy stands in until a date."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.body}"

    @property
    def body(self) -> Party | Agency | None:
        return self.party or self.agency

    def clean(self) -> None:
        if self.agency and self.role:
            fitting = SECRETARIAT_ROLES if self.agency.is_coordinator else AGENCY_ROLES
            if self.role not in fitting:
                raise ValidationError({"role": _("This role does not exist for this agency.")})
