"""Snapshots: what is public at a moment, frozen line by line, to be made again and checked."""
