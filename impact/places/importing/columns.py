"""Which column of somebody else's table is which of our fields: by its name, or as the caller says."""

import re
from collections.abc import Callable, Mapping, Sequence

from impact.places.importing.source import ImportRefused
from impact.places.names import fold_letters

ColumnMap = Mapping[str, tuple[str, ...]]

_WORD = re.compile(r"[a-z]+|\d+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")

# A column with one of these names, without spaces and marks, is that field. The first name goes first.
_NAMES: dict[str, str] = {
    "id": "id uid uuid key code siteid mineid icmmid pcode vid gid fid objectid",
    "name": (
        "name nom nome jina nombre minename nommine sitename nomsite site mine localite village "
        "titre title label"
    ),
    "aliases": "aliases alias othernames altnames alternatenames autresnoms aka",
    "country": "country pays pais nchi iso isoa cntry countrycode countryname nompays adm0name admin0name",
    "minerals": "minerals",
    "kind": "kind type assettype minetype typemine sitetype exploitationtype scale sector category categorie",
    "operator": (
        "operator operateur operador exploitant company companyname owner ownername empresa societe"
    ),
    "title_holder": "titleholder titulaire titular holder permitholder licenceholder licenseholder licensee "
    "detenteur detenteurdutitre parties",
    "active_from": "activefrom startdate datestart startyear opened dategranted grantdate dateoctroi "
    "datedoctroi dtegranted debut inicio",
    "active_to": "activeto enddate dateend endyear closed dateexpires expirydate expiry dateexpiration "
    "datedexpiration dteexpires fin fim",
    "source_date": "sourcedate surveydate visitdate datevisite datecollected lastupdate lastupdated updated",
    "point": "coordinates coordonnees coordenadas latlon latlong gps geopoint",
    "lat": "lat latitude ycoord coordy gpslat gpslatitude latdd decimallatitude y northing nord norte",
    "lon": (
        "lon long lng longitude xcoord coordx gpslon gpslong gpslongitude londd longdd decimallongitude "
        "x easting est este"
    ),
    "zone": (
        "utmzone zoneutm utm fuseauutm utmfuseau fuseau fusoutm fuso husoutm huso zonautm gridzone "
        "utmzonenumber zone"
    ),
    "hemisphere": "hemisphere utmhemisphere hemisferio",
    "mgrs": "mgrs mgrscode mgrsref mgrscoordinates coordonneesmgrs usng gridref gridreference gridsquare",
    "wkt": "wkt wktgeom thegeom geom geometry",
    "accuracy_m": "accuracym uncertaintym coordinateuncertaintyinmeters",
    "source": "source sources",
    "note": (
        "note notes remark remarks remarques comment comments commentaire observation observacao description"
    ),
}
FIELDS = tuple(_NAMES)
_MANY = frozenset({"minerals", "aliases"})  # several columns can feed these
_MINERAL_WORDS = frozenset(
    "mineral minerals minerai minerais minerio minerios commodity commodities commod substance substances "
    "madini".split()
)
_LANGUAGES = frozenset("en fr pt sw ln kg sg lua sn ha ff bm wo ar es de mg rn rw ny zu af kri".split())
# What the heading of a coordinate says besides: its grid, zone, datum and unit.
_OF_GRID = re.compile(
    r"(?<![a-z])(?:(?:utm|zone|fuseau|fuso|huso)[\s_:.-]*)+[0-9]{1,2}[\s_-]*(?:[c-hj-np-x](?![a-z])|north|south|"
    r"nord|sud|norte|sul|sur)?|\(\s*[0-9]{1,2}\s?[a-z]?\s*\)|(?<![a-z])(?:utm|wgs[\s_-]?84|arc[\s_-]?19[56]0|(?:adindan|bessel|camacupa|clarke|minna|tete)[\s_-]?(?:[0-9]{4})?|"
    r"m|metres?|meters?|metros?|deg|degrees?|degres|graus|decimal|dd|coordinates?|coordonnees?|coordenadas?|"
    r"point|gps)(?![a-z])"
)
_NAME_WORDS = frozenset({"name", "nom", "nome", "jina"})
_NAMES_OF_OTHERS = frozenset(
    "country pays pais operator company owner holder group user file source region province district "
    "admin".split()
)


