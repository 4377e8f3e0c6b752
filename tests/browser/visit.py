"""Somebody who looks at the page: what they see, and what must hold of each thing seen."""

import json
import math
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Locator, Page, Request, Response, Route, expect

from local.layout import ROOT
from tests.e2e.service import Person

_AXE = (ROOT / "node_modules/axe-core/axe.min.js").read_text("utf-8")
_CHECKS = Path(__file__).with_name("checks.js").read_text("utf-8")
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# How much of what is seen may move by itself: "good" by Core Web Vitals.
MAX_SHIFT = 0.1
_WATCH_SHIFTS = """window.shifts = []
new PerformanceObserver(seen => seen.getEntries().forEach(one => {
  const moved = one.sources.map(({ node }) => (node?.outerHTML ?? "a text").slice(0, 80))
  if (!one.hadRecentInput) window.shifts.push({ by: one.value, moved })
})).observe({type: "layout-shift", buffered: true})"""
# A colour on its way to another is not what is looked at.
_SETTLED = """Promise.allSettled(document.getAnimations()
.filter(one => one instanceof CSSTransition).map(one => one.finished))"""
_COUNT_LOADS = (
    "if (location.protocol != 'about:') sessionStorage.loads = +(sessionStorage.loads ?? 0) + 1"
)
COUNT_TAPS = """window.taps = 0
addEventListener("pointerdown", () => { window.taps++ }, true)"""
TARGET_PX = 44
PATIENCE_MS = 60_000  # the machine may be busy with other tests


@dataclass(frozen=True)
class Look:
    """On what, and in which language, the page is looked at."""

    name: str
    language: str
    device: dict[str, Any]

    def __str__(self) -> str:
        return self.name


PHONE, DESK = LOOKS = [
    Look(
        "phone",
        "id",
        {
            "viewport": {"width": 360, "height": 780},
            "device_scale_factor": 2,
            "is_mobile": True,
            "has_touch": True,
            "locale": "id-ID",
            "timezone_id": "Asia/Jakarta",
        },
    ),
    Look(
        "desk",
        "en",
        {
            "viewport": {"width": 1280, "height": 860},
            "locale": "en-GB",
            "timezone_id": "Asia/Jakarta",
        },
    ),
]


class Gate:
    """Lets `through` requests of a pattern pass, and keeps the others waiting until it is opened.

    Where `refusal` names an error of the network they fail with it instead of waiting. An open gate
    stays where it is: Chromium loses requests under way when a page's last interception ends.
    """

    def __init__(self, page: Page, pattern: str, through: int = 0, refusal: str = "") -> None:
        self.passed = 0
        self.stopped: list[Route] = []
        self._through: float = through
        self._refusal = refusal
        page.route(pattern, self._arrives)

    def _arrives(self, route: Route) -> None:
        if self.passed < self._through:
            self.passed += 1
            route.continue_()
            return
        self.stopped.append(route)
        if self._refusal:
            route.abort(self._refusal)

    def open(self) -> None:
        """Let everything through from now on, first of all what waits."""
        self._through = math.inf
        for route in [] if self._refusal else self.stopped:
            route.continue_()


