"""`lumiku studio process`, and the same through the library: each look of an item is paid once."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from darkroom.errors import DamagedPhoto
from lumiku_client import ApiProblem, Generation, JobStatus, Look, Progress, Stage
from lumiku_client.commands import cli
from tests.component.client.conftest import Photos, client_of
from tests.component.client.port import Port
from tests.component.client.service import CREDITS, S, Service

UPLOADS = 2 * 2
TEMPLATE = 15
REMOVAL = 5
WHITE = {"background": {"action": "solid", "color": "#ffffff"}}

type Process = Callable[..., Result]


def lumiku(*arguments: str) -> Result:
    return CliRunner().invoke(cli.app, ["studio", *arguments])


@pytest.fixture
def project(port: Port, photos: Photos) -> str:
    """A project with two photos."""
    with client_of(port) as client:
        made = client.studio.projects.create("Sepatu").project_id
    folder = photos("a.jpg", "b.jpg", width=500)
    assert lumiku("upload", made, str(folder), "--yes").exit_code == 0
    return made


@pytest.fixture
def process(project: str, out: Path) -> Process:
    def run(*options: str, what: str = "Sepatu", yes: bool = True) -> Result:
        agreed = ["--yes"] if yes else []
        return lumiku("process", what, "--out", str(out), *agreed, *options)

    return run


@pytest.fixture
def item(port: Port, project: str) -> str:
    """One of the two."""
    with client_of(port) as client:
        return min(client.studio.items.list(project), key=lambda one: one.file_name).item_id


def names(out: Path) -> list[str]:
    return sorted(path.name for path in out.iterdir())


def test_a_template_is_applied_to_all_items_of_a_project(
    process: Process, service: Service, out: Path
) -> None:
    result = process("--template", "pure-white")

    assert result.exit_code == 0, result.output
    told = rf"2 pictures: at most {2 * TEMPLATE} credits \({TEMPLATE} each\), {CREDITS - UPLOADS} "
    assert re.search(told, result.stderr)
    assert re.search(r"a\.jpg +done +1200 x 1200 +[\d.]+ +15", result.stdout)
    assert "2 of 2 photos done" in result.stdout
    assert f"Contact sheet: {out / 'contact-sheet.png'}" in result.stdout
    assert names(out) == ["a.png", "b.png", "contact-sheet.png"]
    with Image.open(out / "a.png") as picture:
        hole, subject = (picture.convert("RGB").getpixel((at, at)) for at in (36, 600))
    # What the cut-out left open is white in shadow now; the rest fills the canvas.
    assert isinstance(hole, tuple)
    assert len(set(hole)) == 1
    assert subject == (200, 0, 29)
    with Image.open(out / "contact-sheet.png") as sheet:
        # The photo itself is there, beside what was made of it.
        assert sheet.convert("RGB").getpixel((8 + 160, 8 + 160))[0] == pytest.approx(200, abs=6)  # type: ignore[index]
    assert service.balance == CREDITS - UPLOADS - 2 * TEMPLATE


def test_what_was_made_before_costs_nothing(process: Process, service: Service, out: Path) -> None:
    process("--template", "pure-white")
    (out / "a.png").unlink()

    again = process("--template", "pure-white", "--json")

    told = json.loads(again.stdout)
    assert (told["done"], told["credits"]) == (2, 0)
    assert told["photos"][0]["file"] == "a.jpg"
    assert told["photos"][0]["itemId"].startswith("item_")
    assert told["photos"][0]["output"] == str(out / "a.png")
    assert names(out) == ["a.png", "b.png", "contact-sheet.png"]
    assert service.balance == CREDITS - UPLOADS - 2 * TEMPLATE


def test_what_an_interrupted_run_ordered_is_taken_up(
    process: Process, port: Port, service: Service, item: str
) -> None:
    service.rest(after=0)
    with client_of(port) as client:
        client.studio.generations.order(item, Look(template_id="pure-white"))
    port.meanwhile[f"GET {S}/generations"] = service.work

    result = process("--template", "pure-white", what=item)

    assert result.exit_code == 0, result.output
    assert "Ordered by an earlier run, not ordered again: 1 picture." in result.stderr
    assert port.calls[f"POST {S}/items/{item}/apply-template"] == 1
    assert service.balance == CREDITS - UPLOADS - TEMPLATE


def test_a_picture_that_fails_says_why_and_costs_nothing(
    process: Process, service: Service, out: Path
) -> None:
    service.spoil(DamagedPhoto("It ends early."))

    result = process("--background", "remove", "--parallel", "1")

    assert result.exit_code == 2
    assert re.search(r"a\.jpg +failed +[\d.]+ +0 +It ends early", result.stdout)
    assert "Run the same command again to go on; nothing is charged twice." in result.stderr
    assert names(out) == ["b.png", "contact-sheet.png"]
    assert service.balance == CREDITS - UPLOADS - REMOVAL
    assert process("--background", "remove").exit_code == 0
    assert service.balance == CREDITS - UPLOADS - 2 * REMOVAL


@pytest.mark.parametrize(
    ("options", "way"),
    [
        (("--template", "two-tone"), "Professional has. Take it with: lumiku studio plan prof"),
        (("--background", "white"), "Payg has. Who buys credits has it: lumiku top-up"),
    ],
)
def test_what_the_plan_lacks_is_told_with_the_way_out(
    process: Process, service: Service, out: Path, options: tuple[str, ...], way: str
) -> None:
    result = process(*options)

    assert result.exit_code == 1
    assert "Your plan does not have: " in result.stderr
    assert way in result.stderr
    assert service.balance == CREDITS - UPLOADS


def test_a_template_that_there_is_not(process: Process) -> None:
    assert "There is no template moon." in process("--template", "moon").stderr


def test_nothing_is_ordered_unless_somebody_agrees(process: Process, service: Service) -> None:
    refused = process("--template", "pure-white", yes=False)

    assert refused.exit_code == 1
    assert "Nothing was ordered: nobody is here to agree. Add --yes." in refused.stderr
    assert service.balance == CREDITS - UPLOADS


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--template", "pure-white", "--shadow", "drop"),
        ("--background", "white", "--prompt", "a beach"),
    ],
)
def test_looks_that_do_not_go_together_are_refused_here(
    process: Process, port: Port, options: tuple[str, ...]
) -> None:
    calls = port.calls.total()

    assert process(*options).exit_code == 1
    assert port.calls.total() == calls


def test_a_look_from_a_file_or_flags_becomes_the_same_workflow(
    process: Process, port: Port, service: Service, project: str, item: str, tmp_path: Path
) -> None:
    service.take_studio_plan("premium")
    told = {
        "background": {"action": "ai", "prompt": "a marble table"},
        "lighting": {"mode": "preset", "preset": "bright"},
        "shadow": {"type": "natural"},
    }
    file = tmp_path / "look.json"
    file.write_text(json.dumps(told))
    assert process("--look", str(file), what=item).exit_code == 0
    before = service.balance

    flags = ("--prompt", "a marble table", "--light", "bright", "--shadow", "natural")
    assert process(*flags, what=item).exit_code == 0

    assert service.balance == before
    with client_of(port) as client:
        [made] = client.studio.generations.list(project_id=project)
    assert isinstance(made, Generation)
    assert made.asked.workflow == told
    assert (made.asked.source, made.status) == ("procedural", JobStatus.COMPLETED)


@pytest.mark.parametrize("content", ["no json", "[1]"])
def test_a_file_that_is_no_look(process: Process, tmp_path: Path, content: str) -> None:
    (tmp_path / "look.json").write_text(content)

    assert process("--look", str(tmp_path / "look.json")).exit_code == 1


def test_an_empty_project_says_how_it_is_filled(port: Port, project: str, out: Path) -> None:
    lumiku("projects", "--new", "Tas")

    refused = lumiku("process", "Tas", "--template", "pure-white", "--out", str(out))

    assert refused.exit_code == 1
    assert "Upload photos with: lumiku studio upload PROJECT PHOTOS" in refused.stderr


def test_the_library_makes_chooses_and_deletes_pictures(
    port: Port, item: str, tmp_path: Path
) -> None:
    seen: list[Progress] = []
    with client_of(port) as client:
        studio = client.studio
        remove = Look(workflow={"background": {"action": "remove"}})
        first = studio.make(item, remove, tmp_path / "1.png", on_progress=seen.append)
        second = studio.make(item, Look(template_id="pure-white"), tmp_path / "2.png")
        newest, oldest = studio.variations.list(item)
        chosen = studio.variations.select(first.variation_id)
        studio.variations.download(item, tmp_path / "chosen.png")
        studio.variations.delete(second.variation_id)
        left = list(studio.variations.list(item))
        price = studio.price(look=remove, items=2)

    stages = [stage for stage in dict.fromkeys(s.stage for s in seen) if stage != "processing"]
    assert stages == [Stage.SUBMITTING, Stage.QUEUED, Stage.DOWNLOADING]
    assert (first.credits, second.credits) == (REMOVAL, TEMPLATE)
    assert (newest.variation_id, newest.is_selected) == (second.variation_id, True)
    assert (oldest.variation_id, oldest.width) == (first.variation_id, 500)
    assert chosen.is_selected
    assert (tmp_path / "chosen.png").read_bytes() == (tmp_path / "1.png").read_bytes()
    assert [one.variation_id for one in left] == [first.variation_id]
    assert price.total == 20


def test_an_item_is_previewed_for_nothing(
    port: Port, service: Service, item: str, tmp_path: Path
) -> None:
    file = tmp_path / "new" / "seen.webp"

    seen = lumiku(
        "preview", item, "--shadow", "natural", "--background", "white", "--out", str(file)
    )
    told = lumiku("preview", item, "--template", "pure-white", "--out", str(file), "--json")

    assert seen.exit_code == 0, seen.output
    assert seen.stdout.splitlines()[0] == f"Written: {file}, 500 x 500 px"
    assert seen.stdout.splitlines()[1].endswith("Payg has. Who buys credits has it: lumiku top-up")
    with Image.open(file) as picture:
        assert (picture.format, picture.size) == ("WEBP", (640, 640))
    assert json.loads(told.stdout)["isMarked"] is True
    assert service.balance == CREDITS - UPLOADS


def test_the_library_names_what_failed(
    port: Port, service: Service, item: str, tmp_path: Path
) -> None:
    service.spoil(DamagedPhoto("It ends early."))
    with client_of(port) as client, pytest.raises(ApiProblem) as failed:
        client.studio.make(item, Look(template_id="pure-white"), tmp_path / "1.png")

    assert failed.value.code == "damaged_photo"
    assert failed.value.extra["creditsRefunded"] == TEMPLATE
    assert not (tmp_path / "1.png").exists()


@pytest.mark.parametrize("said", [{}, {"template_id": "x", "workflow": WHITE}])
def test_a_look_is_a_template_or_a_workflow(said: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="one of the two"):
        Look(**said)
