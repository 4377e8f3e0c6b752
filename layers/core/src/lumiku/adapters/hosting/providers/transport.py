"""The one way in which providers are called: once, in bounded time, and the key goes nowhere else.

Nothing is repeated here. A photo may be billed from the moment in which its request began to be
sent, unless the provider refused it with a status that it does not bill.
"""

import json
import re
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from ssl import SSLContext
from typing import Any

import httpx
from pydantic import TypeAdapter, ValidationError

from lumiku.adapters.hosting.providers.replies import (
    Manners,
    Reply,
    decoded,
    is_picture,
    kind_of,
    retry_after_s,
    without_photos,
)
from lumiku.adapters.outbound import calling, trusted_roots, within
from lumiku.domain.errors import InvalidRequest
from lumiku.domain.hosting.tickets import Fault
from lumiku.domain.reach import Reach
from lumiku.services.hosting.provider import ProviderFault

MAX_ANSWER_BYTES = 40_000_000
MAX_REDIRECTS = 3
MAX_DETAIL = 300
CANCEL_S = 3.0

_KEY = re.compile(r"[!-~]+( [!-~]+)?")
_JSON = {"content-type": "application/json"}
_GONE = {401, 403, 404, 410}


@cache
def _tls() -> SSLContext:
    return trusted_roots()


def deadline(time_left_s: float) -> float:
    """The moment, as `time.monotonic` counts, at which so much time is over."""
    return time.monotonic() + time_left_s


@contextmanager
def taken() -> Iterator[None]:
    """What fails within may be billed: the provider has taken the photo."""
    try:
        yield
    except ProviderFault as fault:
        fault.may_be_billed = True
        raise


