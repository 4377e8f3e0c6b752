"""/v1.0/removebg and /v1.0/account: remove.bg's contract over the same orders.

It reads the key itself, without an authorizer, so that every refusal has the body that remove.bg's
clients read.
"""

import base64
import json
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.utilities.typing import LambdaContext

from lumiku import settings
from lumiku.apps.remover import removebg
from lumiku.apps.remover.files import Files
from lumiku.apps.remover.http.removebg import behind_of, error, fields_of, photo_of, rate, refused
from lumiku.apps.remover.ordering import NewPhoto, Request
from lumiku.apps.remover.prices import APP
from lumiku.bootstrap import aws, people, remover, stores, work
from lumiku.domain.errors import InvalidRequest, NotFound, Refusal
from lumiku.domain.money.quotas import quota_day
from lumiku.domain.people.callers import Caller, require_right
from lumiku.domain.people.keys import KEY_IN_URL, is_in
from lumiku.domain.people.leaving import AccountLeft
from lumiku.domain.work.jobs import Status
from lumiku.domain.work.photos import media_type
from lumiku.http.problems import RECORDED
from lumiku.services.clock import utc_now

WAIT_S = 24
# An answer of Lambda has 6 MB, and base64 takes a third more.
MAX_BYTES = 4_400_000

logger = Logger()
keys = people.keys()
door = people.door()
orders = remover.photo_orders()
jobs = work.jobs(APP)
settings.read(settings.FetchSettings)  # a queue that is missing is missed at the start
fetches = stores.fetches()
reach = aws.reach()


def account(caller: Caller) -> Any:
    """GET /v1.0/account."""
    require_right(caller, "read")
    now = utc_now()
    found = stores.wallets().wallet(caller.account, app=APP, day=quota_day(now)).account
    total = found.available(now)
    credits = {
        "total": total,
        "subscription": total - found.bought,
        "payg": found.bought,
        "enterprise": 0,
    }
    attributes = {"credits": credits, "api": {"free_calls": 0, "sizes": "all"}}
    body = json.dumps({"data": {"attributes": attributes}})
    return answer(HTTPStatus.OK, body, {"Content-Type": "application/json"})


def remove(caller: Caller, event: dict[str, Any]) -> Any:
    """POST /v1.0/removebg."""
    require_right(caller, "remover")
    fields = fields_of(event)
    name, found = photo_of(fields)
    behind = behind_of(fields)
    asked = removebg.read(fields)
    files = Files.of(caller.account, found, behind, reach)
    photo = NewPhoto(name[:255], files.size_bytes, "", asked.tier)
    request = Request(
        event["headers"].get("idempotency-key"), request_id=event["requestContext"]["requestId"]
    )
    placed = orders.order(
        caller,
        photo,
        request,
        image=files.image,
        there=files.there,
        beside=files.beside,
        workflow=asked.workflow(files.behind),
    )
    if files.there is not None and placed.order.status is Status.PENDING:
        fetches.put({placed.order.id: files.there})
    told = {"X-Credits-Charged": str(placed.order.price), **rate(placed.pace)}
    job, links = jobs.result(caller, placed.order.id, wait_s=WAIT_S)
    if job.result is None or links is None:
        return error(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "Not ready yet",
            f"The photo takes longer than {WAIT_S} s. {job.price} credits were charged for job"
            f" {job.id}, which goes on: fetch its result at /api/apps/background-remover/jobs/"
            f"{job.id}/download. If it fails, the credits come back by themselves. Sending the"
            " photo again without the same Idempotency-Key is another order.",
            "timeout",
            **told,
            **{"Retry-After": "10"},
        )
    told |= {
        "X-Width": str(job.result.width_px),
        "X-Height": str(job.result.height_px),
        "X-Type": asked.shown_type,
    }
    wants_json = "application/json" in event["headers"].get("accept", "")
    if job.result.size_bytes > MAX_BYTES:
        return error(
            # What is there is no JSON, and the npm client would POST to it.
            HTTPStatus.NOT_ACCEPTABLE if wants_json else HTTPStatus.SEE_OTHER,
            "Result too large for this answer",
            f"The result has {job.result.size_bytes} bytes, an answer at most {MAX_BYTES}. It is"
            f" done, {job.price} credits were charged: fetch it at {links.processed}",
            "result_too_large",
            **told,
            Location=links.processed,
        )
    data = base64.b64encode(stores.photos().read(job.result.key).data).decode()
    if wants_json:
        body = json.dumps({"data": {"result_b64": data}})
        return answer(HTTPStatus.OK, body, told | {"Content-Type": "application/json"})
    kind = {"Content-Type": media_type(job.result.format)}
    return answer(HTTPStatus.OK, data, told | kind) | {"isBase64Encoded": True}


def answer(status: HTTPStatus, body: str, headers: dict[str, str]) -> dict[str, Any]:
    """An answer of text."""
    return {
        "statusCode": int(status),
        "headers": headers,
        "body": body,
        "isBase64Encoded": False,
    }


def opened(text: str) -> Caller | None:
    """Who acts by the key; nobody once its account or its maker left, or is out of the team."""
    caller = keys.open(text)
    try:
        return caller and door.let_in(caller, None)
    except (NotFound, AccountLeft):
        return None


def noted(caller: Caller, event: dict[str, Any]) -> Any:
    """POST /v1.0/removebg, written down where a member's key asks for it."""
    if caller.membership is None:
        return remove(caller, event)
    act = door.begin(caller, event["requestContext"]["requestId"], event["routeKey"])
    try:
        found = remove(caller, event)
    except Refusal as refusal:
        found = refused(refusal)
    door.end(act, found["statusCode"])
    return found


def answered(event: dict[str, Any]) -> Any:
    """The answer to a request."""
    if is_in(event["rawPath"] + event.get("rawQueryString", "")):
        raise InvalidRequest(KEY_IN_URL)
    caller = opened(event["headers"].get("x-api-key", ""))
    if caller is None:
        return error(
            HTTPStatus.FORBIDDEN,
            "API Key invalid",
            "Send a key that is whole and not revoked as the header X-Api-Key.",
            "auth_failed",
        )
    match event["requestContext"]["http"]["method"], event["rawPath"]:
        case "POST", "/v1.0/removebg":
            return noted(caller, event)
        case (("GET" | "HEAD"), "/v1.0/account"):
            return account(caller)
    return error(HTTPStatus.NOT_FOUND, "Not found", "There is no such route.", "not_found")


@logger.inject_lambda_context(correlation_id_path=correlation_paths.API_GATEWAY_HTTP)
def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Answer one HTTP request."""
    logger.info("request", route=event.get("routeKey"))
    try:
        found = answered(event)
    except Refusal as refusal:
        found = refused(refusal)
    except Exception:
        logger.exception("unexpected")
        found = error(
            HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong", RECORDED.en, "internal_error"
        )
    found["headers"] |= {
        "Cache-Control": "no-store",
        "X-Request-Id": event["requestContext"]["requestId"],
    }
    return found
