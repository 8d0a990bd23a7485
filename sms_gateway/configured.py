"""What is configured of the providers, in lines for `doctor`: no secret, only that it is there."""

from collections.abc import Iterator

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
    if unused:
        yield "providers not configured", ", ".join(unused), False


def _told(provider: Provider) -> str:
    given = [setting for setting in provider.all_settings() if provider.setting(setting.name)]
    told = [
        f"{provider.variable(setting.name)} "
        + ("is set" if setting.is_secret else provider.setting(setting.name))
        for setting in given
    ]
    return f": {', '.join(told)}" if told else ""
