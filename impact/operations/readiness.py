"""Whether this installation can do its work now: what /readyz answers and `doctor` begins with."""

from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from impact.operations.models import Heartbeat

WORKER_SEEN_WITHIN = timedelta(seconds=60)


def readiness() -> dict[str, bool]:
    """Each part by name, and whether it is ready. Never raises for a database that is away."""
    try:
        version = spatial_library_version()
    except DatabaseError:
        return {"database": False, "spatial_library": False, "worker": False}
    try:
        worker = Heartbeat.objects.filter(beat_at__gte=timezone.now() - WORKER_SEEN_WITHIN).exists()
    except DatabaseError:
        worker = False
    return {"database": True, "spatial_library": bool(version), "worker": worker}


def spatial_library_version() -> str:
    """SpatiaLite's or PostGIS's version, "" when the database has neither. Raises DatabaseError."""
    function = "spatialite_version()" if settings.IS_SPATIALITE else "PostGIS_Lib_Version()"
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        try:
            cursor.execute(f"SELECT {function}")
        except DatabaseError:
            return ""
        row = cursor.fetchone()
    return str(row[0]) if row else ""
