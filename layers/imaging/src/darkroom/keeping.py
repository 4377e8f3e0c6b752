"""A picture between two steps as a file, from which the steps go on as if nothing had been."""

import base64
import io
import json
import zlib
from dataclasses import replace
from typing import Any

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngImageFile, PngInfo

from darkroom.encode import as_image
from darkroom.picture import Backdrop, Bytes, Painting, Picture, Remark
from photo_steps import Parameters, Step

_FACTS = "picture"


def pack(picture: Picture) -> bytes:
    """Make a PNG that has all of a picture but the colours that alpha hides."""
    facts = PngInfo()
    others = {
        "backdrop": _written(picture.backdrop),
        "shadow": _written(picture.shadow),
        "mark": _written(picture.mark),
        "cut_at": None if picture.cut_at is None else sorted(picture.cut_at),
        "lit_from": picture.lit_from,
        "seen": None if picture.seen is None else _written_pixels(picture.seen),
        "remarks": [[remark.code, dict(remark.facts)] for remark in picture.remarks],
        "note": picture.note,
        "is_grey": picture.is_grey,
        "format": picture.format,
        "sent_as": picture.sent_as,
        "is_kept": picture.is_kept,
    }
    facts.add_text(_FACTS, json.dumps(others))
    file = io.BytesIO()
    as_image(picture).save(file, "PNG", pnginfo=facts, compress_level=1, compress_type=zlib.Z_RLE)
    return file.getvalue()


def unpack(data: bytes) -> Picture:
    """Read what `pack` made; of nobody else's file."""
    # Not Image.open: the largest photo is more than Pillow takes from strangers.
    image = PngImageFile(io.BytesIO(data))
    facts = json.loads(image.text[_FACTS])
    pixels = np.asarray(image)
    if image.mode == "L":
        picture = Picture(np.broadcast_to(pixels[..., None], (*pixels.shape, 3)))
    else:
        rgb = np.ascontiguousarray(pixels[..., :3])
        picture = Picture(rgb, pixels[..., 3].copy() if image.mode == "RGBA" else None)
    told = {name: _read(facts.pop(name)) for name in ("backdrop", "shadow", "mark")}
    cut_at, seen = facts.pop("cut_at"), facts.pop("seen")
    remarks = tuple(Remark(code, known) for code, known in facts.pop("remarks"))
    return replace(
        picture,
        **told,
        cut_at=None if cut_at is None else frozenset(cut_at),
        seen=None if seen is None else _read_pixels(seen),
        remarks=remarks,
        **facts,
    )


def _written(told: Backdrop | Parameters | None) -> Any:
    """What is painted later: a colour as a list, all else as a step, or what is painted."""
    if isinstance(told, Painting):
        return {"painted": _written_pixels(told.rgb), "like": _written(told.like)}
    return Step.of(told).model_dump(mode="json") if isinstance(told, Parameters) else told


def _read(written: Any) -> Any:
    if not isinstance(written, dict):
        return written and tuple(written)
    if "painted" in written:
        return Painting(_read_pixels(written["painted"]), _read(written["like"]))
    step = Step.model_validate(written)
    return step.read(Parameters.kinds[step.name])


def pack_pixels(pixels: Bytes) -> bytes:
    """Make a PNG of uint8 pixels."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG", compress_level=1)
    return file.getvalue()


def unpack_pixels(data: bytes) -> Bytes:
    """Read what `pack_pixels` made; of nobody else's file."""
    return np.asarray(PngImageFile(io.BytesIO(data)))


def _written_pixels(pixels: Bytes) -> str:
    return base64.b64encode(pack_pixels(pixels)).decode()


def _read_pixels(written: str) -> Bytes:
    return unpack_pixels(base64.b64decode(written))
