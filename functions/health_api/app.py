"""GET /api/health, and every request that no route is for: OPTIONS, 405 and 404."""

import json
import re
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Literal

from aws_lambda_powertools.event_handler import Response

from lumiku import __version__
from lumiku.http.api import Envelope, answering, done, make_api, refusals
from lumiku.http.bodies import Body

ROUTES = Path(__file__).with_name("routes.json")


def methods(path: str) -> list[str]:
    """The methods of a path of any function; none of a path that is nowhere."""
    for pattern, found in _routes():
        if pattern.fullmatch(path):
            return [*found, "OPTIONS"]
    return []


@cache
def _routes() -> list[tuple[re.Pattern[str], list[str]]]:
    routes = json.loads(ROUTES.read_text("utf-8"))
    return [(re.compile(re.sub(r"{\w+}", "[^/]+", path)), found) for path, found in routes.items()]


api = make_api(methods=methods)


class Health(Body):
    """The service is up."""

    status: Literal["ok"] = "ok"
    version: str


@api.get(
    "/api/health",
    summary="Is the service up?",
    tags=["platform"],
    responses=refusals() | done("It is"),
)
def health() -> Envelope[Health]:
    """Answers without a token."""
    return Envelope(data=Health(version=__version__))


@api.route("/.+", method="OPTIONS", include_in_schema=False)
def options() -> Response[str]:
    """What a path has. The gateway answers preflights itself and adds CORS headers to the rest."""
    allowed = methods(api.current_event.path)
    headers = {"Allow": ", ".join(allowed)} if allowed else {}
    return Response(status_code=HTTPStatus.NO_CONTENT, body="", headers=headers)


handler = answering(api)
