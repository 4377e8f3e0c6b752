"""`lumiku studio batch` and what controls it, and the same through the library."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from darkroom.errors import DamagedPhoto
from lumiku_client import ApiProblem, GenerationBatch, Look
from lumiku_client.commands import cli
from tests.component.client.conftest import Photos, client_of
from tests.component.client.port import Port
from tests.component.client.service import CREDITS, Service

LEFT = CREDITS - 3 * 2
PRICE = 10 + 3 * 5

type Batch = Callable[..., Result]


def lumiku(*arguments: str) -> Result:
    return CliRunner().invoke(cli.app, ["studio", *arguments])


@pytest.fixture
def project(port: Port, service: Service, photos: Photos) -> str:
    """A project with three photos, on the plan professional."""
    service.take_studio_plan("professional")
    service.set_balance(CREDITS)
    with client_of(port) as client:
        made = client.studio.projects.create("Sepatu").project_id
    folder = photos("a.jpg", "b.jpg", "c.jpg", width=500)
    assert lumiku("upload", made, str(folder), "--yes").exit_code == 0
    return made


@pytest.fixture
def batch(project: str, out: Path) -> Batch:
    def run(*options: str, what: str = "Sepatu") -> Result:
        return lumiku("batch", what, "--out", str(out), *options)

    return run


def names(out: Path) -> list[str]:
    return sorted(path.name for path in out.iterdir())


def test_a_project_is_put_into_a_template_in_one_order(
    batch: Batch, service: Service, out: Path
) -> None:
    result = batch("--template", "pure-white", "--yes")

    assert result.exit_code == 0, result.output
    assert f"3 pictures: {PRICE} credits, {LEFT} available." in result.stderr
    assert re.search(r"Ordered: genbatch_[0-9a-f]{32}, 25 credits", result.stderr)
    assert "completed: 3 of 3 done" in result.stderr
    assert "3 of 3 photos done in" in result.stdout
    assert f"{PRICE} credits used, {LEFT - PRICE} left." in result.stdout
    assert names(out) == ["a.png", "b.png", "c.png", "contact-sheet.png"]


def test_nothing_is_ordered_unless_somebody_agrees(
    batch: Batch, service: Service, out: Path
) -> None:
    unasked = batch("--template", "pure-white")
    unsaid = batch("--yes")

    assert (unasked.exit_code, unsaid.exit_code) == (1, 1)
    assert "Nothing was ordered: nobody is here to agree. Add --yes." in unasked.stderr
    assert "Say how the pictures shall look" in unsaid.stderr
    assert service.balance == LEFT


def test_each_gets_what_its_line_says_and_wrong_lines_cost_nothing(
    batch: Batch, port: Port, project: str, service: Service, tmp_path: Path
) -> None:
    with client_of(port) as client:
        ids = {item.file_name: item.item_id for item in client.studio.items.list(project)}
    wrong, right = tmp_path / "wrong.csv", tmp_path / "right.csv"
    wrong.write_text(f"item,templateId\n{ids['a.jpg']},moon\nnobody,pure-white\n")
    right.write_text(
        f"item,templateId,color\n{ids['a.jpg']},pure-white,\n\n{ids['b.jpg']},,#ff0000\n"
    )

    refused = batch("--settings", str(wrong), "--yes")
    made = batch("--settings", str(right), "--yes", "--json")

    assert refused.exit_code == 1
    assert "There is no such template" in refused.stderr
    assert "No item of the project has this id or SKU" in refused.stderr
    assert made.exit_code == 0, made.output
    told = json.loads(made.stdout)
    assert {photo["itemId"] for photo in told["photos"]} == {ids["a.jpg"], ids["b.jpg"]}
    assert (told["done"], told["credits"]) == (2, 20)
    assert service.balance == LEFT - 20


def test_what_failed_is_given_back_and_tried_again(
    batch: Batch, service: Service, out: Path
) -> None:
    service.spoil(DamagedPhoto("broken"))

    failed = batch("--template", "pure-white", "--yes")
    [again] = re.findall(r"lumiku studio retry (genbatch_\w+)", failed.stderr)
    retried = lumiku("retry", again, "--yes", "--json")
    fetched = batch(what=json.loads(retried.stdout)["generation"]["generationId"])

    assert failed.exit_code == 2
    assert "2 of 3 done, 1 failed" in failed.stderr
    assert "20 credits used" in failed.stdout
    assert json.loads(retried.stdout)["creditsUsed"] == 5
    assert fetched.exit_code == 0, fetched.output
    assert service.balance == LEFT - PRICE
    assert "contact-sheet.png" in names(out)


def test_a_batch_is_paused_resumed_and_cancelled(
    port: Port, project: str, batch: Batch, service: Service
) -> None:
    service.rest(after=1)
    seen: list[GenerationBatch] = []
    with client_of(port) as client:
        batches = client.studio.batches
        ordered = batches.order(project, Look(template_id="pure-white"), expected_credits=PRICE)
        batch_id = ordered.generation.generation_id

        paused = lumiku("pause", batch_id)
        resumed = lumiku("resume", batch_id)
        assert lumiku("pause", batch_id).exit_code == 0
        cancelled = lumiku("cancel", batch_id)
        over = batches.wait(batch_id, on_look=seen.append)
        [listed] = client.studio.generations.list(project_id=project)
        assert list(client.studio.generations.underway(project)) == []
        with pytest.raises(ApiProblem) as refused:
            batches.resume(batch_id)
        service.work()

    assert re.match(r"paused: \d of 3 done.*; cancelled .* unless it is resumed", paused.stdout)
    assert resumed.stdout.split(":")[0] in {"pending", "processing"}
    assert cancelled.exit_code == 0
    assert refused.value.code == "batch_closed"
    assert isinstance(listed, GenerationBatch)
    assert listed.items is None
    assert seen[-1] == over
    done = [item for item in over.items or () if item.variation_id]
    assert all(item.thumbnail_url for item in done)
    assert over.progress.processed_items == len(done) == 1
    assert service.balance == LEFT - over.credits_used
    again = batch(what=batch_id)
    assert again.exit_code == 2
    assert again.stdout.count("The order was cancelled.") == 2


def test_what_is_ordered_already_is_not_ordered_differently(batch: Batch) -> None:
    refused = batch("--template", "pure-white", what="genbatch_" + "0" * 32)

    assert refused.exit_code == 1
    assert "cannot be ordered differently" in refused.stderr
