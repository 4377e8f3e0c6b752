"""Where ministack 1.5.33 differs from AWS in a way this product can feel.

Each patch first checks that upstream still looks as it did when the patch was written, so that a
new version fails loudly instead of being patched blindly. `tests/contract` shows each difference.
"""

from collections.abc import Callable

from local.patches import (
    api_origins,
    batch_actions,
    error_types,
    http_api_bodies,
    layers_once,
    leading_keys,
    log_waits,
    queue_urls,
    scaling_numbers,
    secure_transport,
    signed_origins,
    yaml_definitions,
)
from local.patches.expect import UpstreamChanged

__all__ = ["ALL", "UpstreamChanged"]

ALL: dict[str, Callable[[], None]] = {
    "api-origins": api_origins.apply,
    "batch-actions": batch_actions.apply,
    "error-types": error_types.apply,
    "http-api-bodies": http_api_bodies.apply,
    "layers-once": layers_once.apply,
    "leading-keys": leading_keys.apply,
    "log-waits": log_waits.apply,
    "queue-urls": queue_urls.apply,
    "scaling-numbers": scaling_numbers.apply,
    "secure-transport": secure_transport.apply,
    "signed-origins": signed_origins.apply,
    "yaml-definitions": yaml_definitions.apply,
}
