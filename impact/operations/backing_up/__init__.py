"""Backups: the database, every file that belongs to it, and the fingerprints of the keys, never the keys."""

from impact.operations.backing_up.backup import make_backup
from impact.operations.backing_up.restore import restore_backup

__all__ = ["make_backup", "restore_backup"]
