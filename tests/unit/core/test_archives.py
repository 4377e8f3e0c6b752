"""Names of results, the manifest that accounts for them, and ZIPs as bytes."""

import csv
import io
import json
import zipfile
from collections import Counter
from collections.abc import Set
from datetime import UTC, datetime, timedelta
from threading import Lock

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stream_unzip import stream_unzip

from lumiku.adapters.work.archives import READ_AHEAD_BYTES, read_ahead, zipped
from lumiku.apps.remover.prices import Tier, price, worth
from lumiku.domain.work.archives import (
    PART_BYTES,
    RESULT_GONE,
    Manifest,
    Member,
    archive_key,
    manifest,
    members,
    parted,
)
from lumiku.domain.work.file_names import result_name
from lumiku.domain.work.groups import Group, PlannedPhoto, Stage, planned_jobs
from lumiku.domain.work.jobs import NEVER_UPLOADED, Failure, Job, Output, Status
from lumiku.domain.work.photos import Lane
from lumiku.domain.work.settling import settle
from tests.unit.core.test_file_names import SOURCES

NOW = datetime(2026, 11, 21, 23, 59, 58, tzinfo=UTC)
REFUSED = Failure(code="damaged_photo", message="The photo is cut short.")


def closed_group(names: list[str], tier: Tier = Tier.BASIC) -> tuple[Group, list[Job]]:
    """A group in which every photo has a result."""
    photos = tuple(PlannedPhoto(name=name, size_bytes=1000) for name in names)
    group = Group(
        id="bat_1",
        user_id="u1",
        app="background-remover",
        product=tier.product,
        workflow=(),
        lane=Lane.STANDARD,
        total=len(names),
        price=price(tier, len(names)).total,
        pricing_type="credits",
        request_hash="-",
        created_at=NOW,
        closes_at=NOW,
        stage=Stage.CLOSED,
        closed_at=NOW,
    )
    done = [
        job.model_copy(
            update={
                "status": Status.COMPLETED,
                "tries": 1,
                "started_at": NOW,
                "completed_at": NOW + timedelta(milliseconds=1234),
                "outputs": {"result": output(f"out/u1/{job.id}")},
            }
        )
        for job in planned_jobs(group, photos)
    ]
    return group, done


def output(key: str) -> Output:
    return Output(key=key, size_bytes=7, width_px=1, height_px=1, format="png")


def without_result(job: Job, status: Status, failure: Failure) -> Job:
    return job.model_copy(update={"status": status, "failure": failure, "outputs": {}})


def accounted(group: Group, jobs: list[Job], gone: Set[str] = frozenset()) -> Manifest:
    """The manifest of a group with one ZIP."""
    [part] = parted(group, jobs)
    return manifest(group, jobs, settle(group, jobs, worth), part, gone)


def test_the_manifest_accounts_for_every_photo() -> None:
    names = ["a.jpg", "A.jpg", "b.jpg", "c.jpg", "d.jpg"]
    group, jobs = closed_group(names)
    jobs[2] = without_result(jobs[2], Status.FAILED, REFUSED)
    jobs[3] = without_result(jobs[3], Status.EXPIRED, NEVER_UPLOADED)
    left_whole = jobs[4].result
    assert left_whole is not None
    jobs[4] = jobs[4].model_copy(
        update={"outputs": {"result": left_whole.model_copy(update={"note": "no_subject"})}}
    )

    account = accounted(group, jobs, frozenset({"out/u1/bat_1_0001"}))

    told = json.loads(account.to_json())
    assert [photo["source"] for photo in told["photos"]] == [
        "a.jpg",
        "A.jpg",
        "b.jpg",
        "c.jpg",
        "d.jpg",
    ]
    assert [photo["result"] for photo in told["photos"]] == [
        "removed-a.png",
        None,
        None,
        None,
        "removed-d.png",
    ]
    assert [photo["code"] for photo in told["photos"]] == [
        None,
        RESULT_GONE.code,
        REFUSED.code,
        NEVER_UPLOADED.code,
        "no_subject",
    ]
    assert [photo["message"] for photo in told["photos"]][2] == REFUSED.message
    assert told["photos"][0] == {
        "source": "a.jpg",
        "result": "removed-a.png",
        "status": "completed",
        "code": None,
        "message": None,
        "sizeBytes": 7,
        "seconds": 1.234,
        "credits": 3,
    }
    assert told["creditsCharged"] + told["creditsRefunded"] == group.price
    assert {name: told[name] for name in ("batchId", "tier", "closedAt")} == {
        "batchId": "bat_1",
        "tier": "basic",
        "closedAt": "2026-11-21T23:59:58.000Z",
    }


