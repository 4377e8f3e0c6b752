"""Opens the API for keys to requests with a good one. The gateway remembers the answer for 60 s."""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from lumiku.bootstrap import people
from lumiku.http.people.keyed import handed_on

logger = Logger()
keys = people.keys()


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Whether the key in the header `X-API-Key` is good, and whose it is; it is never logged."""
    [text] = event["identitySource"]
    caller = keys.open(text)
    logger.info("key", key_id=caller.actor if caller else None, route=event.get("routeKey"))
    if caller is None:
        return {"isAuthorized": False}
    return {"isAuthorized": True, "context": handed_on(caller)}