def column_map(
    columns: Sequence[str], given: ColumnMap, *, preferred_name: str = ""
) -> dict[str, tuple[str, ...]]:
    """The columns of each field: those `given`, else guessed. A field given without a column has none.

    `preferred_name` is taken for the name when the columns have it and nothing is named more plainly.
    Raises ImportRefused for a field or a column that does not exist.
    """
    chosen: dict[str, tuple[str, ...]] = {}
    for field, names in given.items():
        if field not in FIELDS:
            raise ImportRefused(f"--map {field}: no such field; the fields are {', '.join(FIELDS)}")
        if len(names) > 1 and field not in _MANY:
            raise ImportRefused(f"--map {field}: takes one column")
        chosen[field] = tuple(_existing(name, columns) for name in names)
    taken = {column for names in chosen.values() for column in names}
    free = [column for column in columns if column not in taken]
    for field in FIELDS:
        if field not in chosen:
            chosen[field] = _GUESSES.get(field, _by_name)(field, free)
            if field == "name" and not chosen[field] and preferred_name in free:
                chosen[field] = (preferred_name,)
            free = [column for column in free if column not in chosen[field]]
    return chosen


def has_coordinates(columns: Sequence[str], given: ColumnMap) -> bool:
    """Whether a row can be the header of a table with coordinates."""
    try:
        return can_place(column_map(columns, given))
    except ImportRefused:
        return False


def can_place(chosen: ColumnMap) -> bool:
    """Whether some columns say where a row is."""
    return bool((chosen["lat"] and chosen["lon"]) or any(chosen[name] for name in ("wkt", "point", "mgrs")))


def _existing(name: str, columns: Sequence[str]) -> str:
    if name in columns:
        return name
    alike = [column for column in columns if _key(column) == _key(name)]
    if len(alike) != 1:
        raise ImportRefused(f"there is no column {name!r}; the columns are {', '.join(columns) or 'none'}")
    return alike[0]


def _by_name(field: str, columns: Sequence[str]) -> tuple[str, ...]:
    by_key = {_key(column): column for column in reversed(columns)}
    for name in _NAMES[field].split():
        if name in by_key:
            return (by_key[name],)
    return ()


def _guess_name(field: str, columns: Sequence[str]) -> tuple[str, ...]:
    if named := _by_name(field, columns):
        return named
    with_word = [column for column in columns if _NAME_WORDS & set(_words(column))]
    plain = [column for column in with_word if not _NAMES_OF_OTHERS & set(_words(column))]
    plain.sort(key=lambda column: bool(language_of(column)))
    # The name of a first-level region is better than none; that of a country or an owner is not.
    regions = [column for column in with_word if _key(column) in {"admin1name", "admin2name", "provincename"}]
    return tuple((plain or regions)[:1])


def _guess_minerals(field: str, columns: Sequence[str]) -> tuple[str, ...]:
    return tuple(
        column
        for column in columns
        if _MINERAL_WORDS & set(_words(column))
        and not {"type", "count", "number", "share"} & set(_words(column))
    )


def _guess_aliases(field: str, columns: Sequence[str]) -> tuple[str, ...]:
    translated = [column for column in columns if language_of(column)]
    return tuple(dict.fromkeys((*_by_name(field, columns), *translated)))


def language_of(column: str) -> str:
    """The language of a column of names, such as "name:fr", "nom_sw" or "name_en"; "" where it says none."""
    words = _words(column)
    is_name = len(words) == 2 and words[0] in _NAME_WORDS
    return words[1] if is_name and words[1] in _LANGUAGES else ""


def _guess_axis(field: str, columns: Sequence[str]) -> tuple[str, ...]:
    """A column of coordinates, whatever it says of its grid and unit: "Easting (UTM 34S, m)", "X_WGS84"."""
    if named := _by_name(field, columns):
        return named
    bare = {_key(_OF_GRID.sub(" ", fold_letters(column))): column for column in reversed(columns)}
    return next(((bare[name],) for name in _NAMES[field].split() if name in bare), ())


_GUESSES: dict[str, Callable[[str, Sequence[str]], tuple[str, ...]]] = {
    "name": _guess_name,
    "minerals": _guess_minerals,
    "aliases": _guess_aliases,
    "lat": _guess_axis,
    "lon": _guess_axis,
}


def _words(column: str) -> list[str]:
    return _WORD.findall(fold_letters(_CAMEL.sub(" ", column)))


def _key(column: str) -> str:
    words = _WORD.findall(fold_letters(column))
    # "ISO_A2" and "iso2" are one; other figures tell columns apart (admin0, admin1).
    return re.sub(r"\d$", "", "".join(words)) if words[:1] == ["iso"] else "".join(words)
