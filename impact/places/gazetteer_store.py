"""The gazetteer that this process reads with: the database's places and areas, or the shipped files.

Built once a process and again when the tables change, which a cheap stamp tells.
"""

import gc
import json
import logging
import os
import threading
import time
from collections.abc import Iterator
from sys import intern

from django.db import DatabaseError, connection
from django.db.models import Count, Max, TextField
from django.db.models.functions import Cast

from impact.places.gazetteer import Gazetteer, NamedPlace, read_shipped_places
from impact.places.learnt_names import learnt_names
from impact.places.models import Place, ProducingArea, TaughtName

logger = logging.getLogger(__name__)

_RECHECK_S = 30.0
_LONGEST_LOAD_S = 60.0
_PLACE_COLUMNS = ("country", "longitude", "latitude", "radius_m", "population")
_lock = threading.Lock()
_held: tuple[tuple[object, ...], Gazetteer] | None = None
_checked_at = 0.0
_is_wanted = False
_beside = threading.Lock()  # held while the thread that loads has a connection
_is_waited_for = False


def current_gazetteer() -> Gazetteer:
    """The names to read with. Looks for changes in the database at most every half minute.

    While another thread looks, or loads what changed, it gives the names of before.
    """
    held = _held
    if held is not None and (_is_fresh() or not _lock.acquire(blocking=False)):
        return held[1]
    if held is None:
        _lock.acquire()
    return _looked()


def gazetteer_within(seconds: float) -> Gazetteer | None:
    """The same for who cannot wait: None where there are no names yet and another thread goes on loading."""
    if _held is not None:
        return current_gazetteer()
    return _looked() if _lock.acquire(timeout=seconds) else None


def load_beside() -> None:
    """Load names in a thread: in this process, and in each that is forked from it before they are there."""
    global _is_wanted
    _is_wanted = True
    threading.Thread(target=_load, name="loading names", daemon=True).start()


def _load() -> None:
    with _beside:
        try:
            current_gazetteer()
        except DatabaseError as error:
            # What comes is kept, and who reads it loads them.
            logger.warning("names were not loaded at start: %s", type(error).__name__)
        finally:
            connection.close()


def _is_fresh() -> bool:
    return time.monotonic() - _checked_at < _RECHECK_S


def _looked() -> Gazetteer:
    """Look, and load what changed. The caller holds the lock, which is free again afterwards."""
    global _held, _checked_at
    try:
        if _held is not None and _is_fresh():
            return _held[1]
        stamp = _stamp()
        if _held is None or _held[0] != stamp:
            is_stored = any(stamp)
            places = _stored_places() if is_stored else read_shipped_places()
            _held = (
                stamp,
                Gazetteer(places, learnt_names(), _joined()) if is_stored else Gazetteer(places),
            )
            # It lives as long as the process: without it, each full collection is some 100 ms shorter.
            gc.collect()
            gc.freeze()
        _checked_at = time.monotonic()
        return _held[1]
    finally:
        _lock.release()


def _begin_anew_in_child() -> None:
    """A process that is forked while names are being loaded would wait for ever for who loads them."""
    global _lock, _beside
    _lock, _beside = threading.Lock(), threading.Lock()
    if _is_wanted and _held is None:
        load_beside()


def _wait_for_names() -> None:
    """A server that loads first and forks then (gunicorn --preload) forks when the names are there.

    For a connection of SQLite's must not be open meanwhile: the child takes its locks for locks of its own,
    writes where others write, and the file is ruined.
    """
    global _is_waited_for
    _is_waited_for = _beside.acquire(timeout=_LONGEST_LOAD_S)


def _go_on_in_parent() -> None:
    if _is_waited_for:
        _beside.release()


os.register_at_fork(
    before=_wait_for_names, after_in_parent=_go_on_in_parent, after_in_child=_begin_anew_in_child
)


def places_called(name: str, limit: int = 8) -> list[NamedPlace]:
    """Places by a name, typing errors forgiven, then those that begin so: areas and large places first."""
    name = name.strip()
    if not name or "\0" in name:
        return []
    matches = sorted(
        current_gazetteer().matches(name),
        key=lambda match: (-match.closeness, match.place.kind != "area", -match.place.population),
    )
    begun = Place.objects.filter(name__istartswith=name).order_by("-population")[:limit]
    found = {
        (place.kind, place.id): place
        for place in (*(match.place for match in matches), *map(_named_place, begun))
    }
    return list(found.values())[:limit]


def forget_gazetteer() -> None:
    """Look again at the next call: after an import, and between tests."""
    global _checked_at
    _checked_at = 0.0


def _stamp() -> tuple[object, ...]:
    try:
        places = Place.objects.aggregate(count=Count("pk"), last=Max("updated_at"))
        areas = ProducingArea.objects.aggregate(count=Count("pk"), last=Max("updated_at"))
        taught = TaughtName.objects.aggregate(count=Count("pk"), last=Max("pk"))
    except DatabaseError:
        # `read_texts` works where no database was made yet; one that is away for a moment changes nothing.
        return _held[0] if _held is not None else ()
    return tuple(table[name] for table in (places, areas, taught) for name in ("count", "last"))


def _stored_places() -> Iterator[NamedPlace]:
    # Most places have one name: their empty JSON is not worth decoding a quarter of a million times.
    rows = Place.objects.order_by("pk").annotate(names=Cast("aliases", TextField()))
    for row in rows.values_list("pk", "name", "names", *_PLACE_COLUMNS).iterator(chunk_size=20_000):
        pk, name, names, country, longitude, latitude, radius_m, population = row
        aliases = () if names == "[]" else tuple(json.loads(names))
        yield NamedPlace(
            "place", pk, name, aliases, intern(country), longitude, latitude, radius_m, population
        )
    # What several sources have is one place, under all of their names. A retired one can still be meant.
    names_of: dict[int, list[str]] = {}
    for leading_id, name, aliases in ProducingArea.objects.filter(joined_to__isnull=False).values_list(
        "joined_to", "name", "aliases"
    ):
        names_of.setdefault(leading_id or 0, []).extend((name, *aliases))
    for area in ProducingArea.objects.leading().order_by("pk").iterator(chunk_size=1000):
        centre = area.geometry.point_on_surface
        yield NamedPlace(
            kind="area",
            id=area.pk,
            name=area.name,
            aliases=tuple(dict.fromkeys((*area.aliases, *names_of.get(area.pk, ())))),
            country=area.country,
            longitude=centre.x,
            latitude=centre.y,
            radius_m=area.accuracy_m or 5_000.0,
            population=0,
        )


def _joined() -> dict[int, int]:
    rows = ProducingArea.objects.filter(joined_to__isnull=False).values_list("pk", "joined_to")
    return {area_id: leading_id for area_id, leading_id in rows if leading_id}


def _named_place(place: Place) -> NamedPlace:
    return NamedPlace(
        kind="place",
        id=place.pk,
        name=place.name,
        aliases=tuple(place.aliases),
        country=place.country,
        longitude=place.longitude,
        latitude=place.latitude,
        radius_m=place.radius_m,
        population=place.population,
    )
