import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from lumiku_client.commands.batch_state import STATE_FILE
from tests.component.client.conftest import Photos, Run, dark
from tests.component.client.port import Fault, Port
from tests.component.client.service import CREDITS, PRICE, PRICE_OF_BASIC, P, Service

SUBMIT = f"POST {P}/batch"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def uploads(port: Port) -> int:
    return port.calls["POST /bucket/"]


def test_a_folder(order: Run, port: Port, service: Service, photos: Photos, out: Path) -> None:
    folder = photos("a.jpg", "b.png", "c without suffix")
    (folder / "list.csv").write_text("name,price")

    result = order(folder, options=["--tier", "basic", "--yes"])

    assert result.exit_code == 0, result.output
    assert names(out) == ["a.png", "b.png", "c without suffix.png", "contact-sheet.png"]
    with Image.open(out / "b.png") as cut_out:
        assert (cut_out.mode, cut_out.size) == ("RGBA", (61, 40))
    cost = 3 * PRICE_OF_BASIC
    assert f"3 photos, tier basic: {cost} credits (3 each), 1000 available." in result.stderr
    assert "uploading: 3 of 3 photos, " in result.stderr
    assert "processing: 3 of 3 photos" in result.stderr
    assert "Not photos, not sent: list.csv" in result.stderr
    assert "3 of 3 photos done" in result.stdout
    assert f"{cost} credits charged; {CREDITS - cost} left." in result.stdout
    assert "failed" not in result.stdout
    assert port.calls[SUBMIT] == 1
    assert port.calls[f"POST {P}/batch/{service.batch}/finish"] == 1


def test_names_are_those_of_remove(order: Run, run: Run, photos: Photos, out: Path) -> None:
    folder = photos("a.jpg", "a.png", "A.JPG", "contact-sheet.jpg", "\u202eb.jpg")
    more = photos("a.jpg", folder="more")

    assert order(folder, more).exit_code == 0
    by_batch = names(out)
    for path in out.iterdir():
        path.unlink()
    assert run(folder, more).exit_code == 0

    assert by_batch == names(out)


def test_each_result_goes_to_its_photo(order: Run, photos: Photos, out: Path) -> None:
    order(photos("a.jpg", "c.jpg", "b.jpg"))

    sizes = {}
    for name in "abc":
        with Image.open(out / f"{name}.png") as picture:
            sizes[name] = picture.width
    assert sizes == {"a": 60, "c": 61, "b": 62}


def test_failures_are_a_table_with_reasons(
    order: Run, service: Service, photos: Photos, out: Path
) -> None:
    folder = photos("a.jpg", "c.jpg")
    dark(folder / "a.jpg")
    (folder / "b.jpg").write_text("this is no photo")
    (folder / "empty.jpg").write_bytes(b"")

    result = order(folder)

    assert result.exit_code == 2
    assert names(out) == ["a.png", "c.png", "contact-sheet.png"]
    assert re.search(r"a\.jpg +done +Nothing stands out in this photo", result.stdout)
    assert re.search(r"b\.jpg +failed +This file is not a photo we can read", result.stdout)
    assert re.search(r"empty\.jpg +failed +The file is empty\.", result.stdout)
    assert "c.jpg" not in result.stdout
    cost = 3 * PRICE
    assert "2 of 4 photos done" in result.stdout
    assert f"{cost} credits charged, {PRICE} refunded, {cost - PRICE} in all" in result.stdout


def test_all_fail(order: Run, photos: Photos, out: Path) -> None:
    folder = photos()
    for name in ("a.jpg", "b.jpg"):
        (folder / name).write_text("no photo")

    result = order(folder)

    assert result.exit_code == 2
    assert names(out) == []
    assert "0 of 2 photos done" in result.stdout


def test_nobody_agrees_to_the_price(order: Run, port: Port, photos: Photos, out: Path) -> None:
    result = order(photos("a.jpg", "b.jpg"), options=[])

    assert result.exit_code == 1
    assert f"{2 * PRICE} credits" in result.stderr
    assert "Add --yes" in result.stderr
    assert port.calls[SUBMIT] == 0
    assert names(out) == []


