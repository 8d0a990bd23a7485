"""Measuring in processes of its own. Imports nothing of the database: it starts in half a second."""

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import shapely

from impact.places.nearness.measuring import AreaIndex, AreaShape, Nearness

_index: list[AreaIndex] = []


def measuring_pool(shapes: Sequence[AreaShape], processes: int) -> ProcessPoolExecutor:
    """Processes that hold an index of these areas; give them `nearest_apart`."""
    # All shapes in one go: one by one they take as long as starting a process does.
    columns = (
        np.array([shape.key for shape in shapes]),
        shapely.to_wkb([shape.geometry for shape in shapes]),
        np.array([shape.reach_m for shape in shapes]),
    )
    # Not forked: a forked child would share this process's connections.
    return ProcessPoolExecutor(processes, get_context("spawn"), initializer=_prepare, initargs=columns)


def nearest_apart(longitude: np.ndarray, latitude: np.ndarray, uncertainty_m: np.ndarray) -> Nearness:
    """`AreaIndex.nearest` with the index of this process."""
    return _index[0].nearest(longitude, latitude, uncertainty_m)


def _prepare(keys: np.ndarray, geometries: np.ndarray, reach_m: np.ndarray) -> None:
    shapes = map(AreaShape, keys.tolist(), shapely.from_wkb(geometries), reach_m.tolist())
    _index[:] = [AreaIndex(list(shapes))]
