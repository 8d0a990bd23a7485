"""The countries to choose from: those that ship with the product, and those where an area was imported."""

from impact.places.basemap import COUNTRY_NAMES, country_choices
from impact.places.models import ProducingArea


def countries_of_areas() -> set[str]:
    """The codes of the countries that have areas in use."""
    return {*ProducingArea.objects.in_use().order_by().values_list("country", flat=True).distinct()}


def covered_countries() -> list[tuple[str, str]]:
    """Their codes (ISO 3166-1 alpha-2) with names in the active language, in the order of the names."""
    return country_choices({*COUNTRY_NAMES, *countries_of_areas()} - {""})
