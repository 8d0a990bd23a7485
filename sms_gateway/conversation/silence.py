"""Where the line says nothing: no reply, no question, no word from a moderator. Reports still arrive."""

from django.conf import settings

from impact.places.basemap import country_codes


def is_silent(provider: str, country: str) -> bool:
    """Whether nothing is ever sent there: by line ("twilio"), country ("CD"), or both ("twilio:CD")."""
    ways = {provider.casefold(), country.casefold(), f"{provider}:{country}".casefold()} - {""}
    return any(entry.strip().casefold() in ways for entry in settings.SMS_SILENT)


def unknown_silences(lines: set[str]) -> list[str]:
    """Entries of the setting that name neither a line nor a country, and so would silence nobody."""
    return [entry for entry in settings.SMS_SILENT if not _is_known(entry.strip(), lines)]


def _is_known(entry: str, lines: set[str]) -> bool:
    line, colon, country = entry.partition(":")
    is_country = country.upper() in country_codes()
    if colon:
        return line.casefold() in lines and is_country
    return line.casefold() in lines or line.upper() in country_codes()
