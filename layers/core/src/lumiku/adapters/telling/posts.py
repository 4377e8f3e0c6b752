"""Posting events to URLs that customers chose."""

from collections.abc import Mapping

import httpx

from lumiku.adapters.outbound import calling, trusted_roots, within
from lumiku.domain.reach import Reach
from lumiku.services.telling.ports import NotDelivered, Poster

TIMEOUT_S = 10
ANSWER_BYTES = 16_384


class HttpPoster(Poster):
    """Posts over HTTPS, within ten seconds from the look-up to the end of the answer."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._context = trusted_roots()

    def post(self, url: str, headers: Mapping[str, str], body: str) -> int:
        try:
            return within(TIMEOUT_S, self._post(httpx.URL(url), headers, body))
        except TimeoutError:
            raise NotDelivered(f"no answer within {TIMEOUT_S} s") from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            raise NotDelivered(f"{type(error).__name__}: {error}") from error

    async def _post(self, url: httpx.URL, headers: Mapping[str, str], body: str) -> int:
        async with calling(
            "POST",
            url,
            headers=headers,
            content=body.encode(),
            reach=self._reach,
            tls=self._context,
            timeout_s=TIMEOUT_S,
        ) as answer:
            await _read_some(answer)
            return answer.status_code


async def _read_some(answer: httpx.Response) -> None:
    """Let the endpoint finish a short answer; a long one is cut off."""
    seen = 0
    async for chunk in answer.aiter_raw():
        seen += len(chunk)
        if seen > ANSWER_BYTES:
            return
