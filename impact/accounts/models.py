"""Staff. Witnesses never have an account."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    MODERATOR = "moderator", _("Moderator")
    ADVOCATE = "advocate", _("Advocate")


class User(AbstractUser):
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.ADVOCATE)

    def __str__(self) -> str:
        return self.get_full_name() or self.username
