"""What a first visit to the page weighs, how soon it can be used, and what 500 photos take.

`python -m benchmarks.page`: the page as it was built, served compressed as CloudFront does, in
Chromium as a phone behind what its developer tools call slow 4G. Usable means that a photo can be
chosen. Other work on the machine makes all times longer.
"""

import gzip
import mimetypes
import re
import statistics
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from playwright.sync_api import Browser, CDPSession

from benchmarks import report
from local import page
from tests.browser.chromium import chromium
from tests.browser.visit import PHONE

TURNS = 5
MAX_SCRIPT_KB, MAX_USABLE_S = 120, 2.0
# Chromium's "Slow 4G": 1.6 Mbit/s down and 750 kbit/s up less a tenth, and 150 ms there and back,
# of which it makes 3.75 times as much because it delays requests, not packets.
_SLOW_4G = {
    "offline": False,
    "latency": 562.5,
    "downloadThroughput": 180_000,
    "uploadThroughput": 84_375,
}
_CHOOSE_500 = """(input) => {
  const held = new DataTransfer()
  for (let n = 0; n < 500; n++) {
    held.items.add(new File([new Uint8Array(4_000_000)], `photo-${n}.jpg`, { type: "image/jpeg" }))
  }
  input.files = held.files
  input.dispatchEvent(new Event("change", { bubbles: true }))
}"""


@cache
def compressed(name: str) -> bytes:
    """A built file as it goes over the wire; nothing if there is none."""
    path = page.BUILT / name
    return gzip.compress(path.read_bytes()) if path.is_file() else b""


class _Quiet(ThreadingHTTPServer):
    """A browser that has seen enough hangs up."""

    def handle_error(self, *_: object) -> None:
        """Say nothing."""


class _Compressed(BaseHTTPRequestHandler):
    """The built files, as a distribution hands them out."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer a file."""
        name = self.path.lstrip("/") or "index.html"
        body = compressed(name)
        self.send_response(200 if body else 404)
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        for header, value in {
            "Content-Type": kind,
            "Content-Encoding": "gzip",
            "Content-Length": str(len(body)),
        }.items():
            self.send_header(header, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def served() -> Iterator[str]:
    """The page's address on this machine."""
    server = _Quiet(("127.0.0.1", 0), _Compressed)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()


def weight_kb(kind: str) -> float:
    """Kilobytes, compressed, of what the first page names."""
    html = (page.BUILT / "index.html").read_text("utf-8")
    names = re.findall(rf'(?:src|href)="/(assets/[^"]+\.{kind})"', html)
    return sum(len(compressed(name)) for name in names) / 1000


def usable_s(browser: Browser, url: str) -> float:
    """Seconds from the address to a page on which a photo can be chosen, nothing cached."""
    context = browser.new_context(**PHONE.device)
    seen = context.new_page()
    devtools: CDPSession = context.new_cdp_session(seen)
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", _SLOW_4G)
    seen.goto(url, wait_until="commit")
    seen.locator("main input[type=file]").first.wait_for(state="attached")
    moment: float = seen.evaluate("performance.now()")
    context.close()
    return moment / 1000


def heap_mb(browser: Browser, url: str) -> float:
    """Megabytes of the page's own heap with 500 photos of 4 MB chosen."""
    context = browser.new_context(**PHONE.device)
    seen = context.new_page()
    seen.goto(f"{url}#/batch")
    seen.locator("main input[type=file]").first.evaluate(_CHOOSE_500)
    seen.locator(".tile").nth(499).wait_for(state="attached")
    devtools: CDPSession = context.new_cdp_session(seen)
    devtools.send("Performance.enable")
    devtools.send("HeapProfiler.collectGarbage")
    found = devtools.send("Performance.getMetrics")["metrics"]
    context.close()
    return float(next(m["value"] for m in found if m["name"] == "JSHeapUsedSize")) / 1e6


def main() -> None:
    """Measure and print."""
    if not page.is_built():
        sys.exit("The page is not built: make serve")
    scripts, styles = weight_kb("js"), weight_kb("css")
    with served() as url, chromium() as browser:
        seconds = [usable_s(browser, url) for _ in range(TURNS)]
        heap = heap_mb(browser, url)
    report.table(
        {"first visit": "", "": ".2f"},
        [
            ("scripts, KB gzip", scripts),
            ("styles, KB gzip", styles),
            ("usable on slow 4G, s (median)", statistics.median(seconds)),
            ("heap with 500 photos, MB", heap),
        ],
    )
    report.verdict(f"scripts at most {MAX_SCRIPT_KB} KB", scripts <= MAX_SCRIPT_KB)
    report.verdict(f"usable within {MAX_USABLE_S} s", statistics.median(seconds) <= MAX_USABLE_S)
    report.figures(
        script_kb=round(scripts, 1),
        style_kb=round(styles, 1),
        usable_s=round(statistics.median(seconds), 2),
        usable_s_all=[round(one, 2) for one in seconds],
        heap_500_mb=round(heap, 1),
    )


if __name__ == "__main__":
    main()
