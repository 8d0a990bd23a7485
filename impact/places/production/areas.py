"""Which producing area the name in somebody's table means: one, or a reason why not."""

from collections import defaultdict

from rapidfuzz import process

from impact.places.models import ProducingArea
from impact.places.names import fold_name
from impact.places.site_codes import site_codes_in


class AreaNotFound(LookupError):
    """No producing area, or more than one, has that name; the message says which come close."""


class AreaFinder:
    """Producing areas by number, site code, name, other name or the source's own identifier; read once."""

    def __init__(self) -> None:
        self._by_name: dict[str, list[ProducingArea]] = defaultdict(list)
        self._by_id: dict[int, ProducingArea] = {}

    def find(self, words: str, country: str) -> ProducingArea:
        """The area that words name, in a country unless that is "". Raises AreaNotFound."""
        if not self._by_id:
            self._read()
        if words.isdigit() and int(words) in self._by_id:
            return self._in_country(self._by_id[int(words)], words, country)
        number = next((area_id for _, area_id, _, _ in site_codes_in(words)), 0)
        if number in self._by_id:
            return self._in_country(self._by_id[number], words, country)
        key = fold_name(words)
        named = [area for area in self._by_name.get(key, []) if country in {"", area.country}]
        if len(named) == 1:
            return named[0]
        if named:
            raise AreaNotFound(
                f'"{words[:60]}" names {len(named)} producing areas: use the site code, '
                + " or ".join(area.site_code for area in named[:5])
            )
        raise AreaNotFound(self._reason(words, key, country))

    def _in_country(self, area: ProducingArea, words: str, country: str) -> ProducingArea:
        if country and area.country != country:
            raise AreaNotFound(f"{words} is {area.name} in {area.country}, not in {country}")
        return area

    def _reason(self, words: str, key: str, country: str) -> str:
        names = {
            name: area
            for name, areas in self._by_name.items()
            for area in areas
            if country in {"", area.country}
        }
        close = [
            names[match[0]].name for match in process.extract(key, list(names), limit=3, score_cutoff=75)
        ]
        where = f" in {country}" if country else ""
        hint = f"; close to it: {', '.join(dict.fromkeys(close))}" if close else ""
        return f'no producing area{where} is called "{words[:60]}"{hint}'

    def _read(self) -> None:
        for area in ProducingArea.objects.only("pk", "name", "aliases", "country", "source_key"):
            self._by_id[area.pk] = area
            names = (area.name, area.source_key, *alias_names(area.aliases))
            for key in {fold_name(name) for name in names}:
                self._by_name[key].append(area)


def alias_names(aliases: list[object]) -> list[str]:
    """The names among an area's aliases, whether they are plain words or carry their language."""
    return [str(alias["name"]) if isinstance(alias, dict) else str(alias) for alias in aliases]
