"""Hosted models that photos can be sent to: where they are, with what parameters, at what price."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

type Wire = Literal[
    "fal-direct",
    "fal-queue",
    "segmind-bytes",
    "segmind-async",
    "replicate",
    "huggingface-endpoint",
    "huggingface-fal",
]
"""How a provider is spoken to."""
type Shows = Literal["cutout", "mask", "backdrop", "filled", "relit"]
"""What an answer counts by: alpha or brightness; a scene without the product; the picture that was
sent, painted anew where a mask said so; that picture in another light."""

_READ = date(2026, 11, 21)
_READ_SCENES = date(2026, 11, 26)
_FAL = "https://fal.run"
_FAL_QUEUE = "https://queue.fal.run"
_SEGMIND = "https://api.segmind.com"
_REPLICATE = "https://api.replicate.com"
_ROUTER = "https://router.huggingface.co"


@dataclass(frozen=True, slots=True)
class ModelPrice:
    """Millionths of a dollar for a photo, from a day on; an estimate where time is billed.

    One `by_megapixel` is for each begun million pixels of the answer.
    """

    since: date
    microusd: int
    is_estimate: bool
    by_megapixel: bool = False


@dataclass(frozen=True, slots=True)
class HostedModel:
    """One entry of routes.

    `base_url` is None where each operator has an address of their own. `path` is the model below
    it, or its name. `shows` is what the answer counts by; `prices` come newest first.
    """

    wire: Wire
    base_url: str | None
    path: str
    shows: Shows
    prices: tuple[ModelPrice, ...]
    parameters: Mapping[str, str | bool | int] = field(default_factory=dict)


def price_microusd(entry: str, day: date, pixels: int) -> int:
    """What an answer of so many pixels costs there on `day`; before the first price, that."""
    prices = HOSTED_MODELS[entry].prices
    price = next((price for price in prices if price.since <= day), prices[-1])
    return price.microusd * (-(-pixels // 1_000_000) if price.by_megapixel else 1)


def _birefnet(wire: Wire, base_url: str, model: str, resolution: str) -> HostedModel:
    """Only alpha is taken from the answer, so its colours need not be refined."""
    parameters: dict[str, str | bool] = {
        "model": model,
        "operating_resolution": resolution,
        "refine_foreground": False,
        "output_format": "png",
    }
    # Billed by compute time; one run was measured at 3.7 s and $0.003.
    price = ModelPrice(_READ, 3_000, is_estimate=True)
    return HostedModel(wire, base_url, "fal-ai/birefnet/v2", "cutout", (price,), parameters)


def _bria(wire: Wire, base_url: str, path: str, *, is_estimate: bool = False) -> HostedModel:
    """RMBG-2.0 with its maker's licence."""
    return HostedModel(wire, base_url, path, "cutout", (ModelPrice(_READ, 18_000, is_estimate),))


def _segmind(wire: Wire, path: str) -> HostedModel:
    price = ModelPrice(_READ, 1_000, is_estimate=True)
    return HostedModel(wire, _SEGMIND, path, "cutout", (price,), {"type": "transparent"})


def _scenes(path: str, shows: Shows, microusd: int, **parameters: str | int) -> HostedModel:
    """A model of fal's that paints: one PNG, which its own checker may flag."""
    price = ModelPrice(_READ_SCENES, microusd, is_estimate=False, by_megapixel=True)
    told = {"num_images": 1, "output_format": "png", **parameters}
    return HostedModel("fal-queue", _FAL_QUEUE, path, shows, (price,), told)


HOSTED_MODELS: Mapping[str, HostedModel] = {
    "fal:birefnet-light": _birefnet("fal-direct", _FAL, "General Use (Light)", "1024x1024"),
    "fal:birefnet-heavy": _birefnet("fal-queue", _FAL_QUEUE, "General Use (Heavy)", "2048x2048"),
    "fal:birefnet-matting": _birefnet("fal-queue", _FAL_QUEUE, "Matting", "2048x2048"),
    "fal:bria": _bria("fal-queue", _FAL_QUEUE, "fal-ai/bria/background/remove"),
    "segmind:bg-removal-v2": _segmind("segmind-bytes", "v1/bg-removal-v2"),
    # Where results are kept is not documented; see that one can be fetched before this is used.
    "segmind:bg-removal-v2-async": _segmind("segmind-async", "v2/bg-removal-v2"),
    # Billed by time; the same model costs as much elsewhere.
    "replicate:bria": _bria("replicate", _REPLICATE, "bria/remove-background", is_estimate=True),
    # A model of the operator's own, paid for by the hour and not by the photo.
    "huggingface:endpoint": HostedModel(
        "huggingface-endpoint", None, "", "mask", (ModelPrice(_READ, 0, is_estimate=True),)
    ),
    "huggingface:rmbg-2.0": _bria(
        "huggingface-fal", _ROUTER, "fal-ai/fal-ai/bria/background/remove?_subdomain=queue"
    ),
    "fal:flux-schnell": _scenes("fal-ai/flux-1/schnell", "backdrop", 3_000, num_inference_steps=4),
    # Priced by the picture; how much is not documented, so it is what fal takes for a megapixel.
    "replicate:flux-schnell": HostedModel(
        "replicate",
        _REPLICATE,
        "black-forest-labs/flux-schnell",
        "backdrop",
        (ModelPrice(_READ_SCENES, 3_000, is_estimate=True),),
        {"num_outputs": 1, "output_format": "png", "megapixels": "1"},
    ),
    "fal:flux-fill": _scenes("fal-ai/flux-pro/v1/fill", "filled", 50_000),
    "fal:iclight": _scenes("fal-ai/iclight-v2", "relit", 100_000),
}