def test_a_plan_pays(order: Run, service: Service, photos: Photos) -> None:
    service.subscribe()

    result = order(photos("a.jpg", "b.jpg"))

    assert result.exit_code == 0
    told = "covered by your plan pro, which takes 200 more today. 0 credits."
    assert told in result.stderr
    assert "0 credits charged; 1000 left." in result.stdout


def test_too_few_credits(order: Run, port: Port, service: Service, photos: Photos) -> None:
    service.set_balance(3)

    result = order(photos("a.jpg", "b.jpg"))

    assert result.exit_code == 1
    assert "16 needed, 3 available" in result.stderr
    assert port.calls[SUBMIT] == 0


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (0, "No photos found"),
        (1, "For single photos: lumiku remove"),
        (5001, "at most 5000 photos"),
    ],
)
def test_too_few_or_many_photos(
    order: Run, port: Port, photos: Photos, count: int, told: str
) -> None:
    folder = photos()
    for number in range(count):
        (folder / f"{number}.jpg").write_bytes(b"\xff\xd8\xff")

    result = order(folder)

    assert result.exit_code == 1
    assert told in result.stderr
    assert not port.calls


def test_a_price_that_changes_meanwhile(
    order: Run, port: Port, service: Service, photos: Photos, out: Path
) -> None:
    port.meanwhile[f"POST {P}/pricing/calculate"] = service.subscribe

    result = order(photos("a.jpg", "b.jpg"))

    assert result.exit_code == 1
    assert "The price has changed. It is 0 credits today. Nothing was charged." in result.stderr
    assert "Nothing was ordered." in result.stderr
    assert names(out) == []


def test_an_order_that_is_refused(
    order: Run, port: Port, service: Service, photos: Photos, out: Path
) -> None:
    port.meanwhile[f"POST {P}/pricing/calculate"] = lambda: service.set_balance(1)

    result = order(photos("a.jpg", "b.jpg"))

    assert result.exit_code == 1
    assert (
        "16 needed, 1 available ('lumiku top-up' buys some). Nothing was ordered." in result.stderr
    )
    assert names(out) == []


def test_a_photo_that_cannot_be_sent_holds_nothing_up(
    order: Run, port: Port, service: Service, photos: Photos, out: Path
) -> None:
    too_large = "<Error><Code>EntityTooLarge</Code></Error>"
    port.faults.append(Fault("POST /bucket/.*", 400, too_large))

    result = order(photos("a.jpg", "b.jpg", "c.jpg"), options=["--yes", "--parallel", "1"])

    assert result.exit_code == 2
    assert re.search(r"a\.jpg +failed +The photo is too large for the storage\.", result.stdout)
    assert names(out) == ["b.png", "c.png", "contact-sheet.png"]
    assert service.balance == CREDITS - 2 * PRICE


def test_a_form_that_expired_is_renewed_once(
    order: Run, port: Port, service: Service, photos: Photos
) -> None:
    port.faults.append(Fault("POST /bucket/.*", 403, "<Error><Code>AccessDenied</Code></Error>"))

    assert order(photos(*(f"{n}.jpg" for n in range(6)))).exit_code == 0
    assert port.calls[f"POST {P}/batch/{service.batch}/upload-policy"] == 1


def test_passing_trouble_is_not_even_seen(
    order: Run, port: Port, service: Service, photos: Photos
) -> None:
    port.faults += [
        Fault(SUBMIT, is_late=True),
        Fault("POST /bucket/.*", is_late=True),
        Fault(f"POST {P}/pricing/calculate", 503, {"message": "Service Unavailable"}),
        Fault("POST /bucket/.*", 503, "<Error><Code>SlowDown</Code></Error>"),
        Fault(f"POST {P}/batch/.*/finish", 502, "<html>"),
        Fault(f"GET {P}/batch/.*", 504, ""),
        Fault(f"GET {P}/batch/.*/items", 503, {"message": "Service Unavailable"}),
        Fault("GET /bucket/.*", 503, "<Error><Code>SlowDown</Code></Error>"),
    ]

    result = order(photos("a.jpg", "b.jpg"))

    assert result.exit_code == 0, result.output
    assert not port.faults
    assert service.balance == CREDITS - 2 * PRICE


