"""The words for the public in the demo: from templates of harm and kind of site, never from the message."""

from random import Random

from impact.demo.scenery import public_texts
from impact.incidents.models import Incident
from impact.places.basemap import country_name
from impact.places.models import ProducingArea
from impact.vocabulary import AreaKind, Mineral

_MINERAL_NAMES = {
    Mineral.DIAMOND: "diamond",
    Mineral.GOLD: "gold",
    Mineral.TIN: "tin",
    Mineral.TANTALUM: "coltan",
    Mineral.TUNGSTEN: "tungsten",
    Mineral.COBALT: "cobalt",
    Mineral.COPPER: "copper",
    Mineral.COLOURED_GEMSTONES: "gemstone",
}
_ARTICLES = {"CD": "the ", "CF": "the "}
_NUMBERS = "two three four five six seven eight nine ten".split()


def public_text(incident: Incident, area: ProducingArea, key: str) -> str:
    """A sentence for the public about an incident beside an area; `key` chooses among the wordings."""
    texts = public_texts()
    harm = incident.harm_codes[0]
    known = texts["by"].get(incident.perpetrator)
    wordings = texts["known"].get(harm) if known else None
    country = incident.country or area.country
    site = f"{_site(area)} in {_ARTICLES.get(country, '')}{country_name(country)}"
    random = Random(key)  # noqa: S311  (a story, not a secret)
    sentence = random.choice(wordings or texts["unknown"][harm]).format(
        by=known or "",
        by_lower=(known or "").lower(),
        people=_people(incident),
        site=site,
        site_capital=_capital(site),
    )
    return _capital(sentence)


def _site(area: ProducingArea) -> str:
    mineral = _MINERAL_NAMES.get(Mineral(area.minerals[0]), "") if area.minerals else ""
    if area.kind == AreaKind.INDUSTRIAL:
        return f"an industrial {mineral} mine".replace("  ", " ")
    if area.kind == AreaKind.ARTISANAL:
        return f"an artisanal {mineral} site".replace("  ", " ")
    return f"a {mineral} mining area".replace("  ", " ")


def _people(incident: Incident) -> str:
    count = max((count["low"] for count in incident.people.values()), default=0)
    if count == 1:
        return "one person"
    if 2 <= count <= 10:
        return f"{_NUMBERS[count - 2]} people"
    return f"{count} people" if count else "several people"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