@dataclass
class Visit:
    """A browser at the page. `problems` are what its console, scripts and network complained of."""

    page: Page
    look: Look
    problems: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.add_init_script(_WATCH_SHIFTS)
        self.page.add_init_script(_COUNT_LOADS)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.problems.append(f"script: {error}"))
        self.page.on("requestfailed", self._failed)
        self.page.on("response", self._answered)

    def _heard(self, message: ConsoleMessage) -> None:
        # The browser tells of every refused request; `_answered` knows which were expected.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.problems.append(f"console: {message.text}")

    def _failed(self, request: Request) -> None:
        # Leaving a page ends what it waited for, and a saved file is not shown.
        if request.failure != "net::ERR_ABORTED":
            self.problems.append(f"network: {request.url} {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.problems.append(f"answer: {response.status} {response.url}")

    def word(self, indonesian: str, english: str) -> str:
        """The one of the page's language."""
        return indonesian if self.look.language == "id" else english

    def open(self, route: str = "") -> None:
        """Arrive at a page, as by its address."""
        self.page.goto(f"/#/{route}")

    @contextmanager
    def far_away(self) -> Iterator[None]:
        """Each answer takes long enough that nobody takes it for the answer to their last tap."""
        session = self.page.context.new_cdp_session(self.page)
        network = {"downloadThroughput": -1, "uploadThroughput": -1, "offline": False}
        session.send("Network.emulateNetworkConditions", {**network, "latency": 700})
        yield
        session.send("Network.emulateNetworkConditions", {**network, "latency": 0})

    @contextmanager
    def begins_anew(self, times: int = 1) -> Iterator[None]:
        """Wait until the page was loaded again: what is opened before that would stop it."""
        loads = self.page.evaluate("+sessionStorage.loads")
        yield
        self.page.wait_for_function("least => +sessionStorage.loads >= least", arg=loads + times)

    def enter(self, person: Person) -> None:
        """Be logged in already, as somebody is who was here before."""
        tokens = person.client.login()
        kept = json.dumps({"token": tokens.token, "refreshToken": tokens.refresh_token})
        self.page.add_init_script(f"localStorage.setItem('lumiku.session', {json.dumps(kept)})")

    def button(self, indonesian: str, english: str) -> Locator:
        """A button, by how its name begins."""
        return self.page.get_by_role("button", name=self.word(indonesian, english)).first

    def link(self, indonesian: str, english: str) -> Locator:
        """A link that can be seen, by its name."""
        name = self.word(indonesian, english)
        return self.page.get_by_role("link", name=name).locator("visible=true").first

    def sees(self, indonesian: str, english: str) -> None:
        """Wait until a text can be seen."""
        text = self.page.get_by_text(self.word(indonesian, english)).locator("visible=true").first
        expect(text).to_be_visible()

    def choose(self, *photos: Path, among: str = "main") -> None:
        """Choose photos with the first file button."""
        files = self.page.locator(f"{among} input[type=file]:not([webkitdirectory])").first
        files.set_input_files([str(photo) for photo in photos])
        self.asked_for()

    def asked_for(self) -> None:
        """What moved until now was asked for by a person, who is not surprised."""
        self.page.evaluate(
            "new Promise(requestAnimationFrame).then(() => new Promise(requestAnimationFrame))"
            ".then(() => { window.shifts = [] })"
        )

    def looks_well(self, name: str) -> None:
        """Nothing is inaccessible, sticks out or is too small to be touched; keep a picture."""
        self.page.locator("main h1").first.wait_for()
        expect(self.page.locator(".skeleton")).to_have_count(0)
        self.page.evaluate("() => document.fonts.ready")
        self.page.evaluate(_SETTLED)
        shifts = self.page.evaluate("window.shifts")
        complaints = []
        if sum(one["by"] for one in shifts) > MAX_SHIFT:
            complaints = [f"moves by itself: {one['by']:.2f} {one['moved']}" for one in shifts]
        with self._on_a_high_screen():
            asked = json.dumps({"runOnly": _RULES, "resultTypes": ["violations"]})
            found = self.page.evaluate(f"{_AXE}; axe.run(document, {asked})")
            complaints += [
                f"{v['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
                for v in found["violations"]
                for node in v["nodes"]
            ]
            complaints += self.page.evaluate(_CHECKS, TARGET_PX)
            if folder := os.environ.get("PAGE_PICTURES"):
                self._keep(Path(folder) / f"{name}-{self.look.name}.jpg")
        self.asked_for()
        assert not complaints, "\n".join([name, *complaints])

    @contextmanager
    def _on_a_high_screen(self) -> Iterator[None]:
        """All of the page is seen at once, with nothing half behind what sticks to an edge."""
        size = self.look.device["viewport"]
        height = self.page.evaluate("document.documentElement.scrollHeight")
        self.page.set_viewport_size({"width": size["width"], "height": max(height, size["height"])})
        yield
        self.page.set_viewport_size(size)

    def _keep(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=path, type="jpeg", quality=82, scale="css", animations="disabled")
