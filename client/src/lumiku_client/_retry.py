"""When a call is tried again, and how long that may take."""

from collections.abc import Callable
from dataclasses import dataclass

import httpx
import tenacity

from ._errors import CONNECTION_LOST, UNREACHABLE, ApiProblem

_PASSING_STATUSES = {429, 502, 503, 504}
# S3 says these with a 400 or a 500; its own SDKs repeat them too.
_PASSING_S3_CODES = {"InternalError", "RequestTimeout", "SlowDown", "ServiceUnavailable"}

_full_jitter = tenacity.wait_random_exponential(multiplier=0.5, max=15)


@dataclass
class Patience:
    """For how long passing problems are waited out; all calls of a client share it."""

    retry_for_s: float
    sleep: Callable[[float], None]

    def attempt[T](self, call: Callable[[], T], *, safe: bool = True) -> T:
        """What `call` returns, tried again after passing problems for at most `retry_for_s`.

        `safe` says that repeating does no harm even if an earlier try was carried out: then lost
        connections, 429, 502, 503 and 504 are repeated. Otherwise only a connection that never
        came about is. Waits are random up to a bound that doubles, after what Retry-After asks
        for; a wait that would not fit into `retry_for_s` is not begun.
        """

        def passing(error: BaseException) -> bool:
            if not isinstance(error, ApiProblem):
                return False
            return error.code == UNREACHABLE or (
                safe
                and (
                    error.status in _PASSING_STATUSES
                    or error.code in {CONNECTION_LOST, *_PASSING_S3_CODES}
                )
            )

        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception(passing),
            wait=_wait_s,
            stop=tenacity.stop_before_delay(self.retry_for_s),
            sleep=self.sleep,
            reraise=True,
        )
        return retrying(lambda: _told_as_problem(call))


def _wait_s(state: tenacity.RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked_s = error.retry_after_s if isinstance(error, ApiProblem) else None
    return (asked_s or 0.0) + _full_jitter(state)


def _told_as_problem[T](call: Callable[[], T]) -> T:
    try:
        return call()
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol) as error:
        title = "The server cannot be reached"
        raise ApiProblem(code=UNREACHABLE, title=title, detail=str(error)) from error
    except httpx.RequestError as error:
        told = str(error) or type(error).__name__
        title = "The connection was lost"
        raise ApiProblem(code=CONNECTION_LOST, title=title, detail=told) from error
