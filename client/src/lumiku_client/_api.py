"""Calls to our own API: token, envelope, problems, retries."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import httpx
from pydantic import BaseModel

from ._errors import ApiProblem, retry_after_s
from ._models import Session
from ._retry import attempt

IDEMPOTENCY_KEY = "Idempotency-Key"

# A long poll may be silent for 20 s, and a function may start cold before that.
TIMEOUT = httpx.Timeout(connect=10, read=60, write=60, pool=None)

# A proxy from the environment must not be asked for servers on this machine.
LOOPBACK_DIRECT: Mapping[str, None] = {
    "all://localhost": None,
    "all://127.0.0.1": None,
    "all://[::1]": None,
}


@dataclass(frozen=True)
class Fresh[M]:
    """An answer, if there is news since `etag`, and when to ask again at the earliest."""

    data: M | None
    etag: str | None
    retry_after_s: float | None


class Api:
    """The HTTP API of one server, as one caller. May be shared by threads."""

    def __init__(
        self,
        base_url: str,
        *,
        token: str | None,
        refresh_token: str | None = None,
        on_session: Callable[[Session], None] = lambda _: None,
        email: str | None,
        password: str | None,
        retry_for_s: float,
        sleep: Callable[[float], None] = time.sleep,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.retry_for_s = retry_for_s
        self.sleep = sleep
        self.token = token
        self._refresh_token = refresh_token
        self._on_session = on_session
        self._identity = {"email": email, "password": password} if email and password else None
        self._login_lock = threading.Lock()
        self._http = httpx.Client(
            base_url=_checked(base_url),
            headers={"Accept": "application/json, application/problem+json"},
            timeout=TIMEOUT,
            transport=transport,
            mounts=LOOPBACK_DIRECT,
        )

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

    def get[M: BaseModel](
        self, path: str, answer: type[M], params: Mapping[str, str | int] | None = None
    ) -> M:
        """The `data` of a GET."""
        return self._call("GET", path, answer, params=params)

    def post_paid[M: BaseModel](
        self, path: str, answer: type[M], body: Mapping[str, Any], *, key: str
    ) -> M:
        """The `data` of a POST that moves money; `key` makes repeating it harmless."""
        return self._call("POST", path, answer, json=body, headers={IDEMPOTENCY_KEY: key})

    def get_if_changed[M: BaseModel](
        self, path: str, answer: type[M], params: Mapping[str, str | int], etag: str | None
    ) -> Fresh[M]:
        """The `data` of a GET and its ETag; no data if it is as it was at the given ETag."""
        headers = {"If-None-Match": etag} if etag else {}
        response = self._respond("GET", path, params=params, headers=headers)
        wait_s = retry_after_s(response)
        if response.status_code == HTTPStatus.NOT_MODIFIED:
            return Fresh(None, etag, wait_s)
        return Fresh(_data(response, answer), response.headers.get("ETag"), wait_s)

    def post[M: BaseModel](
        self, path: str, answer: type[M], body: Mapping[str, Any] | None = None
    ) -> M:
        """The `data` of a POST that may be repeated: it moves no money, and once is enough."""
        content = {} if body is None else {"json": body}
        return self._call("POST", path, answer, repeatable=True, **content)

    def delete[M: BaseModel](self, path: str, answer: type[M]) -> M:
        """The `data` of a DELETE."""
        return self._call("DELETE", path, answer, repeatable=True)

    def login(self) -> Session:
        """Gets a token for the e-mail address and password, and uses it from now on."""
        if self._identity is None:
            raise ApiProblem(
                status=401,
                code="not_logged_in",
                title="Not logged in",
                detail="No token, and no e-mail address with password to get one.",
            )
        session = self._call("POST", "/api/auth/login", Session, json=self._identity, signed=False)
        return self._use(session)

    def _use(self, session: Session) -> Session:
        self.token = session.token
        self._refresh_token = session.refresh_token or self._refresh_token
        self._on_session(session)
        return session

    def _call[M: BaseModel](self, method: str, path: str, answer: type[M], **request: Any) -> M:
        return _data(self._respond(method, path, **request), answer)

    def _respond(
        self,
        method: str,
        path: str,
        *,
        signed: bool = True,
        repeatable: bool = False,
        headers: Mapping[str, str] | None = None,
        **content: Any,
    ) -> httpx.Response:
        safe = repeatable or method == "GET" or IDEMPOTENCY_KEY in (headers or {})
        if signed and self.token is None:
            self._replace_token(None)
        sent = self.token

        def send_once() -> httpx.Response:
            nonlocal sent
            sent = self.token
            authorization = {"Authorization": f"Bearer {sent}"} if signed else {}
            response = self._http.request(
                method, path, headers={**(headers or {}), **authorization}, **content
            )
            if not response.is_success and response.status_code != HTTPStatus.NOT_MODIFIED:
                raise ApiProblem.from_response(response)
            return response

        def send() -> httpx.Response:
            return attempt(send_once, safe=safe, total_s=self.retry_for_s, sleep=self.sleep)

        try:
            return send()
        except ApiProblem as problem:
            is_hopeless = self._identity is None and self._refresh_token is None
            if problem.status != 401 or not signed or is_hopeless:
                raise
            self._replace_token(sent)
        return send()

    def _replace_token(self, rejected: str | None) -> None:
        """Gets another token, unless another thread has replaced the rejected one meanwhile."""
        with self._login_lock:
            if self.token == rejected and not self._refresh():
                self.login()

    def _refresh(self) -> bool:
        """Whether the refresh token, if any, was good for another token; else it is forgotten."""
        if self._refresh_token is None:
            return False
        body = {"refreshToken": self._refresh_token}
        try:
            session = self._call("POST", "/api/auth/refresh", Session, json=body, signed=False)
        except ApiProblem as problem:
            if problem.status not in (400, 401, 404):
                raise
            self._refresh_token = None
            return False
        self._use(session)
        return True


def _checked(base_url: str) -> httpx.URL:
    """The server's address without the `/api` that every path brings along."""
    try:
        url = httpx.URL(base_url.rstrip("/").removesuffix("/api"))
    except httpx.InvalidURL:
        url = httpx.URL()
    if url.scheme not in ("http", "https") or not url.host:
        raise ApiProblem(
            status=0,
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
