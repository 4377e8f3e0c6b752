import json
import re
from pathlib import Path

import pytest
from PIL import Image

from tests.component.client.conftest import Photos, Run, dark
from tests.component.client.port import Fault, Port
from tests.component.client.service import CREDITS, PRICE, PRICE_OF_BASIC, P, Service

SUBMIT = f"POST {P}/remove"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_folder(run: Run, service: Service, photos: Photos, out: Path) -> None:
    folder = photos("a.jpg", "b.png", "c without suffix")
    (folder / "list.csv").write_text("name,price")

    result = run(folder, options=["--tier", "basic"])

    assert result.exit_code == 0
    assert names(out) == ["a.png", "b.png", "c without suffix.png", "contact-sheet.png"]
    with Image.open(out / "b.png") as cut_out:
        assert (cut_out.mode, cut_out.size) == ("RGBA", (61, 40))
    assert re.search(r"b\.png +done +61 x 40 +\d+\.\d +3", result.stdout)
    assert "3 of 3 photos done" in result.stdout
    assert f"{3 * PRICE_OF_BASIC} credits used, {service.balance} left." in result.stdout
    assert "Not photos, not sent: list.csv" in result.stderr
    assert {job["tier"] for job in service.jobs} == {"basic"}


def test_a_photo_left_whole_is_done_with_a_remark(
    run: Run, service: Service, photos: Photos
) -> None:
    folder = photos("a.jpg", "b.jpg")
    dark(folder / "a.jpg")

    result = run(folder)

    assert result.exit_code == 0
    told = "Nothing stands out in this photo, so it was left whole."
    assert re.search(rf"a\.jpg +done .* 8 +{told}", result.stdout)
    assert result.stdout.count(told) == 1
    answer = json.loads(run(folder, options=["--json"]).stdout)
    assert [photo["warnings"] for photo in answer["photos"]] == [["no_subject"], []]


def test_output_for_files_has_no_control_characters(run: Run, photos: Photos, out: Path) -> None:
    folder = photos("a\n\x1b[31m.jpg", "é 商.jpg")
    (folder / "bad\x07.jpg").write_bytes(b"text")

    result = run(folder)

    assert result.exit_code == 2
    assert "é 商.png" in names(out)
    assert "a\n\x1b[31m.png" in names(out)
    assert not re.search(r"[^\P{C}\n]".replace(r"\P{C}", r" -~\xa0-\uffff"), result.output)


def test_a_bad_photo_is_reported_and_the_rest_goes_on(
    run: Run, service: Service, photos: Photos, out: Path
) -> None:
    folder = photos("a.jpg", "c.jpg")
    (folder / "b.jpg").write_text("this is no photo")
    (folder / "empty.jpg").write_bytes(b"")

    result = run(folder)

    assert result.exit_code == 2
    assert names(out) == ["a.png", "c.png", "contact-sheet.png"]
    assert re.search(r"b\.jpg +failed .* 0 +This file is not a photo we can read", result.stdout)
    assert re.search(r"empty\.jpg +failed .* 0 +The file is empty\.", result.stdout)
    assert service.balance == CREDITS - 2 * PRICE


def test_a_photo_that_is_too_large_is_reported_before_any_upload(
    run: Run, port: Port, photos: Photos
) -> None:
    folder = photos("a.jpg")
    with (folder / "big.jpg").open("wb") as file:
        file.truncate(11 * 2**20)

    result = run(folder)

    assert result.exit_code == 2
    told = "The photo is too large. It has 11.0 MiB; 10 are allowed."
    assert told in result.stdout
    assert result.stderr.startswith(f"[1/2] big.jpg: {told}\n[2/2] a.jpg: done")
    assert port.calls[SUBMIT] == 1


def test_when_credits_run_out_the_rest_is_not_sent(
    run: Run, port: Port, service: Service, photos: Photos
) -> None:
    service.set_balance(2 * PRICE + 1)
    folder = photos(*(f"{number}.jpg" for number in range(6)))

    result = run(folder, options=["--parallel", "1"])

    assert result.exit_code == 2
    told = "There are not enough credits: 8 needed, 1 available ('lumiku top-up' buys some)."
    assert f"Not sent. {told}" in result.stdout
    assert "2 of 6 photos done" in result.stdout
    assert port.calls[SUBMIT] == 3
    assert service.balance == 1


def test_no_credits_at_all(run: Run, service: Service, photos: Photos, out: Path) -> None:
    service.set_balance(0)

    result = run(photos("a.jpg"))

    assert result.exit_code == 2
    assert "8 needed, 0 available" in result.stdout
    assert names(out) == []
    assert service.balance == 0


