"""The resolver of every HTTP function: envelope, request id, refusals as problem documents."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any, Literal

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.middlewares import NextMiddleware
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from aws_lambda_powertools.event_handler.openapi.params import Header, Path, Query
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import BaseModel, ConfigDict

from lumiku.domain import errors
from lumiku.domain.money.refusals import NoSubscription, ProductNotInPlan, QuotaExceeded
from lumiku.domain.people.callers import Caller, require_right
from lumiku.domain.people.keys import KEY_IN_URL, is_in
from lumiku.domain.people.leaving import AccountLeft
from lumiku.domain.people.limits import Limit, Pace
from lumiku.domain.texts import Language, Text
from lumiku.http.bodies import BodyReader, read_json
from lumiku.http.field_errors import unreadable
from lumiku.http.languages import preferred
from lumiku.http.people.keyed import bearer, right_to
from lumiku.http.problems import (
    CONTENT_TYPE,
    MEANINGS,
    RATE_HEADERS,
    RECORDED,
    UNEXPECTED,
    Meaning,
    MethodNotAllowed,
    document,
    problem,
)
from lumiku.services.people.entering import Door

if TYPE_CHECKING:
    from lumiku.domain.work.groups import Group
    from lumiku.domain.work.jobs import Job
    from lumiku.services.work.ordering import Placed

CHARGED_HEADERS = {
    name: {"description": description, "required": True, "schema": {"type": "integer"}}
    for name, description in (
        ("X-Credits-Used", "What the job cost"),
        ("X-Credits-Remaining", "What is left"),
    )
} | RATE_HEADERS
CREDIT_REFUSALS = (
    errors.InvalidRequest,
    errors.InsufficientCredits,
    errors.TooManyRequests,
    errors.IdempotencyKeyReused,
    errors.Busy,
)
"""How every order may be refused."""
ORDER_REFUSALS = (*CREDIT_REFUSALS, NoSubscription, ProductNotInPlan, QuotaExceeded)
"""How every order may be refused that a plan may pay for."""
type Headers = Mapping[str, str | list[str]]
Id = Annotated[str, Path(max_length=128)]
PageSize = Annotated[int, Query(ge=1, le=100)]
Cursor = Annotated[str | None, Query(max_length=512)]
MAX_WAIT_S = 20
Wait = Annotated[int, Query(ge=0, le=MAX_WAIT_S, description="Seconds")]
IdempotencyKey = Annotated[
    str | None, Header(alias="Idempotency-Key", min_length=1, max_length=255)
]

logger = Logger()


class Envelope[T](BaseModel):
    """Every answer that is no problem: `{"success": true, "data": ...}`."""

    model_config = ConfigDict(defer_build=True, json_schema_serialization_defaults_required=True)

    success: Literal[True] = True
    data: T


class NotModified(Exception):
    """The client has it already; only `headers` are answered."""

    def __init__(self, headers: Headers) -> None:
        super().__init__()
        self.headers = headers


def make_api(
    *,
    door: Door | None = None,
    prefixes: tuple[str, ...] = (),
    methods: Callable[[str], list[str]] = lambda _: [],
) -> APIGatewayHttpResolver:
    """Return a validating resolver; its routes are relative to any of `prefixes`.

    Whoever has a token or a key comes in by the `door`: `AccountLeft` for who left, `NotFound` for
    a workspace that is not theirs, `NotAllowed` for what they may not do there; what they change
    there is noted. Without a door, no route may ask for a token: each is refused.
    `methods` are those that a path has; where it has some, no other is allowed.
    """
    api = APIGatewayHttpResolver(
        enable_validation=True, strip_prefixes=list(prefixes), json_body_deserializer=read_json
    )
    api._request_validation_middleware = BodyReader()  # type: ignore[no-untyped-call]

    def refuse(refusal: errors.Refusal) -> Response[str]:
        response = _problem(
            api, MEANINGS[type(refusal)], refusal.code, refusal.detail, refusal.facts
        )
        if isinstance(refusal, MethodNotAllowed):
            response.headers["Allow"] = ", ".join(refusal.allowed)
        if isinstance(refusal, errors.TooManyRequests):
            limit = Limit(name=refusal.limit, count=refusal.count, window_s=refusal.window_s)
            response.headers |= rate(Pace(limit, remaining=0, reset_s=refusal.retry_after_s))
        return response

    def refuse_request(error: RequestValidationError) -> Response[str]:
        found = error.errors()
        if any(one["loc"][0] == "response" for one in found):
            return fail(error)
        return refuse(unreadable(found))

    def refuse_keys_in_urls(
        api: APIGatewayHttpResolver, next_middleware: NextMiddleware
    ) -> Response[Any]:
        event = api.current_event
        if is_in(event.path) or is_in(event.raw_query_string):
            return refuse(errors.InvalidRequest(KEY_IN_URL))
        return next_middleware(api)

    def let_in(api: APIGatewayHttpResolver, next_middleware: NextMiddleware) -> Response[Any]:
        event = api.current_event
        if not event.request_context.get("authorizer"):
            return next_middleware(api)
        if door is None:
            raise AccountLeft
        who = door.let_in(
            bearer(event.request_context.authorizer), event.headers.get("x-workspace")
        )
        api.context["caller"] = who
        if who.is_key or who.membership is not None:
            require_right(who, right_to(event.http_method, event.path))
        if who.membership is None or event.http_method == "GET":
            return next_middleware(api)
        act = door.begin(who, request_id(api), f"{event.http_method} {event.path}")
        try:
            answered = next_middleware(api)
        except errors.Refusal as refusal:
            door.end(act, MEANINGS[type(refusal)].status)
            raise
        door.end(act, answered.status_code)
        return answered

    def refuse_route(_: NotFoundError) -> Response[str]:
        asked = f"{api.current_event.http_method} {api.current_event.path}"
        if allowed := methods(api.current_event.path):
            return refuse(MethodNotAllowed(asked, allowed))
        return refuse(errors.NotFound(Text(f"There is no {asked}.", f"Tidak ada {asked}.")))

    def skip(known: NotModified) -> Response[str]:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=known.headers, body="")

    def fail(error: Exception) -> Response[str]:
        logger.exception("unexpected", exc_info=error)
        return _problem(api, UNEXPECTED, "internal_error", RECORDED, {})

    api.use(middlewares=[refuse_keys_in_urls, let_in])
    api.exception_handler(errors.Refusal)(refuse)
    api.exception_handler(RequestValidationError)(refuse_request)
    api.exception_handler(NotFoundError)(refuse_route)
    api.exception_handler(NotModified)(skip)
    api.exception_handler(Exception)(fail)
    return api


def answering(
    api: APIGatewayHttpResolver,
) -> Callable[[dict[str, Any], LambdaContext], dict[str, Any]]:
    """The handler of a function that answers HTTP requests with `api`."""
    logger = Logger()

    @logger.inject_lambda_context(correlation_id_path=correlation_paths.API_GATEWAY_HTTP)
    def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
        """Answer one HTTP request."""
        logger.info("request", route=event.get("routeKey"))
        asked = event["requestContext"]
        is_head = asked["http"]["method"] == "HEAD"
        if is_head:
            http = {**asked["http"], "method": "GET"}
            event = {**event, "requestContext": {**asked, "http": http}}
        answered = api.resolve(event, context)
        answered["headers"] = {
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            **answered["headers"],
            "X-Request-Id": asked["requestId"],
        }
        return answered | {"body": ""} if is_head else answered

    return handler


def caller(api: APIGatewayHttpResolver) -> Caller:
    """Who asks, and about whose account: as the door let them in, never anything from the body."""
    who: Caller = api.context["caller"]
    return who


def language(api: APIGatewayHttpResolver) -> Language:
    """The language that the client prefers."""
    return preferred(api.current_event.headers.get("accept-language", ""))


def request_id(api: APIGatewayHttpResolver) -> str:
    """Id of the request that is being answered; its caller gets it as `X-Request-Id`."""
    return api.current_event.request_context.request_id


def charged(placed: "Placed[Job] | Placed[Group]") -> Headers:
    """Headers of what was ordered: credits, and what is left of the rate limit unless replayed.

    The limit is written as draft-ietf-httpapi-ratelimit-headers does.
    """
    credits = {
        "X-Credits-Used": str(placed.order.price),
        "X-Credits-Remaining": str(placed.balance),
    }
    return credits if placed.pace is None else credits | rate(placed.pace)


def rate(*paces: Pace) -> dict[str, str]:
    """Headers of what is left of each of these limits."""
    limits = [pace.limit for pace in paces]
    return {
        "RateLimit-Policy": ", ".join(
            f'"{one.name}";q={one.count};w={one.window_s}' for one in limits
        ),
        "RateLimit": ", ".join(
            f'"{one.limit.name}";r={one.remaining};t={one.reset_s}' for one in paces
        ),
    }


def refusals(*kinds: type[errors.Refusal]) -> dict[int, Any]:
    """`responses=` of a route: how it may refuse."""
    return document(kinds)


def done(what: str, *, status: HTTPStatus = HTTPStatus.OK, **described: Any) -> dict[int, Any]:
    """`responses=` of a route: what was done when it answers with `status`."""
    return {int(status): {"description": what, **described}}


def answer[T](
    data: T, status: HTTPStatus = HTTPStatus.OK, headers: Headers | None = None
) -> Response[Envelope[T]]:
    """An answer with a status or headers of its own."""
    return Response(
        status_code=status,
        content_type="application/json",
        headers=headers,
        body=Envelope(data=data),
    )


def link_answer[T](
    data: T, url: str, *, redirect: bool, headers: Headers | None = None
) -> Response[Envelope[T]]:
    """An answer with a link in it; with `redirect`, browsers go there."""
    if redirect:
        return answer(data, HTTPStatus.FOUND, {**(headers or {}), "Location": url})
    return answer(data, headers=headers)


def _problem(
    api: APIGatewayHttpResolver,
    meaning: Meaning,
    code: str,
    detail: Text,
    facts: Mapping[str, Any],
) -> Response[str]:
    found = problem(
        meaning, code, detail, facts, request_id=request_id(api), language=language(api)
    )
    headers: dict[str, str | list[str]] = {}
    if "retryAfter" in facts:
        headers["Retry-After"] = str(facts["retryAfter"])
    return Response(
        status_code=meaning.status,
        content_type=CONTENT_TYPE,
        headers=headers,
        body=found.model_dump_json(),
    )
