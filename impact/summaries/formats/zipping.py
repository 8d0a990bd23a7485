"""Zip archives that are the same to the byte for the same content: entries bear a given moment."""

import zipfile
from datetime import datetime
from pathlib import Path

_PART = 1 << 20


def add_file(archive: zipfile.ZipFile, name: str, source: Path | bytes, moment: datetime) -> None:
    """Add a file's content, or some bytes, under a name; the entry's time is `moment`, its rights plain."""
    entry = zipfile.ZipInfo(name, date_time=moment.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    entry.create_system = 3
    if isinstance(source, bytes):
        archive.writestr(entry, source)
        return
    entry.file_size = source.stat().st_size
    with archive.open(entry, "w") as target, source.open("rb") as file:
        while part := file.read(_PART):
            target.write(part)
