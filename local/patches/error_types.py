"""A failed Python handler answers with its exception's class as `errorType`.

Retry and Catch of a state machine choose by that name; upstream always says
`Runtime.HandlerError`.
"""

import functools
import json
from typing import Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

from local.patches.expect import expect, expect_upstream

_FAILED = '"error": str(e), "trace": traceback.format_exc()}'
_FAILED_WITH_TYPE = (
    '"error": "@@" + json.dumps({"errorMessage": str(e), "errorType": type(e).__name__, '
    '"stackTrace": traceback.format_exc().splitlines()}), "trace": traceback.format_exc()}'
)


def apply() -> None:
    """Let the worker send the whole error, and unpack it where upstream makes the answer."""
    script = lambda_runtime._PYTHON_WORKER_SCRIPT
    expect(script.count(_FAILED) == 1, "the Python worker script")
    lambda_runtime._PYTHON_WORKER_SCRIPT = script.replace(_FAILED, _FAILED_WITH_TYPE)
    upstream = lambda_svc._execute_function_warm
    expect_upstream(upstream, "_execute_function_warm")

    @functools.wraps(upstream)
    def execute(func: dict[str, Any], event: Any, request_id: str) -> dict[str, Any]:
        result: dict[str, Any] = upstream(func, event, request_id)
        body = result.get("body")
        if result.get("error") and isinstance(body, dict):
            message = str(body.get("errorMessage", ""))
            if message.startswith("@@"):
                result["body"] = json.loads(message[2:])
        return result

    lambda_svc._execute_function_warm = execute
