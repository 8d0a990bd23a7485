from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "impact.accounts"
    label = "accounts"
