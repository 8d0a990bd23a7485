"""Exports for advocates: choose on the map, say what for, have it made, take it."""
