"""Refuse files that would cost far more than they show, before any decoder sees their pixels."""

from darkroom.errors import TooManyPixels


def check_pixels(width: int, height: int, max_pixels: int) -> None:
    """Refuse a size that holds more pixels than are processed."""
    if width * height > max_pixels:
        raise TooManyPixels(
            f"The photo has {width} x {height} pixels; at most {max_pixels // 1_000_000} "
            "megapixels are processed.",
            {"width": width, "height": height, "maxPixels": max_pixels},
        )
