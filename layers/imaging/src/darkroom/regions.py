"""Which parts of a matte hang together, where they lie, and what cuts them off."""

import numpy as np
from numpy.typing import NDArray

from darkroom.picture import FAINT, Bytes, Edge, Floats

_SEEN = np.float32(0.1)
_CLEAR = np.float32(0.5)
_SOLID = np.float32(0.95)
# Haze fainter than this at any place may be a hole that was only glimpsed.
_DOUBT = np.float32(0.3)
# Parts whose clear area is smaller than this share of the largest part's are specks.
_MIN_SHARE = 0.01

# Alpha that counts as cut off, and the share of the subject's side that must be.
_CUT, _CUT_SHARE = 128, 0.08

type Mask = NDArray[np.bool_]
type Labels = NDArray[np.int32]


def without_specks(matte: Floats) -> Floats:
    """Set small and hazy parts of a (h, w) float32 0-1 matte to 0, the largest part never."""
    parts = label(matte > _SEEN)
    areas = np.bincount(parts[matte > _CLEAR], minlength=int(parts.max()) + 1)
    areas[0] = 0
    if not areas.any():
        return matte
    kept = areas >= _MIN_SHARE * areas.max()
    kept[0] = True
    return np.where(kept[parts], matte, np.float32(0))


def without_haze_inside(matte: Floats) -> Floats:
    """Fill half-transparent patches of a (h, w) float32 0-1 matte that are wholly inside.

    A patch in which the background is seen somewhere is a true hole and stays.
    """
    parts = label(matte < _SOLID)
    count = int(parts.max()) + 1
    lowest = np.ones(count, np.float32)
    np.minimum.at(lowest, parts.ravel(), matte.ravel())
    inside = lowest > _DOUBT
    border = (parts[0], parts[-1], parts[:, 0], parts[:, -1])
    inside[np.concatenate(border)] = False
    inside[0] = False
    return np.where(inside[parts], np.float32(1), matte)


def label(mask: Mask) -> Labels:
    """Number the parts of a (h, w) mask that touch by a side from 1; 0 outside.

    Runs of each row are joined with those above them by union-find.
    """
    labels = np.zeros(mask.shape, np.int32)
    edges = np.diff(np.pad(mask, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    rows, starts = np.nonzero(edges == 1)
    _, stops = np.nonzero(edges == -1)
    parents = list(range(len(rows) + 1))

    def root(run: int) -> int:
        while parents[run] != run:
            parents[run] = parents[parents[run]]
            run = parents[run]
        return run

    runs = list(zip(rows.tolist(), starts.tolist(), stops.tolist(), strict=True))
    for number, (row, start, stop) in enumerate(runs, start=1):
        if row:
            above = labels[row - 1, start:stop]
            for other in np.unique(above[above > 0]).tolist():
                parents[root(other)] = root(number)
        labels[row, start:stop] = number
    roots = np.array([root(run) for run in range(len(parents))], np.int32)
    _, compact = np.unique(roots, return_inverse=True)
    return compact.astype(np.int32)[labels]


def extent(seen: Mask) -> tuple[slice, slice] | None:
    """Rows and columns of the smallest box around what is True in (h, w) bool; None for nothing."""
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    if not rows.size:
        return None
    return (
        slice(int(rows[0]), int(rows[-1]) + 1),
        slice(int(columns[0]), int(columns[-1]) + 1),
    )


def cut_edges(alpha: Bytes) -> frozenset[Edge]:
    """Say which edges of the picture cut the subject of (height, width) uint8 alpha."""
    box = extent(alpha >= FAINT)
    if box is None:
        return frozenset()
    sides = {"top": alpha[0], "bottom": alpha[-1], "left": alpha[:, 0], "right": alpha[:, -1]}
    found: set[Edge] = set()
    for edge, pixels in sides.items():
        along = box[1] if edge in ("top", "bottom") else box[0]
        if np.count_nonzero(pixels >= _CUT) >= _CUT_SHARE * (along.stop - along.start):
            found.add(edge)  # type: ignore[arg-type]
    return frozenset(found)
