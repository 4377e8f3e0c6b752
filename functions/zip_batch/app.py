"""Third step of a batch: a ZIP of its results, again and again until all parts are there."""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from lumiku.bootstrap import work

logger = Logger()
archiving = work.archiving()


@logger.inject_lambda_context(correlation_id_path="requestId")
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Write the next ZIP of a closed batch; answers where it is, its size, and its results.

    `isLast` says that no other is left.
    """
    packed = archiving.archive(event["groupId"])
    archive = packed.archive
    logger.info(
        "zipped", batch_id=event["groupId"], archive=archive.model_dump(), files=packed.files
    )
    return {
        "key": archive.key,
        "sizeBytes": archive.size_bytes,
        "files": packed.files,
        "isLast": packed.left == 0,
    }
