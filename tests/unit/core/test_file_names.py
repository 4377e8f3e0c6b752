"""Names of results: safe, different, and as close to the names of the photos as that allows."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumiku.domain.work.file_names import result_name, unique

SOURCES = st.text(st.characters(exclude_categories=()), max_size=300)


DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?$")


@pytest.mark.parametrize(
    ("source", "result"),
    [
        ("shoe.jpg", "removed-shoe.png"),
        ("shoe", "removed-shoe.png"),
        ("shoe.v2.JPG", "removed-shoe.v2.png"),
        ("Sepatu merah, kiri.jpeg", "removed-Sepatu merah, kiri.png"),
        ("靴 ①.jpg", "removed-靴 ①.png"),
        ("cafe\u0301.jpg", "removed-café.png"),
        ("👩\u200d🎨.jpg", "removed-👩\u200d🎨.png"),
        ("../../etc/passwd.jpg", "removed-passwd.png"),
        (r"C:\photos\bag.jpg", "removed-bag.png"),
        ("CON.jpg", "removed-CON.png"),
        ("invoice\u202egpj.exe.jpg", "removed-invoicegpj.exe.png"),
        ("two\r\nlines\x00.jpg", "removed-twolines.png"),
        ('a<b>:"|?*.jpg', "removed-a_b______.png"),
        ("trailing. . .jpg", "removed-trailing.png"),
        (".jpg", "removed-photo.png"),
        ("", "removed-photo.png"),
        ("folder/", "removed-photo.png"),
        ("..", "removed-photo.png"),
        ("\u200b\ufeff.jpg", "removed-photo.png"),
        ("x" * 300 + ".jpg", f"removed-{'x' * 100}.png"),
        ("靴" * 300 + ".jpg", f"removed-{'靴' * 60}.png"),
    ],
)
def test_result_name(source: str, result: str) -> None:
    assert result_name(source, "png") == result


@given(SOURCES)
def test_a_result_name_is_safe_whatever_the_photo_is_called(source: str) -> None:
    name = result_name(source, "png")

    assert name.startswith("removed-")
    assert name.endswith(".png")
    assert not set(name) & set('<>:"/\\|?*')
    unseen = [c for c in name if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"}]
    assert set(unseen) <= set("\u200c\u200d")
    assert unicodedata.is_normalized("NFC", name)
    assert not DEVICES.match(name)
    stem = name.removesuffix(".png")
    assert stem == stem.strip(" .")
    assert len(name) <= 112
    assert len(name.encode()) <= 192


@given(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=40))
def test_letters_and_digits_of_any_language_are_kept(stem: str) -> None:
    assert result_name(f"{stem}.jpg", "png") == f"removed-{unicodedata.normalize('NFC', stem)}.png"


@pytest.mark.parametrize(
    ("names", "different"),
    [
        (["a.png", "a.png", "a.png"], ["a.png", "a-2.png", "a-3.png"]),
        (["A.png", "a.PNG"], ["A.png", "a-2.PNG"]),
        (["a.png", "a-2.png", "a.png"], ["a.png", "a-2.png", "a-3.png"]),
        (["a.png", "a.png", "a-2.png"], ["a.png", "a-2.png", "a-2-2.png"]),
        (["a.png", "a.webp"], ["a.png", "a.webp"]),
        (["straße.png", "STRASSE.png"], ["straße.png", "STRASSE-2.png"]),
    ],
)
def test_unique(names: list[str], different: list[str]) -> None:
    assert unique(names) == different


@given(st.lists(st.one_of(st.sampled_from(["a.jpg", "A.JPG", "a-2.jpg", "\u017f.jpg"]), SOURCES)))
def test_no_two_results_overwrite_each_other(sources: list[str]) -> None:
    names = [result_name(source, "png") for source in sources]

    found = unique(names)

    for see in (str.casefold, str.lower, str.upper):
        seen = {see(unicodedata.normalize("NFD", name)) for name in found}
        assert len(seen) == len(names)
    for name, other in zip(names, found, strict=True):
        assert re.fullmatch(re.escape(name.removesuffix(".png")) + r"(-\d+)?\.png", other)
        assert len(other.encode()) <= 200
