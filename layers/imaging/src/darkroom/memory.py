"""Pages that one step frees are there for the next: new ones cost more than most steps do."""

import ctypes

from PIL import Image

# mallopt(3). By default glibc gives 128 KB and more back with each free, so that arrays of a photo
# are faulted in anew, page by page, at each step. 32 MB is the most that is allowed here.
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_KEPT_BYTES = 256 << 20
_LARGEST_KEPT_BYTES = 32 << 20
# Pillow keeps images in blocks of 16 MB, of its own.
_KEPT_BLOCKS = 8


def keep_freed() -> None:
    """Let this process keep up to 384 MB that it frees, instead of giving them back each time.

    Where the C library is not glibc, only Pillow's part is kept.
    """
    Image.core.set_blocks_max(_KEPT_BLOCKS)  # type: ignore[attr-defined]
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt:
        mallopt(_M_MMAP_THRESHOLD, _LARGEST_KEPT_BYTES)
        mallopt(_M_TRIM_THRESHOLD, _KEPT_BYTES)
