"""A request over the loopback interface counts as encrypted.

The bucket's policy refuses `aws:SecureTransport = false`, as it should; here there is no TLS to
speak, so without this every function would be refused its own bucket.
"""

from ministack import app

from local.patches.expect import expect, expect_upstream


def apply() -> None:
    """Tell the policy evaluation that the transport is secure."""
    upstream = app.pin_request_origin
    expect_upstream(upstream, "pin_request_origin")
    expect(upstream.__code__.co_varnames == ("source_ip", "secure_transport"), "pin_request_origin")

    def pin(source_ip: str, secure_transport: bool) -> None:
        upstream(source_ip, secure_transport or source_ip == "127.0.0.1")

    app.pin_request_origin = pin
