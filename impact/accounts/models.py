"""Staff: organisations of a coalition, who works in them, as what and for which countries.

Witnesses never have an account.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What somebody does. Which role may do what is told by `permissions.py` alone."""

    MONITOR_COORDINATOR = "coordinator", _("Monitor coordinator")
    MODERATOR = "moderator", _("Moderator")
    SENIOR_MODERATOR = "senior", _("Senior moderator")
    ADVOCATE = "advocate", _("Advocate")
    ADMINISTRATOR = "administrator", _("Administrator")
    AUDITOR = "auditor", _("Auditor")


# Somebody with several roles is called by the first of these.
_MAIN_ROLE_FIRST = (
    Role.SENIOR_MODERATOR,
    Role.MODERATOR,
    Role.MONITOR_COORDINATOR,
    Role.ADMINISTRATOR,
    Role.AUDITOR,
    Role.ADVOCATE,
)


class Organisation(models.Model):
    """A member of the coalition. One of them receives what no route sends elsewhere."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    is_default = models.BooleanField(_("receives what no route sends elsewhere"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(
                fields=("is_default",), condition=models.Q(is_default=True), name="one_default_organisation"
            ),
        )

    def __str__(self) -> str:
        return self.name


class IntakeRoute(models.Model):
    """Which organisation a report belongs to, by the country and the channel that it came in by."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="routes")
    country = models.CharField(_("country"), max_length=2, blank=True, help_text=_("Empty: every country"))
    channel = models.CharField(_("channel"), max_length=20, blank=True, help_text=_("Empty: every channel"))

    class Meta:
        ordering = ("country", "channel")
        constraints = (
            models.UniqueConstraint(fields=("country", "channel"), name="one_route_per_country_and_channel"),
        )

    def __str__(self) -> str:
        return f"{self.country or '*'} {self.channel or '*'}: {self.organisation_id}"


@dataclass(frozen=True, slots=True)
class Standing:
    """One role of a user in one organisation. No `countries` means all of them."""

    organisation_id: int
    role: Role
    countries: tuple[str, ...]
    is_default_organisation: bool


class StaffManager(UserManager["User"]):
    def create_user(
        self,
        username: str,
        email: str | None = None,
        password: str | None = None,
        *,
        role: Role | None = None,
        organisation: Organisation | None = None,
        countries: Iterable[str] = (),
        **fields: Any,
    ) -> "User":
        """A user, with a role in an organisation (the default one unless another is named)."""
        user = super().create_user(username, email, password, **fields)
        if role is not None:
            Membership.objects.create(
                user=user,
                organisation=organisation or default_organisation(),
                role=role,
                countries=",".join(countries),
            )
        return user


class User(AbstractUser):
    objects = StaffManager()  # type: ignore[misc]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    @cached_property
    def standings(self) -> tuple[Standing, ...]:
        """Every role of this user, read once for as long as the object lives."""
        return tuple(
            Standing(
                organisation_id=membership.organisation_id,
                role=Role(membership.role),
                countries=membership.country_codes,
                is_default_organisation=membership.organisation.is_default,
            )
            for membership in self.memberships.select_related("organisation")
        )

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(standing.role for standing in self.standings)

    @property
    def role(self) -> str:
        """The main role: the one that a person is called by; "" for somebody without any."""
        return next((role.value for role in _MAIN_ROLE_FIRST if role in self.roles), "")

    def get_role_display(self) -> str:
        return str(Role(self.role).label) if self.role else ""


class Membership(models.Model):
    """A role in an organisation, for some countries or for all."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    countries = models.CharField(
        _("countries"), max_length=200, blank=True, help_text=_("Codes such as CD,CF. Empty: every country")
    )

    class Meta:
        ordering = ("organisation__name", "role")
        constraints = (
            models.UniqueConstraint(
                fields=("user", "organisation", "role"), name="role_once_per_organisation"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.organisation_id}"

    @property
    def country_codes(self) -> tuple[str, ...]:
        return tuple(code.strip().upper() for code in self.countries.split(",") if code.strip())


def default_organisation() -> Organisation:
    """The organisation that receives what no route sends elsewhere, made where there is none."""
    organisation, _made = Organisation.objects.get_or_create(is_default=True, defaults={"name": "Coalition"})
    return organisation


class Notice(models.Model):
    """Something that a second person is told: that a colleague saw a number. Stays until marked as read."""

    recipient = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices")
    actor = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    subject = models.CharField(max_length=100, help_text="The reference of a case")
    made_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-made_at",)
        indexes = (
            models.Index(
                fields=("recipient",), condition=models.Q(read_at__isnull=True), name="notice_unread"
            ),
        )

    def __str__(self) -> str:
        return f"{self.recipient_id} {self.subject}"
