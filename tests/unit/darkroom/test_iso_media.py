"""AVIF: what its boxes tell that its decoder does not do. HEIC has no encoder here."""

import struct

import numpy as np
import pytest
from PIL import Image

from darkroom.decode import decode_photo
from darkroom.errors import DamagedPhoto
from tests.unit.darkroom import icc
from tests.unit.darkroom.iso_files import with_property
from tests.unit.darkroom.photos import as_file


def avif(**options: object) -> bytes:
    """40 x 20 pixels, darker to the left and to the top."""
    down, across = np.mgrid[:20, :40]
    ramp = np.dstack([across * 6, down * 12, np.full_like(down, 100)]).astype(np.uint8)
    return as_file(Image.fromarray(ramp), "AVIF", quality=100, subsampling="4:4:4", **options)


def clap(width: int, height: int, across: int, down: int, by: int = 1) -> bytes:
    """A clean aperture, its middle so many halves of a pixel from the picture's."""
    return b"clap" + struct.pack(">IIIIiIiI", width, by, height, by, across, 2, down, 2)


def test_a_clean_aperture_crops() -> None:
    whole = decode_photo(avif()).rgb
    cropped = decode_photo(with_property(avif(), clap(20, 10, 20, -10)))
    # Left: 20 / 2 + (40 - 20) / 2 = 20; top: -10 / 2 + (20 - 10) / 2 = 0.
    assert (cropped.rgb == whole[:10, 20:]).all()


def test_a_picture_is_cropped_before_it_is_turned() -> None:
    turned = Image.Exif()
    turned[274] = 6
    data = with_property(avif(exif=turned), clap(20, 10, 20, -10))
    expected = np.rot90(decode_photo(avif()).rgb[:10, 20:], -1)
    assert (decode_photo(data).rgb == expected).all()


@pytest.mark.parametrize(
    "aperture", [clap(41, 20, 0, 0), clap(20, 10, 90, 0), clap(0, 10, 0, 0), clap(20, 10, 0, 0, 0)]
)
def test_an_aperture_outside_the_picture_is_damage(aperture: bytes) -> None:
    with pytest.raises(DamagedPhoto):
        decode_photo(with_property(avif(), aperture))


def test_nclx_tells_colours_and_a_profile_comes_before_it() -> None:
    def told_p3(data: bytes) -> bytes:
        at = data.index(b"nclx") + 4
        return data[:at] + struct.pack(">HH", 12, 13) + data[at + 4 :]

    plain, p3 = (decode_photo(data).rgb.astype(float) for data in (avif(), told_p3(avif())))
    to_srgb = np.linalg.solve(icc.to_xyz_d50(icc.SRGB), icc.to_xyz_d50(icc.P3))
    expected = icc.encode_srgb((icc.decode_srgb(plain) @ to_srgb.T).clip(0, 1))
    assert np.abs(p3 - expected).max() <= 2
    assert np.abs(plain - expected).max() > 8
    with_profile = avif(icc_profile=icc.gamma_profile(icc.SRGB, 2.2))
    assert (decode_photo(told_p3(with_profile)).rgb == decode_photo(with_profile).rgb).all()
