"""Real photos through the real service: sizes, quality, refusals, and workers that survive.

The photos are not part of the repository: PHOTOS_DIR names the folder that holds `open/` and
`awkward/`.
"""

import csv
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmarks.scores import intersection_over_union, scored_pixels
from darkroom.weights import manifest
from local.layout import ROOT
from lumiku_client import ApiProblem, Job
from tests.component.awkward_outcomes import REFUSALS, SEEN_SIZES
from tests.e2e.service import Person, Service, peak_memory_mb

FOLDER = Path(os.environ.get("PHOTOS_DIR", ROOT.parent / "shared" / "photos"))
CLIENTS = 4
MIN_IOU = 0.84
# The memory of process_photo on the laptop cloud, from samconfig.toml.
MEMORY_MB = 1769


def rows(kind: str) -> list[dict[str, str]]:
    """The list of a folder of photos."""
    path = FOLDER / kind / "manifest.csv"
    if not path.is_file():
        pytest.skip(f"no photos in {path.parent}: set PHOTOS_DIR to the folder that holds {kind}/")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@dataclass(frozen=True)
class Sent:
    """A photo that went through the service; `cut_out` is there when it was completed."""

    name: str
    job: Job
    cut_out: Path | None


def send(person: Person, folder: Path, name: str, tier: str, out: Path) -> Sent:
    """Send one photo, whatever a careful client might know about it beforehand."""
    client = person.client
    photo = folder / name
    submission = client.submit(photo, tier)
    client.upload(photo, submission)
    job = client.wait(submission.job_id, timeout_s=60)
    if job.status != "completed":
        return Sent(name, job, None)
    return Sent(name, job, client.download(job.job_id, out / f"{name}.png"))


def send_all(person: Person, kind: str, tier: str, out: Path) -> dict[str, Sent]:
    names = [row["file"] for row in rows(kind)]
    with ThreadPoolExecutor(CLIENTS) as pool:
        sent = pool.map(lambda name: send(person, FOLDER / kind, name, tier, out), names)
        return {one.name: one for one in sent}


# Photos with a subject


@pytest.fixture(scope="module")
def cut_outs(service: Service, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Sent]:
    rows("open")
    person = service.newcomer(credits=1000)
    return send_all(person, "open", "standard", tmp_path_factory.mktemp("open"))


def test_every_photo_has_a_receipt_of_the_models_that_made_it(cut_outs: dict[str, Sent]) -> None:
    for sent in cut_outs.values():
        receipt = sent.job.receipt
        assert receipt is not None
        assert (receipt.entry, receipt.model, receipt.tries) == ("local", "u2net+u2netp", 0)
        assert receipt.weights == {
            name: manifest()[name].file("int8").sha256 for name in ("u2net", "u2netp")
        }
        assert list(receipt.stage_ms) == ["read", "decode", "find", "edges", "encode", "write"]
        assert 0 < sum(receipt.stage_ms.values()) <= (sent.job.processing_time_ms or 0) + 1_000
        assert receipt.credits == 8
        assert (receipt.provider_cost_micro_usd, receipt.lambda_cost_micro_usd) == (None, None)


def test_every_photo_comes_back_upright_at_its_size(cut_outs: dict[str, Sent]) -> None:
    assert len(cut_outs) == 19
    for row in rows("open"):
        sent = cut_outs[row["file"]]
        assert sent.cut_out is not None, sent.job.error
        with Image.open(sent.cut_out) as result:
            assert result.mode == "RGBA"
            assert result.size == (int(row["width"]), int(row["height"]))
            assert not result.getexif()


def test_the_cut_outs_are_as_good_as_promised(cut_outs: dict[str, Sent]) -> None:
    scores = {}
    for row in rows("open"):
        cut_out = cut_outs[row["file"]].cut_out
        if row["has_gt"] != "yes" or cut_out is None:
            continue
        truth = np.asarray(Image.open(FOLDER / "open" / row["gt_file"]).convert("L"))
        alpha = np.asarray(Image.open(cut_out).getchannel("A"))
        scored = scored_pixels(truth, row["gt_type"])
        scores[row["file"]] = intersection_over_union(alpha, truth, scored)
    assert len(scores) == 14
    assert sum(scores.values()) / len(scores) >= MIN_IOU, scores


# Difficult files


@dataclass(frozen=True)
class Ordeal:
    """All difficult files, sent by one person, and the workers before and after."""

    person: Person
    sent: dict[str, Sent]
    workers_before: set[int]
    workers_after: set[int]


@pytest.fixture(scope="module")
def ordeal(
    service: Service, cut_outs: dict[str, Sent], tmp_path_factory: pytest.TempPathFactory
) -> Ordeal:
    """Begins once the good photos have started the workers."""
    rows("awkward")
    person = service.newcomer(credits=1000)
    before = service.workers()
    sent = send_all(person, "awkward", "basic", tmp_path_factory.mktemp("awkward"))
    return Ordeal(person, sent, before, service.workers())


def test_difficult_files_are_cut_out_at_the_size_a_person_sees(ordeal: Ordeal) -> None:
    accepted = [row for row in rows("awkward") if row["expected"] == "accept"]
    assert len(accepted) + len(REFUSALS) == len(ordeal.sent) == 87
    wrong = {}
    for row in accepted:
        job = ordeal.sent[row["file"]].job
        stored = (int(row["width"]), int(row["height"]))
        expected = SEEN_SIZES.get(row["file"], stored)
        cut_out = ordeal.sent[row["file"]].cut_out
        if cut_out is None:
            wrong[row["file"]] = str(job.error)
            continue
        with Image.open(cut_out) as result:
            if result.size != expected or result.getexif():
                wrong[row["file"]] = str(result.size)
    assert wrong == {}


def test_files_that_are_no_photos_are_refused_precisely(ordeal: Ordeal) -> None:
    said = {
        name: sent.job.error.code if sent.job.error else str(sent.job.status)
        for name, sent in ordeal.sent.items()
        if name in REFUSALS
    }
    assert said == REFUSALS
    for name in REFUSALS:
        job = ordeal.sent[name].job
        assert job.status == "failed"
        assert job.error is not None
        assert len(job.error.message) > 20


def test_only_results_were_paid_for(service: Service, ordeal: Ordeal) -> None:
    completed = [sent for sent in ordeal.sent.values() if sent.cut_out is not None]
    assert service.balance(ordeal.person) == 1050 - 3 * len(completed)
    for name in REFUSALS:
        assert service.moved(ordeal.person, ordeal.sent[name].job.job_id) == [-3, 3]


def test_no_worker_died_or_outgrew_its_memory(ordeal: Ordeal) -> None:
    assert ordeal.workers_before
    assert ordeal.workers_before <= ordeal.workers_after
    peaks = [peak_memory_mb(worker) for worker in ordeal.workers_after]
    assert all(peak is None or peak < MEMORY_MB for peak in peaks), peaks


def test_an_empty_file_ends_in_words(service: Service, tmp_path: Path) -> None:
    empty = tmp_path / "empty.jpg"
    empty.touch()
    person = service.newcomer()
    with pytest.raises(ApiProblem) as told:
        person.client.submit(empty, "basic")
    assert told.value.status == 400
    with pytest.raises(ApiProblem) as told:
        person.client.remove(empty, "basic", tmp_path / "out.png")
    assert told.value.code == "empty_file"
    assert service.balance(person) == 50
