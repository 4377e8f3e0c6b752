"""A distribution's origin may be an HTTP API.

Upstream answers load balancers and Function URLs itself; it looks for an API's host in the DNS,
does not find it, and answers 502.
"""

import asyncio
import http.client
from typing import Any
from urllib.parse import parse_qs

from ministack import app
from ministack.services import cloudfront

from local.patches.expect import expect, expect_upstream


def apply() -> None:
    """Hand requests for an origin at `execute-api` to the API."""
    upstream = cloudfront._fetch_from_origin
    expect_upstream(upstream, "a distribution's origins")
    expect("execute-api" not in str(upstream.__code__.co_consts), "it answers APIs now")

    async def fetch(
        origin: dict[str, Any],
        method: str,
        uri: str,
        query: str,
        headers: dict[str, str],
        body: bytes,
        *rest: Any,
    ) -> Any:
        if ".execute-api." not in origin["domain_name"]:
            return await upstream(origin, method, uri, query, headers, body, *rest)
        host = f"{origin['domain_name'].partition('.')[0]}.execute-api.localhost"
        asked = app._handle_execute_api_request(
            host,
            uri,
            method,
            headers | {"host": host},
            body or b"",
            parse_qs(query, keep_blank_values=True),
            raw_path=uri,
            raw_query_string=query,
        )
        try:
            async with asyncio.timeout(origin.get("read_timeout", 30)):
                status, answered, data = await asked
        except TimeoutError as error:
            raise cloudfront.OriginTimeout(origin["domain_name"]) from error
        named = {name.lower(): value for name, value in answered.items()}
        return status, http.client.responses.get(status, ""), named, data

    cloudfront._fetch_from_origin = fetch
