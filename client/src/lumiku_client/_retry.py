"""When a call is tried again, and how long that may take."""

from collections.abc import Callable

import httpx
import tenacity

from ._errors import ApiProblem

UNREACHABLE = "unreachable"
CONNECTION_LOST = "connection_lost"

_PASSING_STATUSES = {429, 502, 503, 504}
# S3 says these with a 400 or a 500; its own SDKs repeat them too.
_PASSING_S3_CODES = {"InternalError", "RequestTimeout", "SlowDown", "ServiceUnavailable"}

_full_jitter = tenacity.wait_random_exponential(multiplier=0.5, max=15)


def attempt[T](
    call: Callable[[], T], *, safe: bool, total_s: float, sleep: Callable[[float], None]
) -> T:
    """What `call` returns, tried again after passing problems for at most `total_s` seconds.

    `safe` says that repeating does no harm even if an earlier try was carried out: then lost
    connections, 429, 502, 503 and 504 are repeated. Otherwise only a connection that never came
    about is. Waits are random up to a bound that doubles, after what Retry-After asks for; a wait
    that would not fit into `total_s` is not begun.
    """

    def passing(error: BaseException) -> bool:
        if not isinstance(error, ApiProblem):
            return False
        if error.code == UNREACHABLE:
            return True
        return safe and (
            error.code == CONNECTION_LOST
            or error.status in _PASSING_STATUSES
            or error.code in _PASSING_S3_CODES
        )

    retrying = tenacity.Retrying(
        retry=tenacity.retry_if_exception(passing),
        wait=_wait_s,
        stop=tenacity.stop_before_delay(total_s),
        sleep=sleep,
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
        raise ApiProblem(
            status=0, code=UNREACHABLE, title="The server cannot be reached", detail=str(error)
        ) from error
    except httpx.RequestError as error:
        raise ApiProblem(
            status=0,
            code=CONNECTION_LOST,
            title="The connection was lost",
            detail=str(error) or type(error).__name__,
        ) from error
