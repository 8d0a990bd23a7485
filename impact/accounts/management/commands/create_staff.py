from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from impact.accounts.administering import invitation_path
from impact.accounts.models import Organisation, Role, User, default_organisation
from impact.ledger.chain import record
from impact.ledger.models import Kind


class Command(BaseCommand):
    help = (
        "Make a member of staff (the first administrator, say), and print the link for choosing a password. "
        "With --again, for somebody who lost everything: take password and second factors away first."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="the name to sign in with")
        parser.add_argument("--name", default="", help="what others call them")
        parser.add_argument("--role", choices=Role.values, default=Role.ADMINISTRATOR)
        parser.add_argument("--organisation", default="", help="made where there is none of this name")
        parser.add_argument("--countries", default="", help="such as CD,CF; every country without")
        parser.add_argument("--again", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        username = options["username"]
        known = User.objects.filter(username=username).first()
        with transaction.atomic():
            if known is not None:
                if not options["again"]:
                    raise CommandError(f"{username} is there already; --again makes a new link")
                user = known
                Authenticator.objects.filter(user=user).delete()
                user.set_unusable_password()
                user.is_active = True
                user.save(update_fields=["password", "is_active"])
                details = {"what": "password and second factors taken away, by command"}
            else:
                user = self._create(options)
                details = {"what": "made by command", "name": username, "role": options["role"]}
            record(Kind.ROLE, actor_id=None, subject=f"user {user.pk}", details=details)
        self.stdout.write(f"{settings.PUBLIC_URL}{invitation_path(user)}")
        self.stderr.write("Give this link to them in a safe way. It works once, and for three days.")

    def _create(self, options: dict[str, Any]) -> User:
        organisation = default_organisation()
        if options["organisation"]:
            organisation, _made = Organisation.objects.get_or_create(name=options["organisation"])
        return User.objects.create_user(
            options["username"],
            first_name=options["name"],
            role=Role(options["role"]),
            organisation=organisation,
            countries=[code.strip().upper() for code in options["countries"].split(",") if code.strip()],
        )
