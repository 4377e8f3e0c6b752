"""Calling other apps over HTTPS."""

import json
from collections.abc import Mapping
from typing import Any

import httpx

from lumiku.adapters.outbound import calling, trusted_roots, within
from lumiku.domain.reach import Reach
from lumiku.domain.texts import Text
from lumiku.services.connected.ports import Line, NoAnswer

TIMEOUT_S = 8
ANSWER_BYTES = 1_000_000
_DONE = {httpx.codes.OK, httpx.codes.CREATED, httpx.codes.ACCEPTED}


class HttpLine(Line):
    """From the look-up to the last byte within eight seconds; no redirects."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._context = trusted_roots()

    def ask(self, method: str, url: str, headers: Mapping[str, str], body: str) -> Any:
        try:
            data = within(TIMEOUT_S, self._ask(method, httpx.URL(url), headers, body))
        except TimeoutError:
            raise NoAnswer(_late()) from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            kind = type(error).__name__
            raise NoAnswer(
                Text(f"it cannot be reached ({kind})", f"tidak dapat dihubungi ({kind})")
            ) from None
        try:
            return json.loads(data)
        except (RecursionError, ValueError):
            raise NoAnswer(Text("it did not answer JSON", "jawabannya bukan JSON")) from None

    async def _ask(
        self, method: str, url: httpx.URL, headers: Mapping[str, str], body: str
    ) -> bytes:
        sent = {"accept": "application/json", "accept-encoding": "identity", **headers}
        if body:
            sent["content-type"] = "application/json"
        async with calling(
            method,
            url,
            headers=sent,
            content=body.encode() if body else None,
            reach=self._reach,
            tls=self._context,
            timeout_s=TIMEOUT_S,
        ) as answer:
            if answer.status_code not in _DONE:
                status = answer.status_code
                raise NoAnswer(Text(f"it answered {status}", f"menjawab {status}"))
            data = bytearray()
            async for chunk in answer.aiter_raw():
                data += chunk
                if len(data) > ANSWER_BYTES:
                    raise NoAnswer(
                        Text(
                            f"its answer has more than {ANSWER_BYTES} bytes",
                            f"jawabannya lebih dari {ANSWER_BYTES} byte",
                        )
                    )
            return bytes(data)


def _late() -> Text:
    return Text(
        f"it did not answer within {TIMEOUT_S} s", f"tidak menjawab dalam {TIMEOUT_S} detik"
    )
