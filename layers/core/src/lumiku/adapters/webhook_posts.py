"""Calling URLs that strangers chose.

The name is looked up here, every address is checked, and the connection goes to the checked
address, so that a second look-up cannot lead elsewhere. Redirects and proxies are not followed.
"""

import asyncio
import socket
from collections.abc import Mapping
from ipaddress import ip_address

import httpx

from lumiku.domain.webhooks import Address, Reach
from lumiku.services.webhooks import NotDelivered

TIMEOUT_S = 10
ANSWER_BYTES = 16_384


class HttpPoster:
    """Posts over HTTPS, within ten seconds from the look-up to the end of the answer."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._context = httpx.create_ssl_context(trust_env=False)

    def post(self, url: str, headers: Mapping[str, str], body: str) -> int:
        """The status of the answer; `NotDelivered` if there was none."""
        try:
            return asyncio.run(self._post(httpx.URL(url), headers, body))
        except TimeoutError:
            raise NotDelivered(f"no answer within {TIMEOUT_S} s") from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            raise NotDelivered(f"{type(error).__name__}: {error}") from error

    async def _post(self, url: httpx.URL, headers: Mapping[str, str], body: str) -> int:
        async with asyncio.timeout(TIMEOUT_S):
            name = url.raw_host.decode()
            address = self._reach.check_all(await _addresses(name, url.port))
            async with (
                httpx.AsyncClient(
                    verify=self._context, trust_env=False, timeout=TIMEOUT_S
                ) as client,
                client.stream(
                    "POST",
                    url.copy_with(host=str(address)),
                    headers={**headers, "host": url.netloc.decode()},
                    content=body.encode(),
                    extensions={"sni_hostname": name},
                ) as answer,
            ):
                await _read_some(answer)
                return answer.status_code


async def _addresses(name: str, port: int | None) -> list[Address]:
    found = await asyncio.get_running_loop().getaddrinfo(
        name, port or 443, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP
    )
    return [ip_address(where[4][0]) for where in found]


async def _read_some(answer: httpx.Response) -> None:
    """Let the endpoint finish a short answer; a long one is cut off."""
    seen = 0
    async for chunk in answer.aiter_raw():
        seen += len(chunk)
        if seen > ANSWER_BYTES:
            return
