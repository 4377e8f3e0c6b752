"""Hosted providers: one wire format each, over one transport."""

from functools import partial

from lumiku.adapters.hosting.providers import fal, huggingface, replicate, segmind
from lumiku.adapters.hosting.providers.fal import Fal
from lumiku.adapters.hosting.providers.huggingface import Endpoint, Routed
from lumiku.adapters.hosting.providers.replicate import Replicate
from lumiku.adapters.hosting.providers.segmind import Segmind
from lumiku.adapters.hosting.providers.transport import Transport
from lumiku.domain.hosting.models import HOSTED_MODELS
from lumiku.domain.reach import Reach
from lumiku.services.hosting.provider import Provider


def provider_of(entry: str, key: str, *, base_url: str | None, reach: Reach) -> Provider:
    """Who answers for an entry of routes, with the key as the provider gave it out.

    `base_url` is another address than the provider's own. `ValueError` for an address that is not
    https and public as far as `reach` says, for none, and for a key that cannot be sent.
    """
    model = HOSTED_MODELS[entry]
    address = base_url or model.base_url
    if address is None:
        raise ValueError(f"{entry} needs an address of its own.")
    connect = partial(Transport, address, reach=reach)
    bearer = ("authorization", f"Bearer {key}")
    match model.wire:
        case "fal-direct" | "fal-queue":
            return Fal(entry, model, connect(("authorization", f"Key {key}"), fal.MANNERS))
        case "segmind-bytes" | "segmind-async":
            return Segmind(entry, model, connect(("x-api-key", key), segmind.MANNERS))
        case "replicate":
            return Replicate(entry, model, connect(bearer, replicate.MANNERS))
        case "huggingface-endpoint":
            return Endpoint(model, connect(bearer, huggingface.ENDPOINT_MANNERS))
        case "huggingface-fal":
            return Routed(entry, model, connect(bearer, huggingface.ROUTER_MANNERS))
