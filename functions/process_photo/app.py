"""Puts uploaded photos through their workflows. The only function that opens hostile files."""

from pathlib import Path
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.typing import LambdaContext

from darkroom.decode import decode_photo
from darkroom.encode import encode
from darkroom.errors import PhotoRefused
from darkroom.models import Models
from darkroom.steps import STEPS
from darkroom.weights import manifest
from lumiku import bootstrap, settings
from lumiku.domain.workflows import Workflow
from lumiku.messages import arrivals
from lumiku.queues import ComeBack, handle_each
from lumiku.services.processing import Developed, PhotoRejected, Retry

MB_PER_VCPU = 1769  # of Lambda; AWS documentation, "Configuring memory"

logger = Logger()
metrics = Metrics()


def weights(model: str) -> Path:
    """Verified file of a model's weights."""
    return bootstrap.photo_bucket().weights(manifest()[model].sha256)


memory_mb = settings.read(settings.SandboxSettings).AWS_LAMBDA_FUNCTION_MEMORY_SIZE
models = Models(weights, threads=max(1, round(memory_mb / MB_PER_VCPU)))


def develop(photo: bytes, workflow: Workflow) -> Developed:
    """Decode, run every step, encode."""
    try:
        picture = decode_photo(photo)
        for step in workflow:
            picture = STEPS[step.name](picture, models, step.params)
        data = encode(picture, "png")
    except PhotoRefused as refused:
        raise PhotoRejected(refused.code, refused.message) from refused
    return Developed(data, picture.width, picture.height, "png", picture.note)


processing = bootstrap.processing(develop)


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Process each arrival of each message; messages that need another try come back."""

    def process(body: str) -> None:
        retries = []
        for number, arrival in enumerate(arrivals(body)):
            done = processing.process(
                arrival,
                attempt_id=f"{context.aws_request_id}-{number}",
                time_left_s=context.get_remaining_time_in_millis() / 1000,
            )
            logger.info("photo", key=arrival.key, result=done)
            if isinstance(done, Retry):
                retries.append(done)
            else:
                metrics.add_metric(f"Photo_{done.outcome}", MetricUnit.Count, 1)
                if done.failed:
                    metrics.add_metric("Photo_failed", MetricUnit.Count, 1)
        if retries:
            metrics.add_metric("Photo_retry", MetricUnit.Count, len(retries))
            raise ComeBack(max(r.after_s for r in retries), retries[0].reason)

    try:
        return handle_each(event, process, bootstrap.sqs())
    finally:
        if metrics.metric_set:
            metrics.flush_metrics()
