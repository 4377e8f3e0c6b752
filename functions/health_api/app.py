"""GET /api/health, the preflights of browsers, and the 404 of every route that is not there."""

from http import HTTPStatus
from typing import Literal

from aws_lambda_powertools.event_handler import Response

from lumiku import __version__
from lumiku.http.api import Envelope, answering, done, make_api, refusals
from lumiku.http.bodies import Body

api = make_api()


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
def preflight() -> Response[str]:
    """The catch-all route takes preflights too, and browsers go on only after a good status.

    The gateway adds the headers of its CORS configuration.
    """
    return Response(status_code=HTTPStatus.NO_CONTENT, body="")


handler = answering(api)
