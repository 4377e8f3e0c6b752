"""Requests that another app signed."""

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver

from lumiku.services.connected.acting import Signed


def signed(api: APIGatewayHttpResolver) -> Signed:
    """What the request says of itself; whether that is true is asked of `Acting.caller`."""
    event = api.current_event
    sent = event.headers
    query = event.raw_query_string
    return Signed(
        method=event.http_method,
        target=f"{event.path}?{query}" if query else event.path,
        body=event.decoded_body or "",
        grant_id=sent.get("authorization", "").removeprefix("Bearer "),
        message_id=sent.get("webhook-id", ""),
        timestamp=sent.get("webhook-timestamp", ""),
        signatures=sent.get("webhook-signature", ""),
    )
