"""A batch of messages is authorized as its single messages are.

IAM knows `sqs:SendMessage`, `sqs:DeleteMessage` and `sqs:ChangeMessageVisibility`; the batch calls
need these and have no actions of their own. Upstream asks for `sqs:SendMessageBatch`, which a
policy that was written for AWS never allows.
"""

import functools
from typing import Any

from ministack.core import iam_actions

from local.patches.expect import expect, expect_upstream

_SEND = {"x-amz-target": "AmazonSQS.SendMessageBatch"}


def apply() -> None:
    """Name the action of a batch call as AWS does."""
    upstream = iam_actions.extract_iam_action
    expect_upstream(upstream, "extract_iam_action")
    expect(upstream("sqs", "POST", "/", _SEND, b"", {}) == "sqs:SendMessageBatch", "batch actions")

    @functools.wraps(upstream)
    def extract(*arguments: Any, **named: Any) -> Any:
        action = upstream(*arguments, **named)
        if action and action.startswith("sqs:"):
            return action.removesuffix("Batch")
        return action

    iam_actions.extract_iam_action = extract
