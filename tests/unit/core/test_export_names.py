"""Names of exported files: by pattern, clean, unlike each other, and never outside their folder."""

from dataclasses import replace
from datetime import date
from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumiku.domain.projects.export_names import (
    DEFAULT_PATTERN,
    FIELDS,
    MAX_PATTERN,
    Folders,
    Named,
    paths,
    wrong,
)
from lumiku.domain.work.file_names import is_seen
from photo_steps.exports import Target

SHOPEE = Target(format="jpeg", destination="shopee")
CUP = Named("CUP-1", "Cangkir Kopi", date(2026, 11, 26), 7, SHOPEE)


def name(file: Named, pattern: str = DEFAULT_PATTERN, folders: Folders = "none") -> str:
    return paths([file], pattern, folders)[0]


def test_a_pattern_is_filled_in() -> None:
    assert name(CUP) == "CUP-1-Cangkir Kopi-shopee-007.jpg"
    sized = replace(CUP, target=Target(format="webp", size_px=(1080, 1350)))
    assert name(sized, "{date}_{size}_{format}_{n}") == "2026-11-26_1080x1350_webp_007.webp"
    whole = replace(CUP, target=Target(format="png"))
    assert name(whole, "{name} ({platform})") == "Cangkir Kopi (original).png"


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (DEFAULT_PATTERN, "Cangkir Kopi-shopee-007.jpg"),
        ("{name}-{sku}", "Cangkir Kopi.jpg"),
        ("{sku}", "photo.jpg"),
        ("toko {sku} x {name}", "toko Cangkir Kopi.jpg"),
    ],
)
def test_an_empty_field_leaves_no_dash(pattern: str, expected: str) -> None:
    assert name(replace(CUP, sku=None), pattern) == expected


@pytest.mark.parametrize(
    ("folders", "expected"),
    [("none", ""), ("format", "jpeg/"), ("platform", "shopee/"), ("date", "2026-11-26/")],
)
def test_folders_are_by_what_was_chosen(folders: Folders, expected: str) -> None:
    assert name(CUP, "{name}", folders) == f"{expected}Cangkir Kopi.jpg"


def test_the_second_of_a_name_gets_a_number_in_its_folder_alone() -> None:
    png = replace(CUP, target=Target(format="png", destination="shopee"))
    other = replace(CUP, name="CANGKIR kopi")
    lazada = replace(CUP, target=Target(format="jpeg", destination="lazada"))
    assert paths([CUP, CUP, png, other, lazada], "{name}", "platform") == [
        "shopee/Cangkir Kopi.jpg",
        "shopee/Cangkir Kopi-2.jpg",
        "shopee/Cangkir Kopi.png",
        "shopee/CANGKIR kopi-3.jpg",
        "lazada/Cangkir Kopi.jpg",
    ]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("../../etc/passwd", "_.._etc_passwd.jpg"),
        ("..\\..\\boot", "_.._boot.jpg"),
        ("a/b:c*?", "a_b_c__.jpg"),
        ("\u202egnp.exe", "gnp.exe.jpg"),
        ("CON", "photo-CON.jpg"),
        ("nul.txt", "photo-nul.txt.jpg"),
        ("-rf", "rf.jpg"),
        (".htaccess", "htaccess.jpg"),
        ("...", "photo.jpg"),
        ("\n\t", "photo.jpg"),
        ("Kopi Susu é 茶", "Kopi Susu é 茶.jpg"),
    ],
)
def test_what_people_write_is_cleaned(written: str, expected: str) -> None:
    assert name(replace(CUP, name=written), "{name}") == expected


@pytest.mark.parametrize("number", [1, 100])
def test_a_long_name_never_cuts_off_what_tells_files_apart(number: int) -> None:
    long = replace(CUP, name="茶" * 200, sku="S" * 64, n=number)
    assert name(long).endswith(f"-shopee-{number:03}.jpg")
    assert len(name(long).encode()) <= 200


@pytest.mark.parametrize(
    "pattern",
    [
        "../{name}",
        "a/{name}",
        "a\\{name}",
        "{name}..x",
        "name",
        "{unknown}",
        "{name!r}",
        "{name:>99999999}",
        "{name.__class__}",
        "{0}",
        "{}",
        "{name",
        "name}",
        "",
        "  ",
        "{name}:",
        "{name}\u202e",
        "{name}\n",
        "{n}" + "x" * MAX_PATTERN,
    ],
)
def test_a_pattern_that_cannot_be_a_name_is_refused_in_both_languages(pattern: str) -> None:
    found = wrong(pattern)
    assert found is not None
    assert found.en != found.id


@pytest.mark.parametrize("pattern", [DEFAULT_PATTERN, *(f"{{{field}}}" for field in FIELDS)])
def test_every_field_makes_a_pattern(pattern: str) -> None:
    assert wrong(pattern) is None


TEXTS = st.text(max_size=30) | st.sampled_from(
    ["..", "../x", "a/../b", "con", "\u202e", " ", "A", "a"]
)


@given(
    st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=8),
    st.text(max_size=20).map(lambda text: f"{text}{{name}}-{{sku}}"),
    st.sampled_from(["none", "format", "platform", "date"]),
)
def test_any_names_give_different_paths_inside_the_archive(
    said: list[tuple[str, str]], pattern: str, folders: Folders
) -> None:
    if wrong(pattern):
        return
    found = paths([replace(CUP, name=one, sku=two) for one, two in said], pattern, folders)
    assert found == paths([replace(CUP, name=one, sku=two) for one, two in said], pattern, folders)
    assert len({path.casefold() for path in found}) == len(said)
    for path in found:
        parts = PurePosixPath(path).parts
        assert len(parts) == (1 if folders == "none" else 2)
        assert not {".", "..", "", "/"} & set(parts)
        assert PureWindowsPath(path).drive == ""
        assert len(parts[-1].encode()) <= 220
        assert all(is_seen(character) for character in path)
        assert not any(character.isspace() and character != " " for character in path)
        assert parts[-1].rpartition(".")[0].strip(" .-")