@pytest.mark.parametrize(
    ("refusal", "told"),
    [
        (
            Fault(SUBMIT, 500, {"message": "Internal Server Error"}),
            "The server has a problem: 500",
        ),
        (Fault(SUBMIT, 413, {"message": "Request Too Long"}), "The photo is too large."),
        (
            Fault(SUBMIT, 429, {"message": "Too Many Requests"}, {"Retry-After": "4000"}),
            "Try again in 4000 s.",
        ),
        (
            Fault("POST /bucket/.*", 400, "<Error><Code>EntityTooLarge</Code></Error>"),
            "The photo is too large for the storage.",
        ),
    ],
)
def test_one_refusal_does_not_stop_the_others(
    run: Run, port: Port, photos: Photos, refusal: Fault, told: str
) -> None:
    port.faults.append(refusal)

    result = run(photos("a.jpg", "b.jpg"), options=["--parallel", "1"])

    assert result.exit_code == 2
    assert told in result.stdout
    assert "1 of 2 photos done" in result.stdout


def test_passing_trouble_is_not_even_seen(
    run: Run, port: Port, service: Service, photos: Photos
) -> None:
    port.faults += [
        Fault(SUBMIT, 429, {"message": "Too Many Requests"}, {"Retry-After": "0"}),
        Fault(SUBMIT, 503, {"message": "Service Unavailable"}),
        Fault("POST /bucket/.*", 503, "<Error><Code>SlowDown</Code></Error>"),
        Fault("GET /bucket/.*", 503, "<Error><Code>SlowDown</Code></Error>"),
        Fault(f"GET {P}/jobs/.*", 502, "<html>"),
        Fault(f"GET {P}/jobs/.*/download", 504, ""),
    ]

    assert run(photos("a.jpg", "b.jpg")).exit_code == 0
    assert not port.faults
    assert service.balance == CREDITS - 2 * PRICE


def test_an_upload_form_that_expired_is_renewed_without_paying_again(
    run: Run, port: Port, service: Service, photos: Photos
) -> None:
    port.faults.append(Fault("POST /bucket/.*", 403, "<Error><Code>AccessDenied</Code></Error>"))

    assert run(photos("a.jpg")).exit_code == 0
    assert port.calls[SUBMIT] == 2
    assert service.balance == CREDITS - PRICE


def test_a_token_that_expires_in_the_middle_is_replaced(
    run: Run, port: Port, photos: Photos
) -> None:
    port.faults += [Fault(SUBMIT, 401, {"message": "Unauthorized"})]

    assert run(photos("a.jpg", "b.jpg")).exit_code == 0
    assert port.calls["POST /api/auth/login"] == 1
    assert port.calls["POST /api/auth/refresh"] == 1


def test_results_that_cannot_be_written_stop_the_paying(
    run: Run, port: Port, service: Service, photos: Photos, out: Path
) -> None:
    (out / "a.png").mkdir(parents=True)

    result = run(photos("a.jpg", "b.jpg", "c.jpg"), options=["--parallel", "1"])

    assert result.exit_code == 2
    assert "The result cannot be written" in result.stdout
    assert port.calls[SUBMIT] == 1
    (job,) = service.jobs
    assert f"lumiku download {job['jobId']}" in result.stderr
    assert names(out) == ["a.png"]


def test_collisions(run: Run, photos: Photos, out: Path) -> None:
    folder = photos("a.jpg", "a.png", "A.JPG", "contact-sheet.jpg")
    more = photos("a.jpg", folder="more")

    assert run(folder, more).exit_code == 0
    assert names(out) == [
        "A.JPG.png",
        "a.jpg-2.png",
        "a.jpg.png",
        "a.png.png",
        "contact-sheet.jpg.png",
        "contact-sheet.png",
    ]


def test_a_second_run_writes_the_same_files(run: Run, photos: Photos, out: Path) -> None:
    folder = photos("a.jpg")

    assert run(folder).exit_code == 0
    first = names(out)
    assert run(folder, out).exit_code == 0
    assert names(out) == first


def test_json(run: Run, photos: Photos, out: Path) -> None:
    folder = photos("a.jpg")
    (folder / "b.jpg").write_text("no photo")
    (folder / "notes.txt").write_text("no photo")

    result = run(folder, options=["--json"])

    told = json.loads(result.stdout)
    assert result.exit_code == 2
    first, second = told["photos"]
    assert first["output"] == str(out / "a.png")
    assert (first["state"], first["widthPx"], first["credits"]) == ("done", 60, PRICE)
    assert first["error"] is None
    assert second["error"]["code"] == "unsupported_format"
    assert second["error"]["message"].startswith("This file is not a photo we can read")
    assert (second["state"], second["output"], second["credits"]) == ("failed", None, 0)
    assert told["skipped"] == [str(folder / "notes.txt")]
    assert (told["done"], told["credits"], told["balance"]) == (1, PRICE, CREDITS - PRICE)
    assert told["contactSheet"] == str(out / "contact-sheet.png")
