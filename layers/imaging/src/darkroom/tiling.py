"""A large picture in tiles, so that work at full size is done only where something happens."""

import math

from PIL import Image

from darkroom.picture import Floats

_TILE_PX = 128
# Reach of the widest filter that `enlarged` may use (Pillow's Lanczos), in pixels of the small one.
_REACH_PX = 3

# Rows and columns.
type Tile = tuple[slice, slice]
# Height, width, and whatever follows.
type Shape = tuple[int, ...]


def tiles(shape: Shape) -> list[Tile]:
    """Cut a picture of that shape into tiles, row by row."""
    height, width = shape[:2]
    return [
        (slice(top, min(top + _TILE_PX, height)), slice(left, min(left + _TILE_PX, width)))
        for top in range(0, height, _TILE_PX)
        for left in range(0, width, _TILE_PX)
    ]


def enlarged(
    small: Image.Image,
    tile: Tile,
    shape: Shape,
    filter_: Image.Resampling,
) -> Image.Image:
    """Enlarge the part of a small image that lies under a tile of the whole shape."""
    rows, columns = tile
    across, down = small.width / shape[1], small.height / shape[0]
    box = (columns.start * across, rows.start * down, columns.stop * across, rows.stop * down)
    return small.resize((columns.stop - columns.start, rows.stop - rows.start), filter_, box)


def around(small: Floats, tile: Tile, shape: Shape) -> Floats:
    """View all values of a small (h, w) array that `enlarged` reads for a tile of the shape."""
    rows, columns = (
        _reached(part, few / many)
        for part, few, many in zip(tile, small.shape, shape, strict=False)
    )
    return small[rows, columns]


def _reached(part: slice, scale: float) -> slice:
    """Pixels of the small side under a part of the whole one, and those that the filter adds."""
    # Pillow widens its filter where it reduces.
    reach = math.ceil(_REACH_PX * max(1.0, scale))
    first, end = math.floor(part.start * scale), math.ceil(part.stop * scale)
    return slice(max(0, first - reach), end + reach)
