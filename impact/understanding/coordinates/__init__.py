"""Coordinates written in a text: degrees, grids, plus codes, geo: addresses, map links.

Each notation has a file of its own, and gives its readings in the order of the text; `finding` chooses.
"""

from impact.understanding.coordinates.finding import find_coordinates
from impact.understanding.coordinates.plus_codes import Reference
from impact.understanding.coordinates.verbatim import find_verbatim_places

__all__ = ["Reference", "find_coordinates", "find_verbatim_places"]
