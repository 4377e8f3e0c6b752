"""Hosted providers: one wire format each, over one transport."""

from lumiku.adapters.providers import fal, segmind
from lumiku.adapters.providers.transport import Transport
from lumiku.domain.hosted_models import HOSTED_MODELS
from lumiku.domain.webhooks import Reach
from lumiku.services.hosted import Provider


def provider_of(entry: str, key: str, *, base_url: str | None, reach: Reach) -> Provider:
    """Who answers for an entry of routes, with the key as the provider gave it out.

    `base_url` is another address than the provider's own. `ValueError` for an address that is not
    https and public as far as `reach` says, for none, and for a key that cannot be sent.
    """
    model = HOSTED_MODELS[entry]
    address = base_url or model.base_url
    if address is None:
        raise ValueError(f"{entry} needs an address of its own.")
    match model.wire:
        case "fal-direct" | "fal-queue":
            auth = ("authorization", f"Key {key}")
            return fal.Fal(entry, model, Transport(address, auth, fal.MANNERS, reach))
        case "segmind-bytes" | "segmind-async":
            auth = ("x-api-key", key)
            return segmind.Segmind(entry, model, Transport(address, auth, segmind.MANNERS, reach))
        case "replicate" | "huggingface-endpoint" | "huggingface-fal":
            raise NotImplementedError(model.wire)
