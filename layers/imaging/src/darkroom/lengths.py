"""Lengths as workflows tell them."""


def in_pixels(length: str, side: int) -> int:
    """Whole pixels of `30px`, or of a percentage such as `12.5%` of a side of so many."""
    if length.endswith("px"):
        return int(length.removesuffix("px"))
    return round(float(length.removesuffix("%")) * side / 100)
