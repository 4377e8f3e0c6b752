"""Rows of jobs that were written before a job had several outputs."""

from decimal import Decimal
from typing import Any

from lumiku.domain.work.jobs import Job, Status

RESULT = {
    "key": "out/u1/job_1/a1.png",
    "size_bytes": Decimal(5),
    "width_px": Decimal(3),
    "height_px": Decimal(2),
    "format": "png",
}


def row(**more: Any) -> dict[str, Any]:
    """As the table gave it back."""
    return {
        "pk": "JOB#job_1",
        "sk": "META",
        "id": "job_1",
        "user_id": "u1",
        "app": "background-remover",
        "status": "completed",
        "tier": "standard",
        "workflow": [
            {"name": "cut-out", "params": {"quality": "standard"}},
            {"name": "crop", "params": {"margin": "5"}},
        ],
        "price": Decimal(8),
        "pricing_type": "credits",
        "source": {"kind": "upload", "key": "in/single/u1/job_1", "etag": "e"},
        "file_name": "a.jpg",
        "content_type": "image/jpeg",
        "declared_bytes": Decimal(9),
        "request_hash": "-",
        "created_at": "2026-11-21T10:00:00.000Z",
        "closes_at": "2026-11-21T10:30:00.000Z",
        "tries": Decimal(1),
        "attempt_id": "a1",
        **more,
    }


def test_the_one_output_of_before_is_the_result() -> None:
    job = Job.model_validate(row(output=RESULT))

    assert job.status is Status.COMPLETED
    assert job.result is not None
    assert (job.result.key, job.result.size_bytes) == (RESULT["key"], 5)
    assert job.outputs == {"result": job.result}


def test_a_job_without_a_result_has_none() -> None:
    assert Job.model_validate(row(status="failed")).result is None


def test_what_was_sent_to_a_provider_was_sent_for_the_cut_out() -> None:
    sent = {"entry": "fal:x", "etag": "e", "ticket": None}

    job = Job.model_validate(row(submission=sent, submissions=[{"entry": "fal:y", "step": 1}]))

    first, second = job.submission_of(0), job.submission_of(1)
    assert first is not None
    assert second is not None
    assert (first.entry, second.entry) == ("fal:x", "fal:y")
    assert job.submission_of(2) is None


def test_the_last_that_was_sent_for_a_step_counts() -> None:
    sent = [{"entry": "fal:x"}, {"entry": "fal:y", "step": 1}, {"entry": "fal:z"}]

    last = Job.model_validate(row(submissions=sent)).submission_of(0)

    assert last is not None
    assert last.entry == "fal:z"


def test_what_is_read_is_written_as_today() -> None:
    job = Job.model_validate(row(output=RESULT))

    assert Job.model_validate(job.model_dump(mode="json")) == job
    assert "output" not in job.model_dump()
