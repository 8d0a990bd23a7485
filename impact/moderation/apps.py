from django.apps import AppConfig


class ModerationConfig(AppConfig):
    name = "impact.moderation"
    label = "moderation"
