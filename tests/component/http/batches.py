"""Batches as tests order them, upload and close."""

from typing import Any

from lumiku.apps.remover.http import REMOVER_PREFIX as P
from tests.component.http.conftest import Api
from tests.component.http_events import Answer
from tests.component.lane import Lane, message
from tests.component.stack import Stack


def body(count: int, **changes: Any) -> dict[str, Any]:
    files = [{"name": f"{number}.jpg", "size": 1000} for number in range(count)]
    return {"tier": "basic", "files": files} | changes


def order(api: Api, count: int = 2, **changes: Any) -> Answer:
    return api.post(f"{P}/batch", body(count, **changes))


def ordered(api: Api, count: int = 2) -> Any:
    return order(api, count).data


def work(lane: Lane, made: Any, *contents: bytes) -> None:
    """Upload and process the first photos."""
    for file, content in zip(made["files"], contents, strict=False):
        lane.deliver(message(lane.put(file["key"], content)))


def close(stack: Stack, batch_id: str, *, zipped: bool = True) -> None:
    step = {"groupId": batch_id, "requestId": "r"}
    is_last = not (stack.call("close_batch", step)["hasResults"] and zipped)
    while not is_last:
        is_last = stack.call("zip_batch", step)["isLast"]


def row(stack: Stack, batch_id: str) -> Any:
    found = stack.groups.group(batch_id)
    assert found is not None
    return found
