"""Calling URLs that others chose.

The name is looked up here, every address is checked, and the connection goes to the checked
address, so that a second look-up cannot lead elsewhere. Redirects and proxies are not followed.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from ipaddress import ip_address
from ssl import SSLContext
from typing import Any

import httpx

from lumiku.domain.reach import Address, Reach

type Trace = Callable[[str, Mapping[str, Any]], Awaitable[None]]


def trusted_roots() -> SSLContext:
    """Certificates are checked, whatever the environment says."""
    return httpx.create_ssl_context(trust_env=False)


def within[T](timeout_s: float, call: Coroutine[Any, Any, T]) -> T:
    """What `call` returns; `TimeoutError` when its time is over, whatever it waits for.

    Unlike `asyncio.run`, it does not wait for the resolver's thread when that hangs.
    """
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(asyncio.wait_for(call, timeout_s))
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


@asynccontextmanager
async def calling(
    method: str,
    url: httpx.URL,
    *,
    headers: Mapping[str, str],
    content: bytes | None,
    reach: Reach,
    tls: SSLContext,
    timeout_s: float,
    trace: Trace | None = None,
) -> AsyncIterator[httpx.Response]:
    """Call where `reach` allows; the body of the answer is there to be streamed.

    `timeout_s` is for each wait; `within` bounds the whole. `trace` is httpcore's.
    Raises `ValueError` for an address that may not be called, else what httpx and sockets raise.
    """
    name = url.raw_host.decode()
    address = reach.check_all(await _addresses(name, url.port))
    extensions = {"sni_hostname": name} | ({"trace": trace} if trace else {})
    async with (
        httpx.AsyncClient(verify=tls, trust_env=False, timeout=timeout_s) as client,
        client.stream(
            method,
            url.copy_with(host=str(address)),
            headers={**headers, "host": url.netloc.decode()},
            content=content,
            extensions=extensions,
        ) as answer,
    ):
        yield answer


async def _addresses(name: str, port: int | None) -> list[Address]:
    found = await asyncio.get_running_loop().getaddrinfo(
        name, port or 443, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP
    )
    return [ip_address(where[4][0]) for where in found]
