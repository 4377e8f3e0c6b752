"""Keeps the state on disk while the cloud runs, so that a kill in the middle loses nothing.

ministack itself saves only when it is stopped in order. An answer to a request that may have
changed something waits for the save that follows it: what was answered is there again.
"""

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import orjson
from ministack import app
from ministack.core import persistence

type _Message = MutableMapping[str, Any]
type _Receive = Callable[[], Awaitable[_Message]]
type _Send = Callable[[_Message], Awaitable[None]]

# What requests of people and work on photos change; deployments change the rest, and save all.
SERVICES = ("cognito", "dynamodb", "eventbridge", "ses", "sqs", "stepfunctions")
# Saving stops everything else, so it rests for many times as long as it took, however much there
# is to save; for less when an answer waits.
_REST, _REST_WHEN_AWAITED = 20, 4
_SHORTEST_REST_S = 1.0
_logger = logging.getLogger("saving")


class Saver:
    """Saves soon after each change, on the event loop: no request is half done at that moment."""

    def __init__(self, deployed: Path) -> None:
        """`deployed` is there unless a deployment is under way, which saves at its own end."""
        self._deployed = deployed
        self._changed, self._awaited = asyncio.Event(), asyncio.Event()
        self._next: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def note_change(self) -> None:
        """Something may have changed."""
        self._changed.set()

    async def saved(self) -> None:
        """Wait for the next save."""
        self._changed.set()
        self._awaited.set()
        await asyncio.shield(self._next)

    async def run(self) -> None:
        """Save for ever."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            self._awaited.clear()
            waiting, self._next = self._next, asyncio.get_running_loop().create_future()
            began = time.perf_counter()
            try:
                if self._deployed.exists():
                    save_changing()
            except Exception as error:
                _logger.exception("the state was not saved; trying again after the next change")
                # Whoever waits must not be told of success; where nobody does, it is logged.
                waiting.add_done_callback(asyncio.Future.exception)
                waiting.set_exception(error)
            else:
                waiting.set_result(None)
            took_s = time.perf_counter() - began
            await asyncio.sleep(_REST_WHEN_AWAITED * took_s)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._awaited.wait(), max(_SHORTEST_REST_S, _REST * took_s))


def save_changing() -> None:
    """Write the state of `SERVICES`, as of one moment, in ministack's own form, file by file.

    A file that holds it already is left alone: to replace one may wait for the disk.
    """
    folder = Path(persistence.STATE_DIR)
    files = {folder / f"{name}.json": _text(name) for name in SERVICES}
    changed = [file for file, text in files.items() if not _holds(file, text)]
    for file in changed:
        file.with_suffix(".part").write_bytes(files[file])
    for file in changed:
        file.with_suffix(".part").replace(file)


def _holds(file: Path, text: bytes) -> bool:
    try:
        return file.read_bytes() == text
    except FileNotFoundError:
        return False


def _text(name: str) -> bytes:
    state = {
        "__ministack_format__": persistence._state_format_version(name),
        "payload": _state(app._get_module(name)),
    }
    try:
        text: bytes = orjson.dumps(state, persistence._json_default, orjson.OPT_NON_STR_KEYS)
    except orjson.JSONEncodeError:
        # Half a surrogate pair or a number beyond 64 bits: JSON for Python's own encoder only.
        text = json.dumps(state, default=persistence._json_default).encode()
    return text


class _InPlace:
    """Stands for `copy` where nothing changes before it is written."""

    @staticmethod
    def deepcopy[T](value: T) -> T:
        return value


def _state(service: ModuleType) -> Any:
    """What ministack would save, without its copies: they cost several times the writing."""
    return FunctionType(service.get_state.__code__, vars(service) | {"copy": _InPlace})()


def lasting(upstream: Callable[..., Awaitable[None]], deployed: Path) -> Callable[..., Any]:
    """The ASGI application `upstream`, with what it answers on disk."""
    saver: Saver
    saving: asyncio.Task[None]

    async def application(scope: dict[str, Any], receive: _Receive, send: _Send) -> None:
        nonlocal saver, saving
        if scope["type"] == "lifespan":
            saver = Saver(deployed)
            saving = asyncio.create_task(saver.run())
            await upstream(scope, receive, send)
            saving.cancel()
        elif _may_change(scope):
            await upstream(scope, receive, _after(saver.saved, send))
        else:
            await upstream(scope, receive, send)
            saver.note_change()

    return application


def _may_change(scope: dict[str, Any]) -> bool:
    """A request of a person that may have an effect; those of the functions are part of it."""
    return (
        scope["type"] == "http"
        and scope["path"].startswith(("/_aws/execute-api/", "/api/"))
        and scope["method"] not in ("GET", "HEAD", "OPTIONS")
    )


def _after(saved: Callable[[], Awaitable[None]], send: _Send) -> _Send:
    async def send_later(message: _Message) -> None:
        # Whoever was not let in was promised nothing; a counted try is saved soon, as all else is.
        if (
            message["type"] == "http.response.start"
            and message["status"] != HTTPStatus.UNAUTHORIZED
        ):
            await saved()
        await send(message)

    return send_later
