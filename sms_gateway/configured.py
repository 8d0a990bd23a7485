"""What is configured of the providers, in lines for `doctor`: no secret, only that it is there."""

from collections.abc import Iterator

from sms_gateway.conversation.phrasebook import LANGUAGES
from sms_gateway.providers import PROVIDERS
from sms_gateway.providers.contract import Provider


def doctor_lines() -> Iterator[tuple[str, str, bool]]:
    """One line for each provider that is used or begun, and one that names the others."""
    unused = []
    for name, provider in PROVIDERS.items():
        if name == "simulator":
            continue
        if not provider.is_begun():
            unused.append(name)
        elif missing := provider.missing_settings():
            yield name, f"not complete: {', '.join(missing)}", True
        else:
            yield name, f"configured{_told(provider)}", False
            if provider.too_late:
                yield f"{name} on WhatsApp", _calls_told(provider), False
    if unused:
        yield "providers not configured", ", ".join(unused), False


def _calls_told(provider: Provider) -> str:
    """In which languages people can be called back, after the day in which they may be written to freely."""
    templates = provider.templates()
    if not templates:
        return "no template: 24 hours after their latest message nobody can be written to (docs/sms.md)"
    others = [language for language in LANGUAGES if language not in templates]
    rest = f"; who speaks {', '.join(others)}: by country, else {next(iter(templates))}" if others else ""
    return f"after 24 hours called back in {', '.join(templates)}{rest}"


def _told(provider: Provider) -> str:
    given = [setting for setting in provider.all_settings() if provider.setting(setting.name)]
    told = [
        f"{provider.variable(setting.name)} "
        + ("is set" if setting.is_secret else provider.setting(setting.name))
        for setting in given
    ]
    return f": {', '.join(told)}" if told else ""
