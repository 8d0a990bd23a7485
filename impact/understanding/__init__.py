"""WHAT A TEXT SAYS: pure functions, text in, facts out; no models."""
