"""PNG: what counts of its chunks, and what their damage means."""

import struct
import tracemalloc
import zlib

import numpy as np
import pytest
from PIL import Image

from darkroom.decode import decode_photo
from darkroom.errors import DamagedPhoto, UnsupportedLayout
from tests.unit.darkroom import icc
from tests.unit.darkroom.photos import as_file

COLOUR = (200, 100, 50)
P3 = icc.gamma_profile(icc.P3, 2.2)
IN_P3 = icc.expected_srgb(COLOUR, icc.P3, 2.2)
PLAIN = as_file(Image.new("RGB", (16, 16), COLOUR), "PNG")
# Chromaticities of white, red, green and blue of Display P3.
CHRM = struct.pack(">8I", 31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000)


def chunk(kind: bytes, body: bytes, *, sound: bool = True) -> bytes:
    total = zlib.crc32(kind + body) ^ (not sound)
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", total)


def iccp(profile: bytes, method: bytes = b"\0") -> bytes:
    return b"name\0" + method + zlib.compress(profile)


def with_chunks(*chunks: bytes, data: bytes = PLAIN) -> bytes:
    """Put chunks behind the header."""
    return data[:33] + b"".join(chunks) + data[33:]


# Primaries of Display P3 with the curve of sRGB.
IN_DISPLAY_P3 = icc.encode_srgb(
    np.linalg.solve(
        icc.to_xyz_d50(icc.SRGB),
        icc.to_xyz_d50(icc.P3) @ icc.decode_srgb(np.array(COLOUR, np.float64)),
    ).clip(0, 1)
)


def is_shown_as(data: bytes, expected: object, levels: float = 2) -> bool:
    return bool(np.abs(decode_photo(data).rgb[8, 8] - np.array(expected)).max() <= levels)


CICP_P3 = chunk(b"cICP", bytes((12, 13, 0, 1)))
ICCP_P3 = chunk(b"iCCP", iccp(P3))
GAMMA_1 = chunk(b"gAMA", struct.pack(">I", 100_000))
SRGB = chunk(b"sRGB", b"\0")


def test_colours_are_told_by_cicp_then_iccp_then_srgb_then_gamma() -> None:
    linear = 255 * (np.array(COLOUR) / 255) ** (1 / 2.2)
    other = chunk(b"iCCP", iccp(icc.gamma_profile(icc.SRGB, 1.0)))
    assert is_shown_as(with_chunks(GAMMA_1), linear)
    assert is_shown_as(with_chunks(GAMMA_1, SRGB), COLOUR, 0)
    assert is_shown_as(with_chunks(GAMMA_1, SRGB, ICCP_P3), IN_P3)
    assert is_shown_as(with_chunks(GAMMA_1, SRGB, other, CICP_P3), IN_DISPLAY_P3)
    srgb_profile = chunk(b"iCCP", iccp(icc.gamma_profile(icc.SRGB, 2.2)))
    assert is_shown_as(with_chunks(GAMMA_1, srgb_profile), icc.expected_srgb(COLOUR, icc.SRGB, 2.2))


def test_gamma_with_chromaticities_is_a_colour_space() -> None:
    gamma = chunk(b"gAMA", struct.pack(">I", 45455))
    assert is_shown_as(with_chunks(gamma), COLOUR, 0)
    assert is_shown_as(with_chunks(gamma, chunk(b"cHRM", CHRM)), IN_DISPLAY_P3)
    assert not is_shown_as(with_chunks(gamma, chunk(b"cHRM", CHRM)), COLOUR, 8)
    for nonsense in (bytes(32), CHRM[:8] * 4, CHRM[:31]):
        assert is_shown_as(with_chunks(gamma, chunk(b"cHRM", nonsense)), COLOUR, 0)


