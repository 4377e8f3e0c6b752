"""What is not painted by anybody: a short list of rules, which are data (`refused.json`)."""

import json
import re
import unicodedata
from functools import cache
from importlib import resources

from photo_steps.words import Words

_UNSEEN = re.compile(r"[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")


def refused(prompt: str) -> Words | None:
    """What the prompt asks for that is not painted; None if nothing is wrong with it."""
    plain = _UNSEEN.sub("", unicodedata.normalize("NFKC", prompt)).casefold()
    words = " ".join(re.findall(r"\w+", plain))
    return next((named for named, found in _rules() if found.search(words)), None)


@cache
def _rules() -> list[tuple[Words, re.Pattern[str]]]:
    data = json.loads(resources.files("photo_steps.prompts").joinpath("refused.json").read_bytes())
    return [
        (
            Words(en=rule["en"], id=rule["id"]),
            re.compile(rf"\b(?:{'|'.join(map(re.escape, rule['phrases']))})\b"),
        )
        for rule in data["rules"]
    ]
