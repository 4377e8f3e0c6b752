"""Imitations of hosted providers, which answer as scenario files say.

They keep the books that a provider keeps: which photo was sent how often, and billed how often.
"""

import base64
import hashlib
import json
import random
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from string import Template
from typing import Any

from tests.imitation_providers.pictures import empty, picture
from tests.imitation_providers.script import Said, Script

KEY = "imitation-key-0123456789"

type Choice = Callable[[str, int], str]
"""Scenario for a photo (its SHA-256) that is sent for the n-th time, from 0 on."""


def always(scenario: str) -> Choice:
    """The same for every photo."""
    return lambda photo, number: scenario


def weather(seed: int, shares: Mapping[str, float]) -> Choice:
    """Scenarios with these probabilities, otherwise `works`; the same again for the same seed."""

    def choose(photo: str, number: int) -> str:
        rest = random.Random(f"{seed} {photo} {number}").random()  # noqa: S311
        for scenario, share in shares.items():
            if rest < share:
                return scenario
            rest -= share
        return "works"

    return choose


@dataclass
class Books:
    """Submissions and bills by photo; one for all providers where a photo must be billed once."""

    submitted: Counter[str] = field(default_factory=Counter)
    billed: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def submission(self, photo: str, *, is_billed: bool) -> None:
        with self.lock:
            self.submitted[photo] += 1
            self.billed[photo] += is_billed

    @property
    def billed_twice(self) -> list[str]:
        """Photos that were billed more than once."""
        return [photo for photo, times in self.billed.items() if times > 1]


@dataclass
class Job:
    """A photo that was sent, with what parameters, and how often each request asked for it."""

    photo: bytes
    parameters: Any
    scenario: str
    asked: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Answer:
    """Status, headers and body of what is said, and how it is sent."""

    said: Said
    headers: Mapping[str, str]
    data: bytes


@dataclass
class Imitation:
    """One provider. What it answers with may be changed at any time.

    `latency_s` is before each answer to a submission, between the two. `calls` are all requests as
    method, path and headers by lower-case name, `strange` those that the wire format does not know,
    `leaks` those with a key where none belongs.
    """

    script: Script
    choose: Choice = field(default_factory=lambda: always("works"))
    books: Books = field(default_factory=Books)
    latency_s: tuple[float, float] = (0.0, 0.0)
    key: str = KEY
    url: str = ""
    jobs: dict[str, Job] = field(default_factory=dict)
    sent: Counter[str] = field(default_factory=Counter)
    calls: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    leaks: list[str] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        """What is said to a request."""
        self.calls.append((method, path, headers))
        found = self.script.find(method, path)
        if found is None:
            self.strange.append(f"{method} {path}")
            return _rendered(Said(status=404, text="no such request"), {})
        name, job_id = found
        if name in self.script.without_key:
            if self.script.key_header in headers:
                self.leaks.append(path)
        elif headers.get(self.script.key_header) != self.script.key_value.format(key=self.key):
            return _rendered(self.script.scenarios["wrong-key"].answer("submission", 0), {})
        if name == "submission":
            return self._submission(body)
        job = self.jobs.get(job_id)
        if job is None:
            return _rendered(Said(status=404, json_body={"detail": "Not found"}), {})
        number = job.asked[name]
        job.asked[name] += 1
        said = self.script.scenarios[job.scenario].answer(name, number)
        return _rendered(said, self._values(said, job_id, job))

    def _submission(self, body: bytes) -> Answer:
        photo, parameters = _photo(body, self.script.photo)
        is_scene = self.script.photo == "scene"
        digest = hashlib.sha256(body if is_scene else photo).hexdigest()
        with self.books.lock:
            number = self.sent[digest]
            self.sent[digest] += 1
        job_id = f"{digest[:16]}-{number}"
        job = self.jobs[job_id] = Job(photo, parameters, self.choose(digest, number))
        said = self.script.scenarios[job.scenario].answer("submission", number)
        self.books.submission(digest, is_billed=said.is_billed)
        pause = random.Random(f"{digest} {number}")  # noqa: S311
        self.closing.wait(pause.uniform(*self.latency_s))
        return _rendered(said, self._values(said, job_id, job))

    def _values(self, said: Said, job_id: str, job: Job) -> "_Values":
        names = {"base": self.url, "job": job_id, "key": self.key}
        return _Values(names, job.photo, said.scale)


class _Values(dict[str, str]):
    """Placeholders; pictures are made when they are asked for."""

    def __init__(self, names: Mapping[str, str], photo: bytes, scale: float) -> None:
        super().__init__(names)
        self.photo = photo
        self.scale = scale

    def __missing__(self, name: str) -> str:
        kind, _, form = name.partition("_")
        data = self.photo if kind == "photo" else picture(kind, self.photo, self.scale)
        encoded = base64.b64encode(data).decode()
        return encoded if form == "base64" else f"data:image/png;base64,{encoded}"


def _rendered(said: Said, values: "_Values | dict[str, str]") -> Answer:
    data, content_type = b"", "application/json"
    if said.picture is not None:
        assert isinstance(values, _Values)
        data, content_type = picture(said.picture, values.photo, said.scale), "image/png"
    elif said.json_body is not None:
        data = json.dumps(_filled(said.json_body, values)).encode()
    elif said.text is not None:
        data, content_type = _filled(said.text, values).encode(), "text/html"
    headers = {"content-type": content_type, **_filled(said.headers, values)}
    return Answer(said, headers, data)


def _filled(found: Any, values: Mapping[str, str]) -> Any:
    """The same with placeholders filled in, in all strings of it."""
    if isinstance(found, dict):
        return {name: _filled(value, values) for name, value in found.items()}
    if isinstance(found, list):
        return [_filled(value, values) for value in found]
    return Template(found).substitute(values) if isinstance(found, str) else found


def _canvas(told: Any) -> bytes:
    """What a scene is painted around: the picture that was sent, or nothing of the asked size."""
    if "image_url" in told:
        return base64.b64decode(told["image_url"].rpartition(",")[2], validate=True)
    size = told.get("image_size", {"width": 64, "height": 64})
    return empty(size["width"], size["height"])


def _photo(body: bytes, where: str) -> tuple[bytes, Any]:
    """The photo, and the JSON around it with the photo's content type instead."""
    if where == "body":
        return body, None
    parameters = json.loads(body)
    if where == "scene":
        return _canvas(parameters.get("input", parameters)), parameters
    *path, last = where.split(".")
    holder = parameters
    for name in path:
        holder = holder[name]
    prefix, comma, encoded = holder[last].rpartition(",")
    holder[last] = prefix + comma
    return base64.b64decode(encoded, validate=True), parameters
