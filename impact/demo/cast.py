"""The people of the demo who sign in. Made by the demo alone, with a password that everybody may know."""

from dataclasses import dataclass

from impact.accounts.models import Role, User

PASSWORD = "lamp-demo-2026"  # noqa: S105  (of invented people, on installations without real reports)


@dataclass(frozen=True, slots=True)
class Cast:
    moderator: User
    second_moderator: User
    senior: User
    second_senior: User
    coordinator: User
    advocate: User
    administrator: User
    auditor: User

    def everybody(self) -> tuple[User, ...]:
        return (
            self.moderator,
            self.second_moderator,
            self.senior,
            self.second_senior,
            self.coordinator,
            self.advocate,
            self.administrator,
            self.auditor,
        )


def make_cast(*, can_sign_in: bool) -> Cast:
    """One person of every role, made where missing; with no usable password if they may not sign in."""
    return Cast(
        moderator=_user("amina", "Amina", Role.MODERATOR, can_sign_in),
        second_moderator=_user("joseph", "Joseph", Role.MODERATOR, can_sign_in),
        senior=_user("nadia", "Nadia", Role.SENIOR_MODERATOR, can_sign_in),
        second_senior=_user("samuel", "Samuel", Role.SENIOR_MODERATOR, can_sign_in),
        coordinator=_user("pedro", "Pedro", Role.MONITOR_COORDINATOR, can_sign_in),
        advocate=_user("claire", "Claire", Role.ADVOCATE, can_sign_in),
        administrator=_user("grace", "Grace", Role.ADMINISTRATOR, can_sign_in),
        auditor=_user("thomas", "Thomas", Role.AUDITOR, can_sign_in),
    )


def sign_ins(cast: Cast) -> list[tuple[str, str, str]]:
    """(user name, role, password) of each, to print."""
    return [(user.username, str(user.get_role_display()), PASSWORD) for user in cast.everybody()]


def _user(username: str, first_name: str, role: Role, can_sign_in: bool) -> User:
    known = User.objects.filter(username=username).first()
    if known is not None:
        return known
    return User.objects.create_user(
        username=username, first_name=first_name, role=role, password=PASSWORD if can_sign_in else None
    )
