"""The ZIP of a batch: what is in it, that it can be made again, and what a death leaves behind."""

import io
import json
import random
import shutil
import subprocess
import zipfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError
from stream_unzip import stream_unzip

from lumiku.apps.remover.prices import Tier, price, worth
from lumiku.apps.remover.workflow import background_removal
from lumiku.bootstrap import work
from lumiku.domain.errors import NotFound
from lumiku.domain.work.groups import Archive, Group, PlannedPhoto, planned_jobs
from lumiku.domain.work.jobs import Failure, Output, Status
from lumiku.domain.work.photos import Lane
from lumiku.services.clock import utc_now
from lumiku.services.transactions import Insert
from lumiku.services.work.closing import Closing
from tests.component.stack import Stack

USER, GROUP = "u1", f"batch_{1:032x}"
KEY = f"zip/{USER}/{GROUP}/results.zip"
NAMES = ["IMG_1.jpg", "img_1.jpg", "靴.heic", "broken.jpg", "IMG_1.jpg"]
RESULTS = {
    "removed-IMG_1.png": 0,
    "removed-img_1-2.png": 1,
    "removed-靴.png": 2,
    "removed-IMG_1-3.png": 4,
}
"""Which photo each result is of; photo 3 has none."""
MIB = 1024 * 1024


@dataclass
class Batch:
    """A batch whose results are in the bucket."""

    stack: Stack
    group: Group
    results: dict[int, bytes]

    def close(self) -> None:
        Closing(
            self.stack.groups,
            self.stack.photos,
            self.stack.executions,
            self.stack.transactions,
            worth,
            utc_now,
        ).close(GROUP)

    def zip(self) -> Any:
        return self.stack.call("zip_batch", {"groupId": GROUP})

    def archive(self) -> bytes:
        return self.stack.s3.get_object(Bucket=self.stack.bucket, Key=KEY)["Body"].read()

    def keys(self) -> list[str]:
        found = self.stack.s3.list_objects_v2(Bucket=self.stack.bucket, Prefix="zip/")
        return [item["Key"] for item in found.get("Contents", [])]

    def unfinished(self) -> int:
        found = self.stack.s3.list_multipart_uploads(Bucket=self.stack.bucket)
        return len(found.get("Uploads", []))


def put_batch(stack: Stack, *, result_bytes: int) -> Batch:
    """An open batch with a result for every photo but `broken.jpg`."""
    now = utc_now()
    photos = tuple(PlannedPhoto(name=name, size_bytes=1000) for name in NAMES)
    group = Group(
        id=GROUP,
        user_id=USER,
        app="background-remover",
        product=Tier.BASIC.product,
        workflow=background_removal(Tier.BASIC),
        lane=Lane.STANDARD,
        total=len(NAMES),
        price=price(Tier.BASIC, len(NAMES)).total,
        pricing_type="credits",
        request_hash="-",
        created_at=now,
        closes_at=now + timedelta(minutes=30),
    )
    stack.open_account(USER, 100)
    stack.transactions.commit(Insert(group))
    jobs, results, noise = planned_jobs(group, photos), {}, random.Random(4)  # noqa: S311 - only bytes
    for index, job in enumerate(jobs):
        changes: dict[str, object] = {"tries": 1, "started_at": now, "completed_at": now}
        if job.file_name == "broken.jpg":
            changes["status"] = Status.FAILED
            changes["failure"] = Failure(code="damaged_photo", message="The photo is cut short.")
        else:
            key = f"out/{USER}/{job.id}.png"
            results[index] = noise.randbytes(result_bytes)
            stack.s3.put_object(Bucket=stack.bucket, Key=key, Body=results[index])
            changes["status"] = Status.COMPLETED
            result = Output(key=key, size_bytes=result_bytes, width_px=1, height_px=1, format="png")
            changes["outputs"] = {"result": result}
        jobs[index] = job.model_copy(update=changes)
    stack.groups.make_jobs(jobs)
    stack.groups.open(group)
    return Batch(stack, group, results)


@pytest.fixture
def batch(stack: Stack) -> Batch:
    """A closed batch with small results."""
    put = put_batch(stack, result_bytes=1000)
    put.close()
    return put


@pytest.fixture
def large(stack: Stack) -> Batch:
    """A closed batch whose ZIP takes several parts."""
    put = put_batch(stack, result_bytes=5 * MIB)
    put.close()
    return put