@given(
    st.lists(st.sampled_from([Status.COMPLETED, Status.FAILED]), min_size=2, max_size=60),
    st.sampled_from(Tier),
)
def test_the_credits_of_the_lines_add_up_to_what_was_charged(
    statuses: list[Status], tier: Tier
) -> None:
    group, jobs = closed_group(["x.jpg"] * len(statuses), tier)
    mixed = [
        job if status is Status.COMPLETED else without_result(job, status, REFUSED)
        for job, status in zip(jobs, statuses, strict=True)
    ]

    account = accounted(group, mixed)

    assert sum(line.credits for line in account.photos) == account.credits_charged
    assert account.credits_charged + account.credits_refunded == group.price
    assert len(members(group, mixed)) == statuses.count(Status.COMPLETED)


@pytest.mark.parametrize(
    "name", ["=1+1.jpg", "+1.jpg", "-1.jpg", "@sum.jpg", "\t=1.jpg", "\r=1.jpg", "\uff1d1.jpg"]
)
def test_a_spreadsheet_calculates_nothing(name: str) -> None:
    group, jobs = closed_group([name, 'a"b;=1,c\n.jpg'])

    text = accounted(group, jobs).to_csv()

    first, second = csv.DictReader(io.StringIO(text.decode("utf-8-sig"), newline=""))
    assert first["source"] == f"'{name}"
    assert second["source"] == 'a"b;=1,c\n.jpg'
    assert first["seconds"] == "1.234"


def test_the_csv_says_the_same_as_the_json() -> None:
    group, jobs = closed_group(["靴.jpg", "b.jpg"])
    account = accounted(group, jobs)

    lines = csv.DictReader(io.StringIO(account.to_csv().decode("utf-8-sig"), newline=""))

    for line, photo in zip(lines, json.loads(account.to_json())["photos"], strict=True):
        assert list(line.values()) == ["" if told is None else str(told) for told in photo.values()]


def sized(jobs: list[Job], sizes: dict[int, int]) -> list[Job]:
    """The same jobs, of which some have larger results."""
    return [
        job
        if place not in sizes
        else job.model_copy(
            update={
                "outputs": {
                    "result": output(f"out/u1/{job.id}").model_copy(
                        update={"size_bytes": sizes[place]}
                    )
                }
            }
        )
        for place, job in enumerate(jobs)
    ]


@pytest.mark.parametrize(
    ("photos", "in_parts"),
    [(499, [499]), (500, [500]), (501, [500, 1]), (1000, [500, 500]), (1001, [500, 500, 1])],
)
def test_a_zip_holds_500_photos(photos: int, in_parts: list[int]) -> None:
    group, jobs = closed_group(["x.jpg"] * photos)
    assert [len(part.photos) for part in parted(group, jobs)] == in_parts


def test_5000_photos_are_ten_zips_of_names_that_are_all_different() -> None:
    group, jobs = closed_group(["IMG_1.jpg"] * 5000)
    parts = parted(group, jobs)

    assert [part.number for part in parts] == list(range(1, 11))
    assert [place for part in parts for place in part.photos] == list(range(5000))
    assert len({archive_key(group, part) for part in parts}) == 10
    assert archive_key(group, parts[0]).endswith("/results-01.zip")
    assert len({member.name for member in members(group, jobs).values()}) == 5000


GIB = 1024**3
BESIDE = 500 * 4096 + 498 * 7
"""Names and lists of 500 photos, and 498 small results."""


