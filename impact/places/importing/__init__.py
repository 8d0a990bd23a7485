"""Bringing places in from other people's files: producing areas and gazetteers."""
