"""Where GDAL, GEOS and an SQLite with extensions come from when the system has none.

The wheels of pyogrio and shapely carry GDAL and GEOS; pysqlite3-binary carries an SQLite that loads
extensions, which some builds of Python leave out. Called by the settings, before Django looks.
"""

import importlib
import importlib.util
import os
import sqlite3
import sys
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

# GDAL looks into a file, whatever it is called, and some drivers take what they find for an order: to read
# another file, ask an address, run a program. A list of mines that somebody sends is not to do any of that.
_OBEDIENT_DRIVERS = (
    *(
        "ADBC",
        "AmigoCloud",
        "Carto",
        "CSW",
        "EEDA",
        "Elasticsearch",
        "GDALG",
        "GPSBabel",
        "HTTP",
        "NGW",
        "OAPIF",
    ),
    *("OGCAPI", "OGR_VRT", "PLSCENES", "WFS"),
)
_NOWHERE = "127.0.0.1:9"  # the port of "discard": no name is looked up, and no connection leaves


def _wheel_library(package: str, pattern: str) -> str | None:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        return None
    beside = Path(spec.origin).parent.parent / f"{package}.libs"
    return next((str(path) for path in sorted(beside.glob(pattern))), None)


def keep_gdal_to_its_file() -> None:
    """Take from GDAL the drivers that reach beyond the file, and the net. Before it is loaded for the first
    time; processes that are started from here inherit it."""
    os.environ["OGR_SKIP"] = ",".join(_OBEDIENT_DRIVERS)
    os.environ["GDAL_HTTP_PROXY"] = os.environ["GDAL_HTTPS_PROXY"] = _NOWHERE


def gdal_library_path() -> str | None:
    """GDAL_LIBRARY_PATH, else the GDAL inside pyogrio's wheel, else None (Django looks for the system's)."""
    return os.environ.get("GDAL_LIBRARY_PATH") or _wheel_library("pyogrio", "libgdal*.so*")


def geos_library_path() -> str | None:
    """GEOS_LIBRARY_PATH, else the GEOS inside shapely's wheel, else None."""
    return os.environ.get("GEOS_LIBRARY_PATH") or _wheel_library("shapely", "libgeos_c*.so*")


def use_sqlite_with_extensions() -> None:
    """Make `import sqlite3` give an SQLite that can load SpatiaLite.

    Raises ImproperlyConfigured when neither Python's own nor pysqlite3 can.
    """
    if hasattr(sqlite3.Connection, "enable_load_extension"):
        return
    if importlib.util.find_spec("pysqlite3") is None:
        raise ImproperlyConfigured(
            "DATABASE_URL: this Python's sqlite3 cannot load SpatiaLite and pysqlite3-binary is missing; "
            "install it, use the system's python3, or set DATABASE_URL to a PostGIS database"
        )
    stand_in = importlib.import_module("pysqlite3")
    sys.modules["sqlite3"] = stand_in
    sys.modules["sqlite3.dbapi2"] = importlib.import_module("pysqlite3.dbapi2")
