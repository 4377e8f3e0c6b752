"""A real Chromium in front of the page on the laptop cloud."""

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageOps
from playwright.sync_api import Browser, BrowserContext, expect

from local import page
from local.layout import ROOT
from tests.browser.chromium import chromium
from tests.browser.visit import LOOKS, PATIENCE_MS, Look, Visit
from tests.e2e.service import Service

KEPT = ROOT / ".cache/browser"
_FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note what failed, so that its trace is kept."""
    report = yield
    if report.failed:
        item.stash[_FAILED] = True
    return report


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for a file; while it is open, Playwright's event loop lets no other one run."""
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="session")
def page_url(service: Service) -> str:
    """Where the page is; what is built now is there."""
    if not page.is_built():
        pytest.fail("there is no built page: run make test, or npm run build -w web", pytrace=False)
    page.upload(service.layout)
    return service.outputs.page_url


@pytest.fixture(scope="session")
def photos(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Small photos that all differ: the page's samples, and the same in a mirror."""
    folder = tmp_path_factory.mktemp("many")
    for name in ("coffee", "lamp", "ice-cream"):
        with Image.open(ROOT / f"web/public/samples/{name}.jpg") as picture:
            small = picture.resize((160, 160))
            small.save(folder / f"{name}.jpg")
            ImageOps.mirror(small).save(folder / f"{name}-2.jpg")
    return sorted(folder.iterdir())


@pytest.fixture(params=LOOKS, ids=str)
def look(request: pytest.FixtureRequest) -> Look:
    """A phone in Indonesian, a desk in English."""
    found: Look = request.param
    return found


@pytest.fixture
def visit(
    request: pytest.FixtureRequest, browser: Browser, page_url: str, look: Look
) -> Iterator[Visit]:
    """Somebody at the page, not logged in. Whatever went wrong in the browser fails the test."""
    context = browser.new_context(**look.device, base_url=page_url, service_workers="block")
    context.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    context.tracing.start(screenshots=True)
    seen = Visit(context.new_page(), look)
    try:
        yield seen
        assert seen.problems == []
    finally:
        _close(context, request.node)


def _close(context: BrowserContext, node: pytest.Item) -> None:
    if node.stash.get(_FAILED, False):
        KEPT.mkdir(parents=True, exist_ok=True)
        name = node.name.replace("/", "_")
        context.pages[0].screenshot(path=KEPT / f"{name}.png", full_page=True)
        context.tracing.stop(path=KEPT / f"{name}.zip")
    else:
        context.tracing.stop()
    context.close()
