"""Scenario files: which requests a wire format has, and how a provider answers them.

Each scenario is marked `confirmed` (read in the provider's own documents or client), `observed`
(seen in public code and threads of others) or `assumed`. It overrides the answers of the good run,
by request; answers of a list come one after the other, and the last one again and again.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

import yaml
from pydantic import BaseModel, ConfigDict, Field

from lumiku.domain.hosting.models import HOSTED_MODELS

SCENARIOS = Path(__file__).parent / "scenarios"
EVERYBODY = "everybody"

type Mark = Literal["confirmed", "observed", "assumed"]


class Said(BaseModel):
    """One answer. Strings of `headers`, `json`, `text` may have placeholders ($base, $job, $photo,
    $cutout, $mask: the latter as data URIs, and as bare base64 with _base64 behind).

    `picture` is one of `pictures.picture`, at `scale`. How it is sent: `drip_s` between pieces of
    `drip_bytes`, `drip_head` byte by byte from the status line on, `cut` half of it and then
    nothing, `endless` so many bytes (`declared` in advance or not), `silent` not at all.
    `bills` is whether the photo of a submission is billed; as a rule if the status is 2xx.
    """

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    status: int = 200
    headers: dict[str, str] = {}
    json_body: Any = Field(default=None, alias="json")
    text: str | None = None
    picture: str | None = None
    scale: float = 1.0
    drip_s: float = 0
    drip_bytes: int = 64
    drip_head: bool = False
    cut: bool = False
    endless: int = 0
    declared: bool = True
    silent: bool = False
    bills: bool | None = None

    @property
    def is_billed(self) -> bool:
        return 200 <= self.status < 300 if self.bills is None else self.bills


class Scenario(NamedTuple):
    """How all requests of a photo are answered, and how well that is known."""

    mark: Mark
    answers: Mapping[str, list[Said]]

    def answer(self, request: str, number: int) -> Said:
        """What the `number`-th request of that name gets, from 0 on."""
        answers = self.answers[request]
        return answers[min(number, len(answers) - 1)]


@dataclass(frozen=True)
class Script:
    """A wire format. `photo` is where a submission has it: a path in its JSON, or the body.

    `requests` are patterns of method and path. Those in `without_key` must not carry it.
    """

    wire: str
    key_header: str
    key_value: str
    photo: str
    requests: Mapping[str, re.Pattern[str]]
    without_key: frozenset[str]
    scenarios: Mapping[str, Scenario] = field(repr=False)

    def find(self, method: str, path: str) -> tuple[str, str] | None:
        """Name of the request, and the job that its path names, if any."""
        for name, pattern in self.requests.items():
            if found := pattern.fullmatch(f"{method} {path}"):
                return name, found.groupdict().get("job") or ""
        return None


@cache
def script(wire: str) -> Script:
    """The scenario file of that wire format, with what may happen to everybody."""
    own, shared = _read(wire), _read(EVERYBODY)
    scenarios = {**shared["scenarios"], **own["scenarios"]}
    return Script(
        wire=wire,
        key_header=own["key"]["header"],
        key_value=own["key"]["value"],
        photo=own["photo"],
        requests={name: re.compile(pattern) for name, pattern in own["requests"].items()},
        without_key=frozenset(own.get("without_key", [])),
        scenarios={name: _scenario(own["answers"], given) for name, given in scenarios.items()},
    )


def script_of(entry: str) -> Script:
    """The scenario file of an entry: models that paint have another one than those that cut out."""
    model = HOSTED_MODELS[entry]
    return script(model.wire if model.shows in {"cutout", "mask"} else f"{model.wire}-scenes")


def shared_scenarios() -> list[str]:
    """Names of what may happen to everybody."""
    return list(_read(EVERYBODY)["scenarios"])


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((SCENARIOS / f"{name}.yaml").read_text())
    return found


def _scenario(good: Mapping[str, Any], given: Mapping[str, Any]) -> Scenario:
    mark: Mark = given["mark"]
    answers = {**good, **{name: said for name, said in given.items() if name != "mark"}}
    return Scenario(mark, {name: _said(said) for name, said in answers.items()})


def _said(found: Any) -> list[Said]:
    return [Said.model_validate(one) for one in (found if isinstance(found, list) else [found])]