@pytest.mark.parametrize("is_damaged", [False, True])
def test_without_a_sound_zip_results_come_one_by_one(
    order: Run, port: Port, service: Service, photos: Photos, out: Path, is_damaged: bool
) -> None:
    folder = photos("a.jpg", "b.jpg")
    (folder / "c.jpg").write_text("no photo")
    if is_damaged:
        port.changes[".zip"] = lambda sound: bytes(len(sound))
    else:
        port.faults.append(Fault(f"GET {P}/batch/.*/download", 409))

    result = order(folder)

    assert result.exit_code == 2, result.output
    assert names(out) == ["a.png", "b.png", "contact-sheet.png"]
    assert "2 of 3 photos done" in result.stdout


def test_a_zip_decides_nothing_about_paths(
    order: Run, port: Port, photos: Photos, out: Path, tmp_path: Path
) -> None:
    def evil(comment: bytes) -> bytes:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as opened:
            opened.writestr("../../evil.png", b"1")
            opened.writestr("/opt/evil.png", b"2")
            lines = [{"result": "../../evil.png"}, {"result": "/opt/evil.png"}]
            opened.writestr("manifest.json", json.dumps({"photos": lines}))
            opened.comment = comment
        return buffer.getvalue()

    # As large as the API says that it is.
    port.changes[".zip"] = lambda sound: evil(bytes(len(sound) - len(evil(b""))))

    assert order(photos("a.jpg", "b.jpg")).exit_code == 0
    assert names(out) == ["a.png", "b.png", "contact-sheet.png"]
    assert (out / "a.png").read_bytes() == b"1"
    assert not list(tmp_path.rglob("evil.png"))


def test_json(order: Run, service: Service, photos: Photos, out: Path) -> None:
    folder = photos("a.jpg", "c.jpg")
    (folder / "b.jpg").write_text("no photo")

    result = order(folder, options=["--yes", "--json"])

    told = json.loads(result.stdout)
    assert result.exit_code == 2
    assert (told["batchId"], told["status"]) == (service.batch, "completed")
    first, second, _ = told["photos"]
    assert first["output"] == str(out / "a.png")
    assert (first["state"], first["widthPx"], first["credits"]) == ("done", 60, PRICE)
    assert second["error"]["code"] == "unsupported_format"
    cost = 3 * PRICE
    assert (told["charged"], told["refunded"], told["credits"]) == (cost, PRICE, cost - PRICE)
    assert (told["done"], told["balance"]) == (2, CREDITS - cost + PRICE)
    assert told["contactSheet"] == str(out / "contact-sheet.png")
    assert not (out / STATE_FILE).exists()


def test_results_come_out_of_all_parts(
    order: Run, photos: Photos, out: Path, monkeypatch: pytest.MonkeyPatch, service: Service
) -> None:
    """Three photos are many here, and a ZIP has two."""
    monkeypatch.setattr("lumiku.domain.work.groups.LARGE_FROM", 3)
    monkeypatch.setattr("lumiku.domain.work.archives.PART_PHOTOS", 2)
    folder = photos("a.jpg", "b.jpg", "c.jpg", "e.jpg")
    (folder / "d.jpg").write_text("this is no photo")

    result = order(folder)

    assert result.exit_code == 2
    assert names(out) == ["a.png", "b.png", "c.png", "contact-sheet.png", "e.png"]
    assert "4 of 5 photos done" in result.stdout
    spent = CREDITS - service.balance
    assert f"{5 * PRICE} credits charged, {PRICE} refunded, {spent} in all" in result.stdout
