from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "impact.accounts"
    label = "accounts"

    def ready(self) -> None:
        from impact.accounts import checks, recording  # noqa: F401  (both register themselves)
