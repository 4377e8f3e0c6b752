"""What a worker makes of a photo, without looking at it."""

from lumiku.domain.work.receipts import Receipt
from lumiku.services.work.attempts import Attempt, Developed, PhotoRejected
from tests.fake_photos import developed

RECEIPT = Receipt(
    entry="fal:birefnet-light",
    request_id="request-1",
    tries=1,
    provider_microusd=3_000,
    memory_mb=1024,
    stage_ms={"decode": 10, "hosted": 700},
)


def made(_: Attempt) -> Developed:
    """A result, without looking at the photo."""
    return developed(b"a result", receipt=RECEIPT)


def left_whole(attempt: Attempt) -> Developed:
    """A result in which nothing was found to cut out."""
    return developed(attempt.photo, note="no_subject")


def rejected(_: Attempt) -> Developed:
    """No result, because of the photo."""
    raise PhotoRejected("damaged_photo", "The photo is cut short.")
