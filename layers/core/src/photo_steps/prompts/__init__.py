"""From words, English or Indonesian, to a procedural scene: told plainly what was understood.

No network reads them: a lexicon does. What it does not know is named and ignored, and a text of
which it knows nothing is refused before anybody pays for it.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import takewhile
from typing import Any, Literal

from photo_steps.scenes import MAX_SEED, Decor, Ground, InScene, Wall
from photo_steps.studio import Frame, Light, LightPreset, Shadow
from photo_steps.workflows import Step

MAX_PROMPT_CHARACTERS = 500
_LONGEST_PHRASE = 3
_NEGATED_WORDS = 2
_MAX_DECOR = 6
# A scene of these alone would be no scene: they only colour one.
_NOT_ENOUGH = {"preset", "gloss", "absent"}
_BASES = {"sweep": (56, 82), "table": (52, 84), "floor": (52, 84), "podium": (40, 74)}

type Slot = Literal[
    "material", "shape", "setting", "season", "decor", "warmth", "preset", "gloss", "colour"
]
type Lexicon = dict[str, list[tuple[Slot, Any]]]


class PromptNotServed(ValueError):
    """Nothing of the text can be shown; `ignored` are its words."""

    def __init__(self, ignored: tuple[str, ...]) -> None:
        super().__init__("No scene is known for these words.")
        self.ignored = ignored


@dataclass(frozen=True)
class Understood:
    """What became of a prompt: the scene, how the subject lies in it, and its honest name."""

    scene: InScene
    frame: Frame
    light: Light | None
    understood: tuple[str, ...]
    ignored: tuple[str, ...]
    source: Literal["procedural"] = "procedural"

    @property
    def workflow(self) -> tuple[Step, ...]:
        """The steps behind a cut-out."""
        steps = [self.frame, self.light, self.scene, Shadow(type="natural")]
        return tuple(Step.of(step) for step in steps if step is not None)


def understand(prompt: str, another: int = 0, exact_colours: bool = False) -> Understood:
    """Read a prompt. The same words give the same picture; `another` gives the next ones.

    Raises `PromptNotServed` where no word says what to show.
    """
    words = re.findall(r"[\w']+|[,.;:!?]", prompt[:MAX_PROMPT_CHARACTERS].lower())
    found, understood, ignored = _read(words)
    if not set(found) - _NOT_ENOUGH:
        raise PromptNotServed(tuple(ignored))
    digest = hashlib.sha256(" ".join(words).encode()).digest()
    seed = (int.from_bytes(digest[:4], "big") + another) % (MAX_SEED + 1)
    scene = _scene(found, seed, exact_colours)
    fill, base = _BASES[scene.ground.shape]
    presets: list[LightPreset] = found.get("preset", [])
    return Understood(
        scene,
        Frame(fill_percent=fill, base_percent=base),
        Light(mode="preset", preset=presets[0]) if presets else None,
        tuple(understood),
        tuple(ignored),
    )


def _read(words: list[str]) -> tuple[dict[str, list[Any]], list[str], list[str]]:
    """What is said for each slot in the order of the words; phrases understood; words ignored."""
    lexicon, fillers, negations, conjunctions = _lexicon()
    found: dict[str, list[Any]] = {}
    understood, ignored = [], []
    place = 0
    while place < len(words):
        if words[place] in negations:
            negated = _negated(words[place:], conjunctions)
            understood.append(" ".join(negated))
            found.setdefault("absent", []).extend(_ornaments(negated[1:], lexicon))
            place += len(negated)
            continue
        for length in range(_LONGEST_PHRASE, 0, -1):
            phrase = " ".join(words[place : place + length])
            if phrase in lexicon and place + length <= len(words):
                for slot, value in lexicon[phrase]:
                    found.setdefault(slot, []).append(value)
                understood.append(phrase)
                place += length
                break
        else:
            if words[place] not in fillers and _is_word(words[place]):
                ignored.append(words[place])
            place += 1
    return found, understood, ignored


def _negated(words: list[str], conjunctions: frozenset[str]) -> list[str]:
    """A negation and the words that it takes away; those that join them do not count."""
    taken, left = words[:1], _NEGATED_WORDS
    for word in takewhile(_is_word, words[1:]):
        left -= word not in conjunctions
        if left < 0:
            break
        taken.append(word)
    return taken


def _ornaments(words: list[str], lexicon: Lexicon) -> list[str]:
    """The ornaments that words name: a setting that brings them is shown without."""
    phrases = [" ".join(words[at : at + length]) for at in range(len(words)) for length in (1, 2)]
    entries = [entry for phrase in phrases for entry in lexicon.get(phrase, [])]
    return [value[0] for slot, value in entries if slot == "decor"]


def _is_word(text: str) -> bool:
    return text[0].isalnum() or text[0] in "_'"


@cache
def _lexicon() -> tuple[Lexicon, frozenset[str], frozenset[str], frozenset[str]]:
    data = json.loads(resources.files("photo_steps.prompts").joinpath("lexicon.json").read_bytes())
    lexicon: Lexicon = {}
    for entry in data["entries"]:
        for phrase in entry["words"]:
            lexicon.setdefault(phrase, []).append((entry["slot"], entry["value"]))
    fillers, negations, conjunctions = (
        frozenset(data[kind]) for kind in ("fillers", "negations", "conjunctions")
    )
    return lexicon, fillers, negations, conjunctions


def _scene(found: dict[str, list[Any]], seed: int, exact_colours: bool) -> InScene:
    """First mention wins; a season stands over a setting, and what is named itself over both."""
    told: dict[str, Any] = {}
    for slot in ("setting", "season"):
        if slot in found:
            told |= found[slot][0]
    ground: dict[str, Any] = dict(told.get("ground", {}))
    wall: dict[str, Any] = dict(told.get("wall", {}))
    if "material" in found:
        ground |= found["material"][0]
    if "shape" in found and not ("material" in found and found["shape"][0]["shape"] == "floor"):
        ground |= found["shape"][0]
    if "wall_accent" in told:
        wall["accent"] = told["wall_accent"]
    _colour(found.get("colour", []), wall, ground, "material" in found)
    decor = [*told.get("decor", []), *found.get("decor", [])]
    absent = set(found.get("absent", ()))
    named = {ornament: rest for ornament, *rest in decor if ornament not in absent}
    return InScene(
        wall=Wall(**wall),
        ground=Ground(**ground),
        decor=tuple(
            Decor(ornament=ornament, amount=rest[0], **({"colour": rest[1]} if rest[1:] else {}))
            for ornament, rest in list(named.items())[:_MAX_DECOR]
        ),
        key=told.get("key", -60),
        warmth=found["warmth"][0] if "warmth" in found else told.get("warmth", 0),
        gloss=found["gloss"][0] if "gloss" in found else told.get("gloss", 12),
        tint=told.get("tint", 40),
        exact_colours=exact_colours,
        seed=seed,
    )


def _colour(
    colours: list[str], wall: dict[str, Any], ground: dict[str, Any], has_material: bool
) -> None:
    """Colours are those of the wall; of a wall that is a room they only tint it."""
    if not colours:
        return
    if "room" in wall:
        wall["accent"] = colours[0]
        return
    wall["colour"] = colours[0]
    if len(colours) > 1:
        wall["accent"] = colours[1]
        wall.setdefault("pattern", "two-tone")
    elif wall.get("pattern", "plain") == "plain" or "accent" not in wall:
        wall["accent"] = "#ffffff"
    if not has_material and ground.get("material", "plain") == "plain":
        ground["colour"] = colours[-1]