@pytest.mark.parametrize("size", ["batch", "large"])
def test_the_zip_holds_the_results_and_the_manifests(
    size: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    batch: Batch = request.getfixturevalue(size)

    answer = batch.zip()

    data = batch.archive()
    assert answer == {"key": KEY, "sizeBytes": len(data), "files": 4, "isLast": True}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [*RESULTS, "manifest.json", "manifest.csv"]
        for name, index in RESULTS.items():
            assert archive.read(name) == batch.results[index]
        told = json.loads(archive.read("manifest.json"))
        assert archive.read("manifest.csv").count(b"\r\n") == 1 + len(NAMES)
    assert [photo["source"] for photo in told["photos"]] == NAMES
    assert told["photos"][3]["code"] == "damaged_photo"
    assert [photo["credits"] for photo in told["photos"]] == [3, 3, 3, 0, 3]
    streamed = {name.decode(): b"".join(chunks) for name, _, chunks in stream_unzip([data])}
    assert {name: streamed[name] for name in RESULTS} == {
        name: batch.results[index] for name, index in RESULTS.items()
    }
    if unzip := shutil.which("unzip"):
        (tmp_path / "results.zip").write_bytes(data)
        subprocess.run([unzip, "-tq", tmp_path / "results.zip"], check=True)  # noqa: S603


def test_the_row_says_where_the_zip_is(batch: Batch) -> None:
    answer = batch.zip()

    group = batch.stack.groups.group(GROUP)
    head = batch.stack.s3.head_object(Bucket=batch.stack.bucket, Key=KEY)
    assert group is not None
    assert group.archive == Archive(key=KEY, size_bytes=answer["sizeBytes"])
    assert (head["ContentLength"], head["ContentType"]) == (
        answer["sizeBytes"],
        "application/zip",
    )


def test_made_again_it_is_the_same(batch: Batch) -> None:
    first, data = batch.zip(), batch.archive()

    assert batch.zip() == first
    assert batch.archive() == data
    assert batch.keys() == [KEY]


def test_a_deleted_result_is_missing_and_said_to_be(batch: Batch) -> None:
    batch.stack.s3.delete_object(Bucket=batch.stack.bucket, Key=f"out/{USER}/{GROUP}_0001.png")

    assert batch.zip()["files"] == 3

    with zipfile.ZipFile(io.BytesIO(batch.archive())) as archive:
        told = json.loads(archive.read("manifest.json"))["photos"]
        assert "removed-img_1-2.png" not in archive.namelist()
        assert "removed-IMG_1-3.png" in archive.namelist()
    assert (told[1]["result"], told[1]["status"], told[1]["code"]) == (
        None,
        "completed",
        "result_gone",
    )


def test_what_a_killed_function_left_does_not_matter(large: Batch) -> None:
    s3, bucket = large.stack.s3, large.stack.bucket
    killed = s3.create_multipart_upload(Bucket=bucket, Key=KEY)["UploadId"]
    s3.upload_part(Bucket=bucket, Key=KEY, UploadId=killed, PartNumber=1, Body=b"half a ZIP" * MIB)

    assert large.zip()["files"] == 4

    with zipfile.ZipFile(io.BytesIO(large.archive())) as archive:
        assert archive.testzip() is None


@pytest.mark.parametrize("operation", ["GetObject", "UploadPart"])
def test_a_failure_in_the_middle_leaves_nothing_and_can_be_repeated(
    operation: str, large: Batch
) -> None:
    large.zip()
    whole = large.archive()
    large.stack.s3.delete_object(Bucket=large.stack.bucket, Key=KEY)
    events = archive_client().meta.events
    seen = []

    def fail_the_second(**_: object) -> None:
        seen.append(operation)
        if len(seen) == 2:
            raise RuntimeError("out of the blue")

    name = f"before-call.s3.{operation}"
    events.register(name, fail_the_second)
    with pytest.raises(RuntimeError, match="out of the blue"):
        large.zip()
    events.unregister(name, fail_the_second)

    assert large.unfinished() == 0
    assert large.keys() == []
    group = large.stack.groups.group(GROUP)
    assert group is not None
    large.zip()
    assert large.archive() == whole


def test_an_answer_that_breaks_off_is_read_again(
    batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch.stack.app("zip_batch")
    client = archive_client()
    whole, tries = client.get_object, []

    def breaks_off_at_first(**request: Any) -> Any:
        tries.append(request["Key"])
        answer: Any = whole(**request)
        if tries.count(request["Key"]) < 3:
            monkeypatch.setattr(answer["Body"], "read", torn)
        return answer

    def torn() -> bytes:
        raise ReadTimeoutError(endpoint_url="https://s3")

    monkeypatch.setattr(client, "get_object", breaks_off_at_first)

    assert batch.zip()["files"] == 4
    assert len(tries) == 12


def test_only_a_closed_batch_is_zipped(stack: Stack) -> None:
    batch = put_batch(stack, result_bytes=1000)

    with pytest.raises(NotFound):
        batch.zip()
    with pytest.raises(NotFound):
        stack.call("zip_batch", {"groupId": "batch_of_nobody"})
    assert batch.keys() == []


def archive_client() -> Any:
    """The client by which the function reads and writes."""
    bucket: Any = work.archiving().archives
    return bucket._client
