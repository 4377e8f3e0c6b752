import sys
import unicodedata
from pathlib import Path

import pytest

from lumiku_client._photos import printable, refusal
from lumiku_client.commands.photos import find, looks_like_image, result_names

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF"
HEADS = {
    "jpeg": JPEG,
    "png": b"\x89PNG\r\n\x1a\n",
    "webp": b"RIFF\x10\x00\x00\x00WEBPVP8 ",
    "gif": b"GIF89a\x01\x00",
    "bmp": b"BM\x36\x00",
    "tiff": b"II*\x00\x08\x00",
    "tiff, big-endian": b"MM\x00*\x00\x00",
    "heic": b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic",
    "avif": b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1",
    "avif behind a general brand": b"\x00\x00\x00\x1cftypmif1\x00\x00\x00\x00avifmiaf",
}


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS.keys())
def test_images_by_content(head: bytes) -> None:
    assert looks_like_image(head)


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"name,price\nmug,3\n",
        b"<svg xmlns=",
        b"%PDF-1.7",
        b"PK\x03\x04",
        b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41",
        b"RIFF\x10\x00\x00\x00WAVEfmt ",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    ],
)
def test_other_content(head: bytes) -> None:
    assert not looks_like_image(head)


def made(folder: Path, files: dict[str, bytes]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def test_a_folder_is_searched_by_content(tmp_path: Path) -> None:
    files = {
        "b.jpg": JPEG,
        "no suffix": JPEG,
        "wrong.csv": JPEG,
        "broken.png": b"no png at all",
        "list.csv": b"name,price",
        "notes.txt": b"hello",
        ".hidden.jpg": JPEG,
        ".DS_Store": b"\x00",
    }
    folder = made(tmp_path / "in", files)
    made(folder / "deeper", {"c.jpg": JPEG})

    found = find([folder], tmp_path / "out")

    assert [p.name for p in found.photos] == ["b.jpg", "broken.png", "no suffix", "wrong.csv"]
    assert [p.name for p in found.skipped] == ["list.csv", "notes.txt"]


def test_a_named_file_is_tried_whatever_it_is(tmp_path: Path) -> None:
    folder = made(tmp_path, {"notes.txt": b"hello", ".hidden.jpg": JPEG})

    found = find([folder / "notes.txt", folder / ".hidden.jpg", folder], tmp_path / "out")

    assert [p.name for p in found.photos] == ["notes.txt", ".hidden.jpg"]
    assert found.skipped == []


def test_each_file_is_tried_once(tmp_path: Path) -> None:
    folder = made(tmp_path / "in", {"a.jpg": JPEG})
    (tmp_path / "link").symlink_to(folder)
    again = folder / ".." / "in" / "a.jpg"

    found = find([folder / "a.jpg", folder, again, tmp_path / "link"], tmp_path / "out")

    assert len(found.photos) == 1


def test_a_link_within_a_folder_is_a_photo_of_its_own(tmp_path: Path) -> None:
    folder = made(tmp_path / "in", {"a.jpg": JPEG})
    (folder / "b.jpg").symlink_to(folder / "a.jpg")
    (folder / "dangling.jpg").symlink_to(folder / "nowhere")

    assert [p.name for p in find([folder], tmp_path).photos] == ["a.jpg", "b.jpg"]


def test_results_are_no_photos(tmp_path: Path) -> None:
    out = made(tmp_path / "out", {"a.png": HEADS["png"]})

    assert find([out], tmp_path / "x" / ".." / "out").photos == []


def names(*photos: str) -> list[str]:
    return list(result_names([Path(photo) for photo in photos]).values())


@pytest.mark.parametrize(
    ("photos", "results"),
    [
        (["a.jpg", "b.jpg"], ["a.png", "b.png"]),
        (["a.jpg", "a.png", "b.jpg"], ["a.jpg.png", "a.png.png", "b.png"]),
        (["a.jpg", "A.JPG"], ["a.jpg.png", "A.JPG.png"]),
        (["a.jpg", "A.png"], ["a.jpg.png", "A.png.png"]),
        (["x/a.jpg", "y/a.jpg"], ["a.jpg.png", "a.jpg-2.png"]),
        (["a.jpg", "a.png", "a.jpg.webp"], ["a.jpg.png", "a.png.png", "a.jpg.webp.png"]),
        (["contact-sheet.jpg"], ["contact-sheet.jpg.png"]),
        (["Contact-Sheet"], ["Contact-Sheet.png"]),
        (
            ["contact-sheet", "contact-sheet-2.gif"],
            ["contact-sheet-2.png", "contact-sheet-2-2.png"],
        ),
        (["no suffix", "two.dots.jpg"], ["no suffix.png", "two.dots.png"]),
        (
            ["foto produk é.jpg", "商品.webp", "line\nbreak.png"],
            ["foto produk é.png", "商品.png", "line\nbreak.png"],
        ),
        (
            [unicodedata.normalize("NFC", "é.jpg"), unicodedata.normalize("NFD", "é.png")],
            [unicodedata.normalize("NFC", "é.jpg.png"), unicodedata.normalize("NFD", "é.png.png")],
        ),
    ],
)
def test_result_names(photos: list[str], results: list[str]) -> None:
    assert names(*photos) == results


def test_results_end_in_what_they_are() -> None:
    photos = [Path("a.jpg"), Path("b.jpg"), Path("x/b.jpg"), Path("contact-sheet.png")]

    assert list(result_names(photos, "jpg").values()) == [
        "a.jpg",
        "b.jpg.jpg",
        "b.jpg-2.jpg",
        "contact-sheet.png.jpg",
    ]


def test_results_do_not_overwrite_each_other_where_case_is_ignored() -> None:
    photos = [Path("x/a.jpg"), Path("y/A.JPG"), Path("y/A.jpg"), Path("Contact-Sheet")]

    results = result_names(photos, case_matters=False)

    assert list(results.values()) == [
        "a.jpg.png",
        "A.JPG-2.png",
        "A.jpg-3.png",
        "Contact-Sheet-2.png",
    ]


@pytest.mark.parametrize("letter", ["x", "é", "商"])
def test_names_fit_on_a_disk(letter: str, tmp_path: Path) -> None:
    long = letter * (255 // len(letter.encode()))
    for name in names(long, f"{long[:-2]}.jpg", f"other/{long}"):
        assert name.endswith(".png")
        (tmp_path / name).write_bytes(b"")


def test_what_steers_a_terminal_is_replaced() -> None:
    shown = printable("a\nb\x1b[31m\u202egpj\u2028 \udcff é 商 \u00a0\U0001f600")

    assert shown == "a\ufffdb\ufffd[31m\ufffdgpj\ufffd \ufffd é 商 \u00a0\U0001f600"
    shown.encode()


def test_what_belongs_to_words_and_pictures_stays() -> None:
    for name in (
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645.jpg",
        "\U0001f468\u200d\U0001f469\u200d\U0001f467.png",
    ):
        assert printable(name) == name


def test_size_limits(tmp_path: Path) -> None:
    photo = tmp_path / "a.jpg"
    for size, code in [
        (0, "empty_file"),
        (1, None),
        (2**20 * 10, None),
        (2**20 * 10 + 1, "photo_too_large"),
    ]:
        with photo.open("wb") as file:
            file.truncate(size)
        reason = refusal(photo)
        assert (reason.code if reason else None) == code


@pytest.mark.skipif(sys.platform != "linux", reason="other file systems refuse such names")
def test_a_name_that_is_not_unicode(tmp_path: Path) -> None:
    folder = made(tmp_path / "in", {"\udcff.jpg": JPEG})

    photo = find([folder], tmp_path).photos[0]

    (tmp_path / result_names([photo])[photo]).write_bytes(b"")
    assert printable(photo.name) == "\ufffd.jpg"
