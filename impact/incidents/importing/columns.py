"""Which column of a foreign file is what, and what its codes mean.

Ushahidi: the CSV exports of version 2 (INCIDENT TITLE, INCIDENT DATE, …) and of the platform since
version 3 (Post ID, Post Date (UTC), Location.lat, …). Precision codes: UCDP GED codebook 23.1 (where_prec)
and ACLED codebook 2023 (geo_precision, time_precision).
"""

from collections.abc import Mapping, Sequence

from impact.vocabulary import Harm, Perpetrator

# Column names as they are folded: small letters and digits only.
_NAMES = {
    "id": (
        "id postid incidentid reportid eventid eventidcnty sourceid key uuid identifiant identificador "
        "reference referencia numero kitambulisho"
    ),
    "title": "title incidenttitle headline subject name sourceheadline titre titulo kichwa",
    "text": (
        "text description incidentdescription message body content notes narrative texte recit temoignage "
        "texto descricao relato mensagem maelezo ujumbe"
    ),
    "lat": "lat latitude y locationlat locationlatitude decimallatitude",
    "lon": "lon lng long longitude x locationlon locationlng locationlongitude decimallongitude",
    "from": (
        "occurredfrom datestart startdate incidentdate eventdate date occurred occurredon "
        "postdateutc postdate"
    ),
    "to": "occurredto dateend enddate",
    "received": "receivedat received createdutc created createdat submitted timestamp sourcedate",
    "place": (
        "placewords place location locationname address wheredescription wherecoordinates locationdescription"
    ),
    "country": "country countrycode iso2 isoa2",
    "categories": "categories category incidentcategory harms harm type tags eventtype typeofviolence",
    "media": "media medialinks medialink photos photo images image video videos news links url",
    "uncertainty": "uncertaintym coordinateuncertaintyinmeters accuracym radiusm",
    "where_prec": "whereprec",
    "geo_precision": "geoprecision locationprecision",
    "time_precision": "timeprecision",
    "killed": "killed deaths fatalities dead best",
    "injured": "injured wounded",
    "perpetrator": "perpetrator perpetrators author auteurs",
    "language": "language lang locale",
}
# Version 2 calls the identifier "#", of which nothing is left.
ALIASES = {field: (*names.split(), *([""] if field == "id" else [])) for field, names in _NAMES.items()}

# Metres around the point within which it happened. None: the country only.
UCDP_WHERE_M: Mapping[str, float | None] = {
    "1": 5_000.0,  # the place itself
    "2": 25_000.0,  # within 25 km of a place
    "3": 50_000.0,  # a second-order division
    "4": 150_000.0,  # a first-order division
    "5": 150_000.0,  # a line, a border, a part of the country
    "6": None,
    "7": None,  # international waters or airspace
}
ACLED_WHERE_M: Mapping[str, float | None] = {"1": 5_000.0, "2": 25_000.0, "3": 150_000.0}
ACLED_DAYS: Mapping[str, int] = {"1": 1, "2": 7, "3": 31}

_HARM_WORDS: dict[str, Harm] = {
    **{harm.value.replace("_", " "): harm for harm in Harm},
    "murder": Harm.KILLING,
    "death": Harm.KILLING,
    "killings": Harm.KILLING,
    "assault": Harm.INJURY,
    "beating": Harm.INJURY,
    "rape": Harm.SEXUAL_VIOLENCE,
    "detention": Harm.ARREST,
    "abduction": Harm.DISAPPEARANCE,
    "kidnapping": Harm.DISAPPEARANCE,
    "displacement": Harm.EVICTION,
    "child labor": Harm.CHILD_LABOUR,
    "forced labor": Harm.FORCED_LABOUR,
    "accident": Harm.UNSAFE_WORK,
    "pollution": Harm.WATER_POLLUTION,
    "deforestation": Harm.LAND_DAMAGE,
    "illegal tax": Harm.EXTORTION,
    "illegal taxation": Harm.EXTORTION,
    "roadblock": Harm.EXTORTION,
}
_PERPETRATOR_WORDS: dict[str, Perpetrator] = {
    **{kind.value.replace("_", " "): kind for kind in Perpetrator},
    "soldiers": Perpetrator.ARMY,
    "military": Perpetrator.ARMY,
    "rebels": Perpetrator.ARMED_GROUP,
    "militia": Perpetrator.ARMED_GROUP,
    "security guards": Perpetrator.PRIVATE_SECURITY,
}


def folded(name: str) -> str:
    """A column's name as it is compared."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def columns_of(header: Sequence[str], chosen: Mapping[str, str]) -> dict[str, str]:
    """Our field names with the column of the file that each is read from; `chosen` goes before the usual
    names."""
    by_folded: dict[str, str] = {}
    for name in header:
        by_folded.setdefault(folded(name), name)
    found = dict(chosen)
    for field, names in ALIASES.items():
        if field not in found and (
            column := next((by_folded[name] for name in names if name in by_folded), None)
        ):
            found[field] = column
    return found


def harm_of(word: str, chosen: Mapping[str, Harm]) -> Harm | None:
    """The harm that a category of another system means, or None; `chosen` goes before the usual words."""
    plain = " ".join(word.casefold().replace("_", " ").split())
    return chosen.get(plain) or _HARM_WORDS.get(plain)


def perpetrator_of(word: str) -> Perpetrator | None:
    return _PERPETRATOR_WORDS.get(" ".join(word.casefold().replace("_", " ").split()))
