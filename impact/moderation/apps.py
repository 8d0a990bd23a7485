from django.apps import AppConfig


class ModerationConfig(AppConfig):
    name = "impact.moderation"
    label = "moderation"

    def ready(self) -> None:
        from impact.moderation.guarding import guard_decisions

        guard_decisions()
