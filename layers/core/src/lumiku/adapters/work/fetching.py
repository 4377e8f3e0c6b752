"""Fetching photos from URLs that customers chose."""

import httpx

from lumiku.adapters.outbound import calling, trusted_roots, within
from lumiku.domain.errors import InvalidRequest
from lumiku.domain.reach import Reach
from lumiku.domain.texts import Text
from lumiku.services.work.fetching import Fetcher, NotFetched

TIMEOUT_S = 15
MAX_REDIRECTS = 3
# As it lies there: what was compressed for the way could unpack to anything.
HEADERS = {"user-agent": "Lumiku-Fetch/1", "accept": "image/*", "accept-encoding": "identity"}


class HttpFetcher(Fetcher):
    """Fetches over HTTPS, all redirects and the last byte within 15 seconds.

    Each address on the way is looked up, checked and called as the first one.
    """

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._context = trusted_roots()

    def fetch(self, url: str, *, max_bytes: int) -> bytes:
        try:
            return within(TIMEOUT_S, self._follow(url, max_bytes))
        except TimeoutError:
            raise NotFetched(f"it took longer than {TIMEOUT_S} s.") from None
        except InvalidRequest as refused:
            raise NotFetched(f"{_told(refused)}.") from None
        except ValueError as error:
            raise NotFetched(str(error)) from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise NotFetched(f"{type(error).__name__}.") from None

    async def _follow(self, url: str, max_bytes: int) -> bytes:
        for _ in range(MAX_REDIRECTS + 1):
            async with calling(
                "GET",
                httpx.URL(self._reach.check_url(url)),
                headers=HEADERS,
                content=None,
                reach=self._reach,
                tls=self._context,
                timeout_s=TIMEOUT_S,
            ) as answer:
                if answer.has_redirect_location:
                    url = str(httpx.URL(url).join(answer.headers["location"]))
                    continue
                if answer.status_code != httpx.codes.OK:
                    raise NotFetched(f"the address answered {answer.status_code}.")
                return await _read(answer, max_bytes)
        raise NotFetched(f"more than {MAX_REDIRECTS} redirects.")


async def _read(answer: httpx.Response, max_bytes: int) -> bytes:
    data = bytearray()
    async for chunk in answer.aiter_raw():
        data += chunk
        if len(data) > max_bytes:
            raise NotFetched(f"it has more than {max_bytes} bytes.")
    return bytes(data)


def _told(refused: InvalidRequest) -> str:
    match refused.facts:
        case {"errors": [{"message": Text() as message}]}:
            return message.en
    return refused.detail.en
