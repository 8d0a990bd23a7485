"""What of somebody's file is too much to read, said before it is tried: a file can be a bomb.

The command's own limits of memory and time (impact.operations.limiting) hold whatever comes; these name what
is wrong, and quickly.
"""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from impact.places.importing.source import ImportRefused

MOST_UNPACKED = 1_000_000_000  # bytes of an archive, a workbook or a KMZ in all
MOST_OF_GAZETTEER = 4_000_000_000  # that of the whole world has half of it
MOST_ENTRIES = 65_535
MOST_STRINGS = 200_000_000  # bytes of a workbook's shared strings, which are held at once
LONGEST_LINE = 32_000_000  # characters: an outline of a million corners in words
MOST_SHEET_ROWS = 1_048_576  # of a sheet, as spreadsheets have it
MOST_CORNERS = 1_000_000  # of one outline
MOST_NESTED = 50  # collections within collections
_SHARED_STRINGS = "xl/sharedStrings.xml"


def refuse_bomb(path: Path, most_unpacked: int = MOST_UNPACKED) -> None:
    """Raise ImportRefused for an archive (zip, XLSX, ODS, KMZ) that unpacks to more than is read.

    The sizes are those that the archive states: no reader of zip files unpacks more of an entry.
    """
    if not zipfile.is_zipfile(path):
        return
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise ImportRefused(f"{path.name} is no archive that can be read: {error}") from None
    if len(entries) > MOST_ENTRIES:
        raise ImportRefused(f"{path.name} holds {len(entries):,} files; at most {MOST_ENTRIES:,} are read")
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > most_unpacked:
        raise ImportRefused(
            f"{path.name} unpacks to {_megabytes(unpacked)}; at most {_megabytes(most_unpacked)} are read"
        )
    for entry in entries:
        if entry.filename == _SHARED_STRINGS and entry.file_size > MOST_STRINGS:
            raise ImportRefused(
                f"{path.name} has {_megabytes(entry.file_size)} of texts; at most "
                f"{_megabytes(MOST_STRINGS)} of a workbook are read: save it as CSV"
            )


def bounded_lines(text: IO[str], name: str, most: int = 0) -> Iterator[str]:
    """The lines of a file. Raises ImportRefused for one that is longer than any row can be, and after `most`
    characters, where that is given."""
    number = read = 0
    while line := text.readline(LONGEST_LINE):
        number += 1
        read += len(line)
        if most and read > most:
            raise ImportRefused(
                f"{name} unpacks to more than {_megabytes(most)}, which is the most that is read"
            )
        if len(line) == LONGEST_LINE and not line.endswith("\n"):
            raise ImportRefused(f"{name} line {number}: longer than {LONGEST_LINE:,} characters")
        yield line


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.0f} MB"
