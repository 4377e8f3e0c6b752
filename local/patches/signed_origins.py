"""A distribution's origin may be a bucket that the viewer's own signature opens.

Without an access control, CloudFront asks such a bucket as anybody would, with the query that it
was told to forward, and S3 checks the signature in that. Upstream drops the query and refuses all.
"""

from typing import Any

from ministack import app
from ministack.services import cloudfront

from local.patches.expect import expect, expect_upstream


def apply() -> None:
    """Ask the cloud's own S3 over loopback, as whoever signed for it did."""
    served = cloudfront._serve_s3_origin
    expect_upstream(served, "a distribution's buckets")
    expect("query_string" not in served.__code__.co_varnames, "it forwards the query now")
    upstream = cloudfront._fetch_from_origin
    expect(upstream.__module__ != __name__, "a distribution's origins")

    async def fetch(
        origin: dict[str, Any],
        method: str,
        uri: str,
        query: str,
        headers: dict[str, str],
        *rest: Any,
    ) -> Any:
        bucket = origin["s3_bucket"]
        if bucket and not origin["oac_id"] and not origin["oai_id"]:
            # URLs of this cloud are signed for its own address, with the bucket in their path.
            port = app._resolve_port()
            origin = origin | {
                "s3_bucket": None,
                "domain_name": "127.0.0.1",
                "http_port": int(port),
                "protocol_policy": "http-only",
                "origin_path": f"/{bucket}",
            }
            headers = headers | {"host": f"127.0.0.1:{port}"}
        return await upstream(origin, method, uri, query, headers, *rest)

    cloudfront._fetch_from_origin = fetch
