"""PNG (W3C, third edition): only the chunks that are needed reach the decoder.

Of ancillary chunks, what is broken is left out and what is not needed is never unpacked.
"""

import io
import struct
import zlib
from collections.abc import Iterator, Mapping

from PIL import Image
from PIL.PngImagePlugin import PngImageFile

from darkroom import told
from darkroom.errors import UnsupportedLayout

MAX_PROFILE_BYTES = 16 << 20
_SIGNATURE_BYTES, _AROUND_BODY = 8, 12
# The picture itself; its transparency too, although tRNS is ancillary by its name.
_PICTURE = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS"}
_COLOUR = {b"cICP": 4, b"sRGB": 1, b"gAMA": 4, b"cHRM": 32}
_PLAIN_XMP = b"XML:com.adobe.xmp\0\0"
_DEPTH_AT = 24


def opened(data: bytes, max_pixels: int) -> Image.Image:
    """Read the header of a PNG.

    `info` of the image holds what tells its colours (`icc_profile`, `told`) and, where the lower 8
    of 16 bits matter, `low`: an image of these. A grey key is brought to the scale of the pixels.
    """
    picture, colour = [data[:_SIGNATURE_BYTES]], {}
    for kind, body, whole, is_sound in _chunks(data):
        if kind in _PICTURE:
            # The decoder looks at no sum of IDAT, and at zlib's own only if it must read that far.
            if not is_sound and len(whole) == len(body) + _AROUND_BODY:
                raise ValueError(f"The check sum of {kind!r} is wrong")
            picture.append(whole)
        elif kind[:1].isupper() and is_sound:
            raise UnsupportedLayout(f"PNG with the foreign chunk {kind.decode()}")
        elif kind == b"iCCP":
            colour[kind] = _profile(body, is_sound)
        elif is_sound and (kind == b"eXIf" or (kind == b"iTXt" and body.startswith(_PLAIN_XMP))):
            picture.append(whole)
        elif is_sound and len(body) == _COLOUR.get(kind):
            colour[kind] = body
    image = PngImageFile(io.BytesIO(b"".join(picture)))
    _note_colour(image, colour)
    _note_depth(image, b"".join(picture))
    return image


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes, bytes, bool]]:
    """Type, content, whole chunk, and whether its check sum is right; up to IEND.

    What does not look like a chunk is left to the decoder, as one of the picture.
    """
    at, kind = _SIGNATURE_BYTES, b""
    while at < len(data) and kind != b"IEND":
        kind, end = data[at + 4 : at + 8], at + 12 + int.from_bytes(data[at : at + 4])
        if not kind.isalpha():
            yield b"IDAT", b"", data[at:], False
            return
        body, total = data[at + 8 : end - 4], data[end - 4 : end]
        is_sound = total == struct.pack(">I", zlib.crc32(body, zlib.crc32(kind)))
        yield kind, body, data[at:end], is_sound
        at = end


def _profile(body: bytes, is_sound: bool) -> bytes | None:
    """Unpack an ICC profile (11.3.2.3: a name, method 0, deflated bytes); None if that fails."""
    _, _, packed = body.partition(b"\0")
    is_deflated = packed[:1] == b"\0"
    if not is_sound and not is_deflated:
        # A wrong sum alone is a writer's slip. With wrong content, the bytes were changed on the
        # way, and nobody knows which others.
        raise ValueError("Both check sum and content of iCCP are wrong")
    if not is_sound or not is_deflated:
        return None
    try:
        return zlib.decompressobj().decompress(packed[1:], MAX_PROFILE_BYTES)
    except zlib.error:
        return None


def _note_colour(image: Image.Image, colour: Mapping[bytes, bytes | None]) -> None:
    """Keep what counts: cICP before iCCP before sRGB before gAMA and cHRM (4.3)."""
    if code := colour.get(b"cICP"):
        primaries, transfer, _, is_full = code
        if shown := told.by_code_points(primaries, transfer, is_narrow=not is_full):
            image.info["told"] = shown
            return
    if profile := colour.get(b"iCCP"):
        image.info["icc_profile"] = profile
    if b"sRGB" in colour:
        image.info["told"] = told.SRGB
    elif gamma := colour.get(b"gAMA"):
        points = struct.unpack(">8I", colour.get(b"cHRM") or bytes(32))
        image.info["told"] = told.by_gamma(int.from_bytes(gamma), points)


def _note_depth(image: Image.Image, data: bytes) -> None:
    """See to keys of few bits, and to the lower half of 16 bits (13.12, 11.3.1.1)."""
    depth, key = data[_DEPTH_AT], image.info.get("transparency")
    if depth <= 8 and isinstance(key, int) and image.mode in ("1", "L"):
        most = (1 << depth) - 1
        image.info["transparency"] = (key & most) * (255 // most)
    elif depth <= 8 and isinstance(key, tuple):
        image.info["transparency"] = tuple(level & 255 for level in key)
    is_shown_anew = image.info.get("told", told.SRGB) != told.SRGB
    if depth == 16 and image.mode in ("RGB", "RGBA") and (key or is_shown_anew):
        low = PngImageFile(io.BytesIO(data))
        # Read as little-endian, the first of two bytes is the lower one: here that is the second.
        low.tile = [tile._replace(args=f"{image.mode};16L") for tile in low.tile]
        image.info["low"] = low
