"""A minimal matrix profile (ICC.1:2001-04), so that tests know exactly what a colour means."""

import struct

import numpy as np
from numpy.typing import NDArray

# Primaries of Display P3 and of sRGB relative to D65, as (x, y) of red, green, blue.
P3 = ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060))
SRGB = ((0.640, 0.330), (0.300, 0.600), (0.150, 0.060))
_D65 = (0.3127, 0.3290)
_D50_XYZ = np.array((0.9642, 1.0, 0.8249))
_BRADFORD = np.array(
    ((0.8951, 0.2664, -0.1614), (-0.7502, 1.7135, 0.0367), (0.0389, -0.0685, 1.0296))
)


def to_xyz_d50(primaries: tuple[tuple[float, float], ...]) -> NDArray[np.float64]:
    """Matrix from linear RGB to XYZ at D50, from primaries and white by Bradford adaptation."""

    def xyz(point: tuple[float, float]) -> tuple[float, float, float]:
        x, y = point
        return (x / y, 1.0, (1 - x - y) / y)

    columns = np.array([xyz(point) for point in primaries]).T
    white = np.array(xyz(_D65))
    matrix = columns * np.linalg.solve(columns, white)
    gains = (_BRADFORD @ _D50_XYZ) / (_BRADFORD @ white)
    adapted = np.linalg.inv(_BRADFORD) @ np.diag(gains) @ _BRADFORD
    return np.asarray(adapted @ matrix, np.float64)


def gamma_profile(primaries: tuple[tuple[float, float], ...], gamma: float) -> bytes:
    """An RGB display profile with these primaries and one pure power curve."""
    matrix = to_xyz_d50(primaries)
    return _profile(
        b"RGB ",
        b"mntr",
        {
            b"wtpt": _xyz(_D50_XYZ),
            b"rXYZ": _xyz(matrix[:, 0]),
            b"gXYZ": _xyz(matrix[:, 1]),
            b"bXYZ": _xyz(matrix[:, 2]),
            b"rTRC": _curve(gamma),
            b"gTRC": _curve(gamma),
            b"bTRC": _curve(gamma),
        },
    )


def grey_profile(gamma: float) -> bytes:
    """A grey profile with one pure power curve."""
    return _profile(b"GRAY", b"mntr", {b"wtpt": _xyz(_D50_XYZ), b"kTRC": _curve(gamma)})


def expected_srgb(
    colour: tuple[int, int, int], primaries: tuple[tuple[float, float], ...], gamma: float
) -> NDArray[np.float64]:
    """Work out the sRGB levels of a colour of such a profile, by matrices alone."""
    linear = (np.array(colour) / 255) ** gamma
    ours = np.linalg.solve(to_xyz_d50(SRGB), to_xyz_d50(primaries) @ linear).clip(0, 1)
    return encode_srgb(ours)


def encode_srgb(linear: NDArray[np.float64]) -> NDArray[np.float64]:
    """Levels 0-255 of linear light 0-1 (IEC 61966-2-1)."""
    high = 1.055 * linear ** (1 / 2.4) - 0.055
    return np.asarray(np.where(linear <= 0.0031308, 12.92 * linear, high) * 255, np.float64)


def decode_srgb(levels: NDArray[np.float64]) -> NDArray[np.float64]:
    """Linear light 0-1 of levels 0-255 (IEC 61966-2-1); Display P3 has the same curve."""
    part = levels / 255
    return np.asarray(
        np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4), np.float64
    )


def _profile(space: bytes, kind: bytes, tags: dict[bytes, bytes]) -> bytes:
    tags = {
        b"desc": b"desc\0\0\0\0\0\0\0\x05test\0" + bytes(83),
        b"cprt": b"text\0\0\0\0none\0",
        **tags,
    }
    at = 132 + 12 * len(tags)
    table, body = struct.pack(">I", len(tags)), b""
    for name, content in tags.items():
        padded = content + bytes(-len(content) % 4)
        table += name + struct.pack(">II", at + len(body), len(content))
        body += padded
    header = struct.pack(
        ">I4sI4s4s4s12s4s4sI4s4s8sI12s4s44s",
        at + len(body),
        b"none",
        0x02100000,
        kind,
        space,
        b"XYZ ",
        bytes(12),
        b"acsp",
        b"APPL",
        0,
        b"none",
        b"none",
        bytes(8),
        0,
        struct.pack(">iii", *(round(value * 65536) for value in _D50_XYZ)),
        b"none",
        bytes(44),
    )
    return header + table + body


def _xyz(value: NDArray[np.float64]) -> bytes:
    return b"XYZ \0\0\0\0" + struct.pack(">iii", *(round(part * 65536) for part in value))


def _curve(gamma: float) -> bytes:
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256))
