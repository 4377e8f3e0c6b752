"""A queue keeps its URL when the state is opened on another port.

Upstream stores queues under a URL with the port of the day, and looks them up with today's: after
a restart on another port nothing is delivered to a function any more. Clients never see the
difference, because answers carry the address that they asked.
"""

import os

from ministack.services import sqs

from local.patches.expect import expect, expect_upstream

_PORT = "4566"


def apply() -> None:
    """Give the stored URLs a port that never changes."""
    expect_upstream(sqs._queue_url_for_account, "the URL of a queue")
    expect(
        {"DEFAULT_HOST", "DEFAULT_PORT"} <= set(sqs._queue_url_for_account.__code__.co_names),
        "the URL of a queue",
    )
    today = f"{sqs.DEFAULT_HOST}:{os.environ.get('GATEWAY_PORT', _PORT)}"
    expect(today == sqs._CANONICAL_NETLOC, "the address in the URL of a queue")
    sqs.DEFAULT_PORT = _PORT
    sqs._CANONICAL_NETLOC = f"{sqs.DEFAULT_HOST}:{_PORT}"
