"""Where the files of exports lie, and how they go: by age, and when something in them was taken back."""

import shutil
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.db.models import Max
from django.utils import timezone

from impact.exports.models import Export
from impact.publication.models import Retraction
from impact.publication.snapshots.taking import retracted_count
from impact.summaries.formats.scratch import sweep_scratch

_SWEEP_EVERY_S = 600


def folder_of(export: Export) -> Path:
    return Path(settings.VAR_DIR) / "exports" / str(export.pk)


def files_folder(export: Export) -> Path:
    return folder_of(export) / "files"


def kept_file(export: Export, name: str) -> Path | None:
    """The path of a file that may still be handed out, or None. Withdraws an export that may not."""
    if export.state != Export.State.DONE or withdraw_if_taken_back(export):
        return None
    if export.expires_at and export.expires_at <= timezone.now():
        return None
    path = files_folder(export) / name
    return path if any(file["name"] == name for file in export.files) and path.is_file() else None


def newest_retraction() -> int:
    """The number of the latest retraction; 0 before the first."""
    return int(Retraction.objects.aggregate(newest=Max("pk"))["newest"] or 0)


def withdraw_taken_back() -> int:
    """A worker's turn: erase the files that hold an incident which was taken back since."""
    stale = Export.objects.filter(state=Export.State.DONE, retraction_seen__lt=newest_retraction())
    return sum(
        withdraw_if_taken_back(export)
        for export in stale.select_related("snapshot").defer("snapshot__rows")[:100]
    )


def withdraw_if_taken_back(export: Export) -> bool:
    """Whether something in an export was taken back since it was made; then its files are erased."""
    newest = newest_retraction()
    if newest <= export.retraction_seen:
        return False
    if retracted_count(export.snapshot) == export.taken_back:
        Export.objects.filter(pk=export.pk).update(retraction_seen=newest)
        return False
    _erase(export, Export.State.WITHDRAWN)
    return True


def expire_exports(now: datetime | None = None) -> int:
    """A worker's turn: erase files whose days are over. The rows stay. Returns how many exports expired."""
    over = Export.objects.filter(state=Export.State.DONE, expires_at__lte=now or timezone.now())[:100]
    for export in over:
        _erase(export, Export.State.EXPIRED)
    return len(over)


def sweep_folders() -> int:
    """A worker's turn, every ten minutes: erase what those that were killed left behind. Returns how many."""
    key = "exports-swept"
    if not cache.add(key, True, _SWEEP_EVERY_S):
        return 0
    return sweep_scratch() + sum(_swept(folder) for folder in _all_folders())


def _all_folders() -> list[Path]:
    room = Path(settings.VAR_DIR) / "exports"
    return sorted(room.iterdir()) if room.is_dir() else []


def _swept(folder: Path) -> int:
    """What no row speaks of, what its row no longer offers, and the steps of what is whole."""
    export = Export.objects.filter(pk=folder.name).first() if _is_key(folder.name) else None
    if export is not None and export.is_under_way:
        return 0  # the next step clears it
    whole = export is not None and export.state == Export.State.DONE
    stale = [*folder.glob("step-*"), *folder.glob("*.part")] if whole else [folder]
    for path in stale:
        shutil.rmtree(path, ignore_errors=True)
    return len(stale)


def _is_key(name: str) -> bool:
    try:
        UUID(name)
    except ValueError:
        return False
    return True


def _erase(export: Export, state: Export.State) -> None:
    # The row first: what it no longer offers may lie there a moment longer, never the other way round.
    Export.objects.filter(pk=export.pk, state=Export.State.DONE).update(state=state)
    export.state = state
    shutil.rmtree(folder_of(export), ignore_errors=True)