@pytest.mark.parametrize(
    ("sizes", "first"),
    [
        ({0: GIB, 1: GIB - BESIDE}, 500),
        ({0: GIB, 1: GIB - BESIDE + 1}, 499),
        ({0: GIB, 1: GIB}, 1),
        ({0: 3 * GIB}, 1),
        ({1: 3 * GIB}, 1),
        ({400: GIB, 499: GIB}, 499),
    ],
    ids=str,
)
def test_a_zip_of_a_large_group_holds_2_gib(sizes: dict[int, int], first: int) -> None:
    group, jobs = closed_group(["x.jpg"] * 600)
    large = sized(jobs, sizes)
    parts = parted(group, large)

    assert len(parts[0].photos) == first
    assert [place for part in parts for place in part.photos] == list(range(600))
    for part in parts:
        held = [large[place].result for place in part.photos]
        assert len(held) == 1 or sum(one.size_bytes for one in held if one) <= PART_BYTES


def test_another_group_has_one_zip_whatever_its_size() -> None:
    group, jobs = closed_group(["x.jpg"] * 500)
    assert len(parted(group, sized(jobs, {0: 3 * GIB, 499: 3 * GIB}))) == 1


def test_the_manifests_of_all_parts_account_for_each_photo_once() -> None:
    group, jobs = closed_group([f"{n}.jpg" for n in range(1001)])
    jobs[3] = without_result(jobs[3], Status.FAILED, REFUSED)
    jobs[700] = without_result(jobs[700], Status.CANCELLED, REFUSED)
    verdict = settle(group, jobs, worth)

    accounts = [
        manifest(group, jobs, verdict, part, frozenset({"out/u1/bat_1_0999"}))
        for part in parted(group, jobs)
    ]

    lines = [line for account in accounts for line in account.photos]
    assert [line.source for line in lines] == [f"{n}.jpg" for n in range(1001)]
    assert [(one.part, one.parts) for one in accounts] == [(1, 3), (2, 3), (3, 3)]
    assert lines[999].code == RESULT_GONE.code
    assert sum(one.credits_charged for one in accounts) == group.price - verdict.outcome.refund
    assert sum(one.credits_refunded for one in accounts) == verdict.outcome.refund
    for account in accounts:
        assert sum(line.credits for line in account.photos) == account.credits_charged


def packed(files: dict[str, bytes]) -> bytes:
    return b"".join(zipped((zipfile.ZipInfo(name), data) for name, data in files.items()))


@given(st.dictionaries(SOURCES.map(lambda source: result_name(source, "png")), st.binary()))
def test_two_readers_find_what_was_put_in(files: dict[str, bytes]) -> None:
    data = packed(files)

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == files
        assert {info.compress_type for info in archive.infolist()} <= {zipfile.ZIP_STORED}
    # Reads from the front, as browsers and Java do, and refuses sizes that only follow the bytes.
    streamed = stream_unzip([data])
    assert {name.decode(): b"".join(chunks) for name, _, chunks in streamed} == files


def test_beyond_the_limits_of_the_old_format(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 1000)
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 10)
    files = {f"{number}.png": bytes([number]) * 990 for number in range(20)}

    data = packed(files)

    monkeypatch.undo()
    assert b"PK\x06\x06" in data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == files


def test_reading_ahead_keeps_the_order_and_the_limit() -> None:
    size = READ_AHEAD_BYTES // 5
    listed = [Member(f"k{number}", f"{number}.png", NOW, size) for number in range(40)]
    listed[7] = Member("k7", "7.png", NOW, READ_AHEAD_BYTES * 2)
    asked: Counter[str] = Counter()
    lock = Lock()

    def read(key: str) -> bytes | None:
        with lock:
            asked[key] += 1
        return None if key == "k3" else key.encode()

    for number, (entry, data) in enumerate(read_ahead(read, listed)):
        assert entry is listed[number]
        assert data == (None if number == 3 else entry.key.encode())
        assert len(asked) <= number + 6
    assert set(asked.values()) == {1}
    assert len(asked) == 40


def test_a_failed_read_ends_the_reading() -> None:
    def read(key: str) -> bytes | None:
        raise ConnectionError(key)

    with pytest.raises(ConnectionError, match="k0"):
        list(read_ahead(read, [Member(f"k{n}", "x.png", NOW, 1) for n in range(20)]))
