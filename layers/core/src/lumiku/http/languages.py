"""The language that a client prefers, as its Accept-Language says (RFC 9110, 12.5.4)."""

from typing import get_args

from lumiku.domain.texts import Language

_ANY = "*"


def preferred(accepted: str) -> Language:
    """The language with the highest quality value, of equal ones the first; else English."""
    rated: dict[str, tuple[float, int]] = {}
    for place, choice in enumerate(accepted.lower().split(",")):
        tag, _, quality = choice.partition(";")
        rated.setdefault(tag.strip().partition("-")[0], (_quality(quality), -place))
    best = max(get_args(Language), key=lambda one: rated.get(one, rated.get(_ANY, (0.0, 0))))
    found: Language = best
    return found


def _quality(parameter: str) -> float:
    name, _, value = parameter.replace(" ", "").partition("=")
    if not name:
        return 1.0
    try:
        return min(max(float(value), 0.0), 1.0) if name == "q" else 0.0
    except ValueError:
        return 0.0
