"""How long somebody waits for a preview: `python -m benchmarks.preview [--turns 40]`.

In this process: from the kept cut-out of a photo of 4,096 px to the file, once from its small copy
and once from all of it; one look with its shadow moved, and templates whose scenes are painted
anew. Through the laptop cloud: the same looks of a sample photo, warm, one after the other. Imaging
is what is not reading, asking or sending.
"""

import statistics
import time
from collections.abc import Callable
from typing import Annotated, Any

import typer

from benchmarks import report
from benchmarks.laptop import laptop_cloud
from darkroom.encode import encode
from darkroom.keeping import pack, unpack
from darkroom.studio.previewing import for_previews, preview
from darkroom.studio.sample import bottle
from local import samples
from lumiku.apps.studio.http import STUDIO_PREFIX as S
from lumiku.apps.studio.http.orders import WantedInput
from lumiku.apps.studio.offers import shipped
from lumiku.apps.studio.plans import RENDERINGS, StudioPlanName
from photo_steps import Workflow
from photo_steps.templates import templates
from tests.e2e import desk
from tests.e2e.buyer import Buyer, buyer, data
from tests.e2e.service import Service, until

PHOTO_SIDE_PX = 4096
MAX_P95_MS = 500
# Less than the limit of a minute, so that the last ones are not refused.
MAX_TURNS = 50


def slider(turn: int) -> dict[str, Any]:
    """One look, whose shadow is moved."""
    return {
        "workflow": {
            "background": {"action": "template", "templateId": "marble-counter"},
            "lighting": {"mode": "preset", "preset": "studio"},
            "shadow": {"type": "natural", "distance": turn % 100},
        }
    }


def catalogue(turn: int) -> dict[str, Any]:
    """One template after the other."""
    return {"templateId": templates()[turn % len(templates())].id}


WAYS = {"a shadow moved": slider, "template by template": catalogue}


def main(turns: Annotated[int, typer.Option(max=MAX_TURNS)] = 40) -> None:
    """Measure, print, judge."""
    cut = bottle(PHOTO_SIDE_PX)
    small, whole = pack(for_previews(cut)), pack(cut)
    found = {name: in_process(small, way, turns) for name, way in WAYS.items()}
    from_whole = in_process(whole, slider, 5)
    answered = through_the_cloud(turns)
    report.table(
        {"preview": "", "p50 ms": ".0f", "p95 ms": ".0f", "of it imaging": ".0%"},
        [
            *((f"in process, {name}", *report.p50_p95(took), 1.0) for name, took in found.items()),
            ("in process, from the whole cut-out", *report.p50_p95(from_whole), 1.0),
            *(
                (f"laptop cloud, {name}", *report.p50_p95(took), share(found[name], took))
                for name, took in answered.items()
            ),
        ],
    )
    every = [ms for took in answered.values() for ms in took]
    p50, p95 = report.p50_p95(every)
    report.verdict(f"95 % are answered within {MAX_P95_MS} ms", p95 <= MAX_P95_MS)
    report.figures(
        in_process={name: [*map(round, report.p50_p95(took))] for name, took in found.items()},
        whole_cut_out_ms=round(statistics.median(from_whole)),
        laptop_cloud={name: [*map(round, report.p50_p95(took))] for name, took in answered.items()},
        p50_ms=round(p50),
        p95_ms=round(p95),
        imaging_share=round(share([ms for took in found.values() for ms in took], every), 2),
        small_kb=round(len(small) / 1024),
        whole_kb=round(len(whole) / 1024),
    )


def share(imaging: list[float], all_of_it: list[float]) -> float:
    """How much of the time is imaging, by the medians."""
    return statistics.median(imaging) / statistics.median(all_of_it)


def in_process(packed: bytes, way: Callable[[int], dict[str, Any]], turns: int) -> list[float]:
    """Milliseconds from the kept cut-out to the file, by turn, once something was rendered."""

    def render(turn: int) -> float:
        workflow = steps(way(turn))
        began = time.perf_counter()
        encode(preview(unpack(packed), workflow, "Lumiku"), "webp", 80)
        return (time.perf_counter() - began) * 1000

    return [render(turn) for turn in range(turns + 1)][1:]


def steps(asked: dict[str, Any]) -> Workflow:
    """The workflow of a request of a free account."""
    return WantedInput.model_validate(asked).wanted(shipped).steps(RENDERINGS[StudioPlanName.FREE])


def through_the_cloud(turns: int) -> dict[str, list[float]]:
    """Milliseconds of each answer, by turn; each way has an account of its own."""
    with laptop_cloud() as (layout, outputs):
        service = Service(layout, outputs)
        photo = samples.write(layout) / "astronaut.png"
        try:
            found = {}
            for name, way in WAYS.items():
                with buyer(service, credits=50) as seller:
                    item_id = desk.item(seller, desk.project(seller), photo)["itemId"]
                    until(lambda seller=seller, item_id=item_id: ready(seller, item_id))  # type: ignore[misc]
                    found[name] = [answer_ms(seller, item_id, way(turn)) for turn in range(turns)]
            return found
        finally:
            service.close()


def ready(seller: Buyer, item_id: str) -> bool:
    """Whether the item's cut-out is there; renders a preview then."""
    answer = seller("POST", f"{S}/items/{item_id}/preview", json=slider(0))
    return answer.status_code == 200


def answer_ms(seller: Buyer, item_id: str, asked: dict[str, Any]) -> float:
    """Milliseconds until a preview is here."""
    began = time.perf_counter()
    shown = data(seller("POST", f"{S}/items/{item_id}/preview", json=asked))
    assert shown["image"]  # noqa: S101
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    typer.run(main)