class Transport:
    """Calls one provider's API at `base_url`, with `auth` as name and value of a header.

    Where the API is, and what may be fetched, is https and public; `reach` may allow this machine.
    `ValueError` for another base URL or a key that cannot be sent. Methods raise `ProviderFault`.
    """

    def __init__(
        self,
        base_url: str,
        auth: tuple[str, str],
        manners: Manners,
        reach: Reach,
    ) -> None:
        try:
            self._base = httpx.URL(reach.check_url(base_url.rstrip("/")))
        except InvalidRequest as refused:
            raise ValueError("A provider's URL must be https and public.") from refused
        if _KEY.fullmatch(auth[1]) is None:
            raise ValueError("A provider's key is empty, or has characters that no key has.")
        self.base_url = str(self._base)
        self._auth = auth
        self._manners = manners
        self._reach = reach

    def submit(
        self,
        path: str,
        body: Mapping[str, Any] | bytes,
        headers: Mapping[str, str] = _JSON,
        *,
        until: float,
    ) -> Reply:
        """POST a photo below the base URL; its answer of 2xx."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        url = f"{self.base_url}/{path}" if path else self.base_url
        sent = [self._auth, *headers.items()]
        reply = self._exchange("POST", url, dict(sent), content, until, is_submission=True)
        return self._accepted(reply, self._manners.may_bill)

    def ask(self, url: str, *, until: float) -> Reply:
        """GET a URL of the API that the provider gave; its answer of 2xx. Never billed."""
        return self._of_ticket("GET", url, until)

    def cancel(self, method: str, url: str | None) -> None:
        """Say by a URL that the provider gave, if any, that its work is not wanted any more.

        It is a courtesy: the provider may be done, or go on, and nothing depends on it.
        """
        if url is not None:
            with suppress(ProviderFault):
                self._of_ticket(method, url, deadline(CANCEL_S))

    def download(self, url: str, *, until: float) -> bytes:
        """A picture from a data URI, or from a host of results; the key is not sent there."""
        if url.startswith("data:"):
            return self.picture(url)
        for _ in range(MAX_REDIRECTS + 1):
            target = self._allowed(url)
            if not self._is_of_results(target.host):
                raise self.fault(Fault.TRANSIENT, f"a result at an unknown host: {target.host}")
            reply = self._exchange("GET", url, {}, None, until)
            if not 300 <= reply.status < 400:
                return self._downloaded(reply)
            url = _joined(target, reply.headers.get("location", ""))
        raise self.fault(Fault.TRANSIENT, "a result that is redirected too often")

    def picture(self, found: bytes | str) -> bytes:
        """The picture in bytes, or in base64 or a data URI; else a fault."""
        try:
            data = decoded(found) if isinstance(found, str) else found
        except ValueError:
            data = b""
        if not is_picture(data):
            words = found if isinstance(found, str) else found[:MAX_DETAIL].decode(errors="replace")
            raise self.fault(Fault.TRANSIENT, f"not a picture: {words}")
        return data

    def read[T](self, reply: Reply, shape: TypeAdapter[T]) -> T:
        """The JSON of an answer, checked; else a fault."""
        try:
            return shape.validate_json(reply.data)
        except ValidationError:
            raise self.fault(Fault.TRANSIENT, f"an unknown answer: {reply.words}") from None

    def fault(self, kind: Fault, words: str, *, may_be_billed: bool = False) -> ProviderFault:
        """A fault that quotes the provider, in one short line without the key or photos."""
        for secret in [self._auth[1], *re.split("[ :]", self._auth[1])]:
            words = words.replace(secret, "***") if len(secret) >= 8 else words
        line = " ".join(without_photos(words).split())
        return ProviderFault(kind, line[:MAX_DETAIL], may_be_billed=may_be_billed)

    def _of_ticket(self, method: str, url: str, until: float) -> Reply:
        if _origin(self._allowed(url)) != _origin(self._base):
            raise self.fault(Fault.TRANSIENT, f"not the API's address: {url}")
        content = None if method == "GET" else b""
        return self._accepted(self._exchange(method, url, dict([self._auth]), content, until), ())

    def _accepted(self, reply: Reply, may_bill: Collection[int]) -> Reply:
        if 200 <= reply.status < 300:
            return reply
        kind = self._manners.kind(reply) or kind_of(reply)
        fault = self.fault(kind, f"{reply.status} {reply.words}")
        fault.may_be_billed = reply.status in may_bill
        fault.retry_after_s = retry_after_s(reply)
        raise fault

    def _downloaded(self, reply: Reply) -> bytes:
        if reply.status in _GONE:
            raise self.fault(Fault.GONE, f"no result there any more: {reply.status}")
        if reply.status != 200:
            raise self.fault(Fault.TRANSIENT, f"{reply.status} {reply.words}")
        return self.picture(reply.data)

    def _allowed(self, url: str) -> httpx.URL:
        try:
            return httpx.URL(self._reach.check_url(url))
        except (InvalidRequest, httpx.InvalidURL):
            raise self.fault(Fault.TRANSIENT, f"an address that is not called: {url}") from None

    def _is_of_results(self, host: str) -> bool:
        names = self._manners.result_hosts
        return host == self._base.host or any(
            host == name or host.endswith(f".{name}") for name in names
        )

    def _exchange(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        content: bytes | None,
        until: float,
        *,
        is_submission: bool = False,
    ) -> Reply:
        events: set[str] = set()
        left_s = max(0.0, until - time.monotonic())

        async def trace(name: str, _: Mapping[str, Any]) -> None:
            events.add(name.partition(".")[2])

        async def call() -> Reply:
            async with calling(
                method,
                httpx.URL(url),
                headers={"accept-encoding": "identity", **headers},
                content=content,
                reach=self._reach,
                tls=_tls(),
                timeout_s=left_s,
                trace=trace,
            ) as answer:
                return Reply(answer.status_code, answer.headers, await _body(answer))

        try:
            return within(left_s, call())
        except (TimeoutError, httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            was_sent = "send_request_headers.started" in events
            raise self.fault(
                Fault.TRANSIENT,
                f"{type(error).__name__} {error}",
                may_be_billed=is_submission and was_sent,
            ) from None


async def _body(answer: httpx.Response) -> bytes:
    """All of it; `ValueError` as soon as it is known to be too large."""
    data = bytearray()
    if int(answer.headers.get("content-length", 0)) > MAX_ANSWER_BYTES:
        raise ValueError("the answer is too large")
    async for chunk in answer.aiter_bytes():
        data += chunk
        if len(data) > MAX_ANSWER_BYTES:
            raise ValueError("the answer is too large")
    return bytes(data)


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _joined(url: httpx.URL, location: str) -> str:
    try:
        return str(url.join(location))
    except (httpx.InvalidURL, ValueError):
        return location
