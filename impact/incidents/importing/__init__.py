"""Reports from other systems: a file in, one report a row out."""
