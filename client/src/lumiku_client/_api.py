"""Calls to our own API: token, envelope, problems, retries."""

import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from http import HTTPStatus
from typing import Any

import httpx
from pydantic import BaseModel

from ._errors import ApiProblem, retry_after_s
from ._models import Paged, Session
from ._retry import Patience

PREFIX = "/api/apps/background-remover"
STUDIO = "/api/apps/product-photo-studio"

# A long poll may be silent for 20 s, and a function may start cold before that.
TIMEOUT = httpx.Timeout(connect=10, read=60, write=60, pool=None)

# A proxy from the environment must not be asked for servers on this machine.
LOOPBACK_DIRECT: Mapping[str, None] = dict.fromkeys(
    ("all://localhost", "all://127.0.0.1", "all://[::1]")
)


@cache
def trusted() -> ssl.SSLContext:
    """The authorities that are trusted: reading them takes longer than most requests."""
    return httpx.create_ssl_context()


@dataclass(frozen=True)
class Fresh[M]:
    """An answer as of its `etag`, and when to ask again at the earliest."""

    data: M
    etag: str | None
    retry_after_s: float | None


class Api:
    """The HTTP API of one server, as one caller. May be shared by threads.

    Everything that is asked may be repeated: what moves money carries a `key`, of the rest once is
    enough.
    """

    def __init__(
        self,
        base_url: str,
        patience: Patience,
        *,
        api_key: str | None,
        workspace: str | None,
        token: str | None,
        refresh_token: str | None,
        on_session: Callable[[Session], None],
        identity: Mapping[str, str] | None,
        language: str | None,
        transport: httpx.BaseTransport | None,
    ) -> None:
        self._patience = patience
        self._api_key = api_key
        self._token = token
        self._refresh_token = refresh_token
        self._on_session = on_session
        self._identity = identity
        self._login_lock = threading.Lock()
        self._http = httpx.Client(
            base_url=_checked(base_url),
            headers={
                "Accept": "application/json, application/problem+json",
                **({"Accept-Language": language} if language else {}),
                **({"X-Workspace": workspace} if workspace else {}),
            },
            timeout=TIMEOUT,
            transport=transport,
            mounts=LOOPBACK_DIRECT,
            verify=trusted(),
        )

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

    def get[M: BaseModel](
        self, path: str, answer: type[M], params: Mapping[str, str | int] | None = None
    ) -> M:
        """The `data` of a GET."""
        return _data(self._signed("GET", path, params=params), answer)

    def pages[M: Paged](
        self, path: str, answer: type[M], *, page_size: int, **wanted: str | None
    ) -> Iterator[M]:
        """All pages of a list, each asked for as it is needed; what is None is not asked for."""
        params: dict[str, str | int] = {"limit": page_size}
        params |= {name: value for name, value in wanted.items() if value is not None}
        while True:
            page = self.get(path, answer, params)
            yield page
            if page.next_cursor is None or page.next_cursor == params.get("cursor"):
                return
            params["cursor"] = page.next_cursor

    def absolute(self, path: str) -> str:
        """The address of what the server names by its path, or by an address elsewhere."""
        if httpx.URL(path).is_absolute_url:
            return path
        return str(self._http.base_url).rstrip("/") + path

    def get_news[M: BaseModel](
        self, path: str, answer: type[M], known: Fresh[M] | None, *, wait_s: int
    ) -> Fresh[M]:
        """The `data` of a GET, as soon as it differs from what is known or after `wait_s`."""
        tag = known.etag if known else None
        response = self._signed(
            "GET",
            path,
            params={"wait": wait_s} if tag else {},
            headers={"If-None-Match": tag} if tag else {},
        )
        retry_s = retry_after_s(response)
        if known is not None and response.status_code == HTTPStatus.NOT_MODIFIED:
            return replace(known, retry_after_s=retry_s)
        return Fresh(_data(response, answer), response.headers.get("ETag"), retry_s)

    def post[M: BaseModel](
        self,
        path: str,
        answer: type[M],
        body: Mapping[str, Any] | None = None,
        *,
        key: str | None = None,
    ) -> M:
        """The `data` of a POST; `key` makes repeating one that moves money harmless."""
        content: dict[str, Any] = {} if body is None else {"json": body}
        headers = {} if key is None else {"Idempotency-Key": key}
        return _data(self._signed("POST", path, headers=headers, **content), answer)

    def post_again[M: BaseModel](
        self, path: str, answer: type[M], body: Mapping[str, Any]
    ) -> Fresh[M]:
        """The `data` of a POST that costs nothing, and when to ask again if it is not ready."""
        response = self._signed("POST", path, json=body)
        return Fresh(_data(response, answer), None, retry_after_s(response))

    def patch[M: BaseModel](
        self, path: str, answer: type[M], body: Mapping[str, Any], *, version: int | None = None
    ) -> M:
        """The `data` of a PATCH, refused with 412 if it stands at another `version`."""
        headers = {} if version is None else {"If-Match": f'"{version}"'}
        return _data(self._signed("PATCH", path, headers=headers, json=body), answer)

    def put[M: BaseModel](self, path: str, answer: type[M], body: Mapping[str, Any]) -> M:
        """The `data` of a PUT."""
        return _data(self._signed("PUT", path, json=body), answer)

    def delete[M: BaseModel](
        self, path: str, answer: type[M], params: Mapping[str, str] | None = None
    ) -> M:
        """The `data` of a DELETE."""
        return _data(self._signed("DELETE", path, params=params), answer)

    def login(self) -> Session:
        """Gets a token for the e-mail address and password, and uses it from now on."""
        if self._identity is None:
            raise ApiProblem(
                status=401,
                code="not_logged_in",
                title="Not logged in",
                detail="No token, and no e-mail address with password to get one.",
            )
        return self._open_session("/api/auth/login", self._identity)

    def _open_session(self, path: str, body: Mapping[str, str]) -> Session:
        session = _data(
            self._patience.attempt(lambda: self._send("POST", path, json=body), safe=False), Session
        )
        self._token = session.token
        self._refresh_token = session.refresh_token or self._refresh_token
        self._on_session(session)
        return session

    def _signed(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, **content: Any
    ) -> httpx.Response:
        """The answer, by key, or if need be after getting a token, or another one once."""
        if self._api_key is not None:
            keyed = {**(headers or {}), "X-API-Key": self._api_key}
            return self._patience.attempt(
                lambda: self._send(method, path, headers=keyed, **content)
            )
        if self._token is None:
            self._replace_token(None)
        sent = self._token

        def send() -> httpx.Response:
            nonlocal sent
            sent = self._token
            signed = {**(headers or {}), "Authorization": f"Bearer {sent}"}
            return self._send(method, path, headers=signed, **content)

        try:
            return self._patience.attempt(send)
        except ApiProblem as problem:
            is_hopeless = self._identity is None and self._refresh_token is None
            if problem.status != 401 or is_hopeless:
                raise
            self._replace_token(sent)
        return self._patience.attempt(send)

    def _send(self, method: str, path: str, **request: Any) -> httpx.Response:
        response = self._http.request(method, path, **request)
        if not response.is_success and response.status_code != HTTPStatus.NOT_MODIFIED:
            raise ApiProblem.from_response(response)
        return response

    def _replace_token(self, rejected: str | None) -> None:
        """Gets another token, unless another thread has replaced the rejected one meanwhile."""
        with self._login_lock:
            if self._token == rejected and not self._refresh():
                self.login()

    def _refresh(self) -> bool:
        """Whether the refresh token, if any, was good for another token; else it is forgotten."""
        if self._refresh_token is None:
            return False
        try:
            self._open_session("/api/auth/refresh", {"refreshToken": self._refresh_token})
        except ApiProblem as problem:
            if problem.status not in (400, 401, 404):
                raise
            self._refresh_token = None
            return False
        return True


def _checked(base_url: str) -> httpx.URL:
    """The server's address without the `/api` that every path brings along."""
    try:
        url = httpx.URL(base_url.rstrip("/").removesuffix("/api"))
    except httpx.InvalidURL:
        url = httpx.URL()
    if url.scheme not in ("http", "https") or not url.host:
        raise ApiProblem(
            code="invalid_address",
            title="Not the address of a server",
            detail=f"{base_url!r} should look like https://example.com",
        )
    return url


def _data[M: BaseModel](response: httpx.Response, answer: type[M]) -> M:
    try:
        return answer.model_validate(response.json()["data"])
    except (ValueError, KeyError, TypeError) as error:
        raise ApiProblem(
            status=response.status_code,
            code="unexpected_answer",
            title="The server's answer was not understood",
            detail=f"{response.request.method} {response.request.url.path}",
            request_id=response.headers.get("x-request-id"),
        ) from error
