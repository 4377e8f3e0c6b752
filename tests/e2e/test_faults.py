"""The path of one photo on the laptop cloud, with everything going wrong that can be arranged.

Whatever happens: at most one result, one charge, at most one refund, and a ledger that adds up.
"""

import os
import signal
import time
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from PIL import Image

from local import samples
from lumiku.domain.work.jobs import Status
from lumiku.services.clock import utc_now
from tests.e2e.service import Person, Photo, Service, in_the_past, until

PRICE = 3


@pytest.fixture(scope="module")
def photo(service: Service) -> Path:
    return samples.write(service.layout) / "rocket.jpg"


@pytest.fixture
def person(service: Service) -> Person:
    return service.newcomer()


def check(service: Service, person: Person, job_id: str, status: Status) -> None:
    """The job ended so, with one result or one refund."""
    job = service.job(job_id)
    assert job.status is status
    if status is Status.COMPLETED:
        assert job.outputs.keys() == {"result", "thumbnail"}
        assert service.results(job) == sorted(output.key for output in job.outputs.values())
        assert service.moved(person, job_id) == [-PRICE]
    else:
        assert service.results(job) == []
        assert service.moved(person, job_id) == [-PRICE, PRICE]
    service.balance(person)


def closed(service: Service, person: Person, photo: Path) -> tuple[str, Photo]:
    """A completed job, and its photo."""
    submission = person.client.submit(photo, "basic")
    person.client.upload(photo, submission)
    service.becomes(submission.job_id, Status.COMPLETED)
    return submission.job_id, service.uploaded(submission)


def empty(service: Service, queue: str) -> None:
    until(lambda: service.waiting(queue) == 0)


def test_one_photo_told_of_many_times_at_once(
    service: Service, person: Person, photo: Path
) -> None:
    submission = person.client.submit(photo, "basic")
    with service.held_back():
        person.client.upload(photo, submission)
        there = service.uploaded(submission)
        for _ in range(3):
            service.tell("SingleLane", there)
        service.tell("SingleLane", there, there)
    job = service.becomes(submission.job_id, Status.COMPLETED)
    assert job.tries == 1
    check(service, person, job.id, Status.COMPLETED)


def test_news_of_a_closed_job(service: Service, person: Person, photo: Path) -> None:
    job_id, there = closed(service, person, photo)
    before = service.job(job_id)
    # Twins that met a living lease may still wait for its end.
    service.sqs.purge_queue(QueueUrl=service.names["SingleLane"])
    service.tell("SingleLane", there)
    service.tell("SingleLaneDlq", there)
    empty(service, "SingleLane")
    empty(service, "SingleLaneDlq")
    assert service.job(job_id) == before
    check(service, person, job_id, Status.COMPLETED)


def test_dead_letters_wait_for_a_live_lease(service: Service, person: Person, photo: Path) -> None:
    submission = person.client.submit(photo, "basic")
    with service.held_back():
        person.client.upload(photo, submission)
        service.sqs.purge_queue(QueueUrl=service.names["SingleLane"])
        service.lease(submission.job_id, utc_now() + timedelta(seconds=4))
    service.tell("SingleLaneDlq", service.uploaded(submission))
    time.sleep(2)
    assert service.job(submission.job_id).status is Status.PROCESSING
    assert service.moved(person, submission.job_id) == [-PRICE]
    service.becomes(submission.job_id, Status.FAILED)
    check(service, person, submission.job_id, Status.FAILED)


def test_several_records_in_one_message_in_every_spelling(
    service: Service, person: Person, photo: Path
) -> None:
    submissions = [person.client.submit(photo, "basic") for _ in range(3)]
    with service.held_back():
        for submission in submissions:
            person.client.upload(photo, submission)
        service.sqs.purge_queue(QueueUrl=service.names["SingleLane"])
        photos = [service.uploaded(submission) for submission in submissions]
        spelt = [photos[0].key, quote(photos[1].key), quote_plus(photos[2].key)]
        told = [Photo(key, p.etag, p.size_bytes) for key, p in zip(spelt, photos, strict=True)]
        service.tell("SingleLane", *told)
    for submission in submissions:
        service.becomes(submission.job_id, Status.COMPLETED)
        check(service, person, submission.job_id, Status.COMPLETED)


@pytest.mark.parametrize(
    "key", ["in/single/nobody/nothing", "in/single/what a/mess+of é/key", "in/single/deep/er/still"]
)
def test_objects_that_belong_to_no_job_are_deleted(service: Service, key: str) -> None:
    service.put(key, b"stray")
    until(lambda: not service.exists(key))


def test_a_photo_under_another_users_name_is_a_stray(
    service: Service, person: Person, photo: Path
) -> None:
    submission = person.client.submit(photo, "basic")
    wrong = service.put(f"in/single/somebody-else/{submission.job_id}", photo.read_bytes())
    until(lambda: not service.exists(wrong.key))
    # Its claim stands until its lease is over; the owner's photo then goes its way.
    service.set_job(submission.job_id, status="pending")
    person.client.upload(photo, submission)
    service.becomes(submission.job_id, Status.COMPLETED)
    check(service, person, submission.job_id, Status.COMPLETED)


def test_a_photo_replaced_between_its_event_and_its_turn(
    service: Service, person: Person, photo: Path, tmp_path: Path
) -> None:
    second = tmp_path / "second.png"
    picture = Image.new("RGB", (320, 200), "white")
    picture.paste("navy", (100, 50, 220, 150))
    file = BytesIO()
    picture.save(file, "PNG")
    second.write_bytes(file.getvalue())
    submission = person.client.submit(photo, "basic")
    with service.held_back():
        person.client.upload(photo, submission)
        person.client.upload(second, submission)
    job = service.becomes(submission.job_id, Status.COMPLETED)
    assert job.result is not None
    assert (job.result.width_px, job.result.height_px) == (320, 200)
    check(service, person, job.id, Status.COMPLETED)


def test_a_worker_killed_in_the_middle(service: Service, person: Person, photo: Path) -> None:
    submission = person.client.submit(photo, "basic")
    job_id = submission.job_id
    person.client.upload(photo, submission)
    claimed = service.becomes(job_id, Status.PROCESSING, Status.COMPLETED)
    assert claimed.status is Status.PROCESSING
    workers = service.workers()
    for worker in workers:
        os.kill(worker, signal.SIGKILL)
    assert workers
    time.sleep(0.5)
    died = service.job(job_id)
    assert (died.status, died.tries) == (Status.PROCESSING, 1)
    # Two minutes later: the lease is over, and the message comes back.
    service.set_job(job_id, lease_until=f"{in_the_past():%Y-%m-%dT%H:%M:%S}.000Z")
    service.tell("SingleLane", service.uploaded(submission))
    assert service.becomes(job_id, Status.COMPLETED).tries == 2
    check(service, person, job_id, Status.COMPLETED)


def test_given_up_after_all_tries(service: Service, person: Person, photo: Path) -> None:
    submission = person.client.submit(photo, "basic")
    with service.held_back():
        person.client.upload(photo, submission)
        service.set_job(submission.job_id, tries=4)
    service.becomes(submission.job_id, Status.FAILED)
    check(service, person, submission.job_id, Status.FAILED)
    told = person.client.job(submission.job_id)
    assert told.error is not None
    assert (told.error.code, told.credits_refunded) == ("processing_failed", PRICE)