def test_linear_light_of_16_bits_keeps_its_shadows() -> None:
    grey = np.arange(256, dtype=np.uint16).reshape(16, 16) * 8
    data = with_chunks(GAMMA_1, data=as_file(Image.fromarray(grey), "PNG"))
    expected = 255 * (grey / 65535) ** (1 / 2.2)
    assert np.abs(decode_photo(data).rgb[..., 0] - expected).max() <= 1
    raw = b"".join(b"\0" + np.dstack([row] * 3).astype(">u2").tobytes() for row in grey)
    header = struct.pack(">IIBBBBB", 16, 16, 16, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + GAMMA_1 + chunk(b"IDAT", zlib.compress(raw))
    picture = decode_photo(PLAIN[:8] + body + chunk(b"IEND", b""))
    assert np.abs(picture.rgb[..., 1] - expected).max() <= 1


@pytest.mark.parametrize(
    "broken",
    [
        chunk(b"iCCP", iccp(P3), sound=False),
        chunk(b"iCCP", iccp(P3, method=b"\1")),
        chunk(b"iCCP", iccp(P3)[:20]),
        chunk(b"iCCP", b""),
        chunk(b"gAMA", b"\0\1"),
        chunk(b"gAMA", bytes(4)),
        chunk(b"cHRM", b"\0" * 31),
        chunk(b"sRGB", b""),
        chunk(b"cICP", b"\x0c"),
        chunk(b"pHYs", b"\0"),
        chunk(b"tIME", b"\0", sound=False),
        chunk(b"zTXt", b"a\0\x07nothing"),
        chunk(b"eXIf", b"MM\0*\0\0\0\x08", sound=False),
        chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0nothing"),
    ],
)
def test_broken_chunks_that_are_not_needed_are_left_out(broken: bytes) -> None:
    assert is_shown_as(with_chunks(broken), COLOUR, 0)


def test_a_file_cut_short_behind_its_pixels_is_whole() -> None:
    end = len(PLAIN) - 12
    text = chunk(b"tEXt", b"a\0b" * 40)
    assert is_shown_as(PLAIN[:end] + text[:30], COLOUR, 0)


def test_damage_to_the_picture_is_damage() -> None:
    key = chunk(b"tRNS", struct.pack(">HHH", *COLOUR), sound=False)
    header = PLAIN[:29] + bytes(4) + PLAIN[33:]
    both = chunk(b"iCCP", iccp(P3, method=b"\1"), sound=False)
    for data in (with_chunks(key), header, with_chunks(both)):
        with pytest.raises(DamagedPhoto):
            decode_photo(data)


def test_pixels_that_were_changed_on_the_way_are_damage_wherever_they_lie() -> None:
    """The decoder stops once it has all pixels: it would show other ones without a word."""
    at = PLAIN.index(b"IDAT") + 4
    end = PLAIN.index(b"IEND") - 8
    for place in range(at, end):
        changed = PLAIN[:place] + bytes((PLAIN[place] ^ 4,)) + PLAIN[place + 1 :]
        with pytest.raises(DamagedPhoto):
            decode_photo(changed)


def test_a_foreign_chunk_that_readers_must_know_is_named() -> None:
    with pytest.raises(UnsupportedLayout, match="CgBI"):
        decode_photo(PLAIN[:8] + chunk(b"CgBI", bytes(4)) + PLAIN[8:])


def test_large_texts_are_not_unpacked_and_large_profiles_are_taken() -> None:
    bomb = zlib.compress(bytes(64 << 20))
    texts = [
        chunk(b"zTXt", b"a\0\0" + bomb),
        chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + bomb),
        chunk(b"iCCP", b"a\0\0" + bomb),
    ]
    tracemalloc.start()
    assert is_shown_as(with_chunks(*texts), COLOUR, 0)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 40 << 20
    padded = (len(P3) + (2 << 20)).to_bytes(4) + P3[4:] + bytes(2 << 20)
    assert is_shown_as(with_chunks(chunk(b"iCCP", iccp(padded))), IN_P3)


@pytest.mark.parametrize("depth", [1, 2, 4])
def test_a_key_of_few_bits_is_transparent(depth: int) -> None:
    values = np.arange(16) % (1 << depth)
    ones = (values[:, None] >> np.arange(depth)[::-1] & 1).astype(np.uint8)
    row = b"\0" + np.packbits(ones).tobytes()
    header = struct.pack(">IIBBBBB", 16, 16, depth, 0, 0, 0, 0)
    key = chunk(b"tRNS", b"\0\1")
    body = chunk(b"IHDR", header) + key + chunk(b"IDAT", zlib.compress(row * 16))
    alpha = decode_photo(PLAIN[:8] + body + chunk(b"IEND", b"")).alpha
    assert alpha is not None
    assert alpha[3].tolist() == np.where(values == 1, 0, 255).tolist()


@pytest.mark.parametrize("is_told", [False, True])
def test_a_key_of_16_bits_is_compared_in_all_of_them(is_told: bool) -> None:
    pixels = np.full((16, 16, 3), (0x1234, 0x2345, 0x3456), ">u2")
    pixels[5, 6, 1] += 1
    pixels[7, 8] += 256
    raw = b"".join(b"\0" + row.tobytes() for row in pixels)
    header = struct.pack(">IIBBBBB", 16, 16, 16, 2, 0, 0, 0)
    key = chunk(b"tRNS", struct.pack(">HHH", 0x1234, 0x2345, 0x3456))
    told = CICP_P3 if is_told else b""
    body = chunk(b"IHDR", header) + told + key + chunk(b"IDAT", zlib.compress(raw))
    alpha = decode_photo(PLAIN[:8] + body + chunk(b"IEND", b"")).alpha
    assert alpha is not None
    assert sorted(zip(*np.nonzero(alpha), strict=True)) == [(5, 6), (7, 8)]
