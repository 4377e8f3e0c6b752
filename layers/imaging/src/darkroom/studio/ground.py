"""Where a subject touches the ground, told from its silhouette alone."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from darkroom.picture import FAINT, Bytes, Floats
from darkroom.regions import extent
from darkroom.studio.blur import blurred

type Point = tuple[float, float]

# Share of the strongest alpha from which a pixel is part of the silhouette: glass has one too.
_SOLID = 0.5
# Columns that are looked at; of a wider picture every n-th.
_COLUMNS = 1200
# A flat edge of the hull is ground. A steeper one is, where the silhouette follows it: that is the
# base of a box seen from a corner, and not the air under a lamp's shade.
_FLAT, _STEEP = 0.35, 0.95
_MAX_GAP = 0.035
# Beyond what stands on it, the ground goes on a little upwards, away from the viewer.
_BEYOND = 0.06
_CONTACT, _SOFT_END = 0.012, 0.008


@dataclass(frozen=True)
class Ground:
    """The line on which a subject stands, in pixels from the top, for each column.

    `line` and `contact` are (width,) float32: where the line is, and from 0 to 1 how surely the
    subject touches it there. `box` has the rows and columns of what is seen of the subject.
    """

    line: Floats
    contact: Floats
    box: tuple[slice, slice]

    @property
    def height(self) -> int:
        """Height of the subject in pixels."""
        return int(self.box[0].stop - self.box[0].start)

    @property
    def width(self) -> int:
        """Width of the subject in pixels."""
        return int(self.box[1].stop - self.box[1].start)


def ground(alpha: Bytes) -> Ground | None:
    """Find the ground of (height, width) uint8 alpha; None where nothing is solid."""
    box = extent(alpha >= FAINT)
    if box is None:
        return None
    height, width = box[0].stop - box[0].start, alpha.shape[1]
    step = max(1, width // _COLUMNS)
    # Rows of the silhouette's lower edge, in every n-th column that has one.
    seen = alpha[box[0], ::step]
    part = seen >= max(1.0, _SOLID * int(seen.max()))
    columns = np.flatnonzero(part.any(axis=0))
    if not columns.size:
        return None
    lowest = box[0].stop - part[::-1, columns].argmax(axis=0).astype(np.float64)
    across = columns * step + 0.5 * step
    line = _line(across, lowest, height)
    everywhere = np.arange(width) + 0.5
    ys = np.interp(everywhere, *line)
    left, right = line[0][0], line[0][-1]
    ys -= _BEYOND * (np.maximum(0, left - everywhere) + np.maximum(0, everywhere - right))
    gaps = np.interp(across, *line) - lowest
    touch = np.exp(-np.abs(gaps) / (_CONTACT * height))
    touch[(across < left - step) | (across > right + step)] = 0
    contact = np.interp(everywhere, across, touch)
    contact[: box[1].start] = 0
    contact[box[1].stop :] = 0
    contact *= np.repeat(part.any(axis=0), step)[:width]
    # A contact that ends between two columns would show as a cut.
    soft = blurred(contact.astype(np.float32)[None], _SOFT_END * height, 0)[0]
    return Ground(ys.astype(np.float32), soft, box)


def lower_hull(across: NDArray[np.float64], down: NDArray[np.float64]) -> list[Point]:
    """The convex hull's lower side of points by column: the corners, from left to right."""
    hull: list[Point] = []
    for point in zip(across.tolist(), down.tolist(), strict=True):
        while len(hull) > 1 and _turns_up(hull[-2], hull[-1], point):
            hull.pop()
        hull.append(point)
    return hull


def _turns_up(first: Point, middle: Point, last: Point) -> bool:
    """Say whether the middle one lies on or above the line of the others (rows go down)."""
    (x0, y0), (x1, y1), (x2, y2) = first, middle, last
    return (x1 - x0) * (y2 - y0) - (y1 - y0) * (x2 - x0) >= 0


def _line(
    across: NDArray[np.float64], lowest: NDArray[np.float64], height: int
) -> tuple[list[float], list[float]]:
    """The corners of the hull that are ground: those that flat edges join to the lowest one."""
    hull = lower_hull(across, lowest)
    base = max(range(len(hull)), key=lambda corner: hull[corner][1])
    first = last = base
    while first > 0 and _is_ground(hull[first - 1], hull[first], across, lowest, height):
        first -= 1
    while last < len(hull) - 1 and _is_ground(hull[last], hull[last + 1], across, lowest, height):
        last += 1
    kept = hull[first : last + 1]
    return [x for x, _ in kept], [y for _, y in kept]


def _is_ground(
    start: Point,
    end: Point,
    across: NDArray[np.float64],
    lowest: NDArray[np.float64],
    height: int,
) -> bool:
    (x0, y0), (x1, y1) = start, end
    slope = abs((y1 - y0) / (x1 - x0))
    if slope <= _FLAT:
        return True
    if slope > _STEEP:
        return False
    under = (across >= x0) & (across <= x1)
    edge = y0 + (across[under] - x0) * (y1 - y0) / (x1 - x0)
    return bool((edge - lowest[under]).mean() < _MAX_GAP * height)
