import os
import pty
import signal
import subprocess
import threading
from pathlib import Path

import pytest

from lumiku_client.commands.batch_state import STATE_FILE, load
from tests.component.client.batch_routes import DISCOUNT
from tests.component.client.conftest import Photos, Run
from tests.component.client.imitation import PRICE, P, Refusal, Service, problem
from tests.component.client.imitation_http import running
from tests.component.client.test_batch import SUBMIT, names, only_batch, uploads
from tests.component.client.test_interruptions import LUMIKU, eventually

BROKEN = Refusal(f"GET {P}/batch/[^/]+", 500, {"message": "Internal Server Error"})
COST_OF_4 = 4 * PRICE - DISCOUNT


def started(folder: Path, out: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603
        [*LUMIKU, "batch", str(folder), "--out", str(out), "--yes", "--parallel", "2"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def interrupted(process: subprocess.Popen[str]) -> str:
    process.send_signal(signal.SIGINT)
    _, notes = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "Traceback" not in notes
    assert "Run the same command again to go on; nothing is charged twice." in notes
    return notes


def test_ctrl_c_while_uploading_and_while_processing(
    order: Run, service: Service, photos: Photos, out: Path
) -> None:
    folder = photos("a.jpg", "b.jpg", "c.jpg", "d.jpg")
    service.held_uploads, service.stuck = {"b.jpg"}, {"d.jpg"}
    process = started(folder, out)
    eventually(lambda: sum(bool(job.photo) for job in service.jobs.values()) == 3)

    notes = interrupted(process)

    assert "Interrupted before all photos were sent. What is not there by" in notes
    assert service.balance == 1000 - COST_OF_4
    assert not any(job.status == "expired" for job in service.jobs.values())
    service.held_uploads = set()
    before = uploads(service)

    process = started(folder, out)
    eventually(lambda: service.calls[f"GET {P}/batch/{only_batch(service)}"] >= 2)

    notes = interrupted(process)

    assert "3 of 4 photos are there already." in notes
    assert "Interrupted; the batch goes on by itself." in notes
    assert uploads(service) == before + 1
    service.stuck = set()

    result = order(folder)

    assert result.exit_code == 0, result.output
    assert uploads(service) == before + 1
    assert service.calls[SUBMIT] == 1
    assert service.balance == 1000 - COST_OF_4
    assert names(out) == ["a.png", "b.png", "c.png", "contact-sheet.png", "d.png"]
    assert f"{COST_OF_4} credits charged" in result.stdout


def test_an_order_whose_answer_was_lost(
    order: Run, service: Service, photos: Photos, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lumiku_client.commands.batch_command.PATIENT_S", 0)
    service.unanswered = [SUBMIT]
    folder = photos("a.jpg", "b.jpg", "c.jpg", "d.jpg")

    result = order(folder)

    assert result.exit_code == 1
    assert "Run the same command again to go on" in result.stderr
    assert service.balance == 1000 - COST_OF_4
    assert names(out) == [STATE_FILE]

    service.balance = 1
    result = order(folder)

    assert result.exit_code == 0, result.output
    assert "it is not charged again" in result.stderr
    assert service.balance == 1
    assert len(service.batches) == 1


def test_a_connection_that_is_lost_for_long(
    order: Run, photos: Photos, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lumiku_client.commands.batch_command.PATIENT_S", 0)
    folder = photos("a.jpg", "b.jpg", "c.jpg", "d.jpg")
    with running() as service:
        monkeypatch.setenv("LUMIKU_API_URL", service.url)
        port = int(service.url.rsplit(":", 1)[1])
        service.unanswered = ["POST /s3/bucket"] * 2
        result = order(folder)
    assert result.exit_code == 1
    assert "The connection to the server was lost" in result.stderr
    assert "Run the same command again to go on" in result.stderr
    assert service.calls[f"POST {P}/batch/{only_batch(service)}/finish"] == 0

    with running(service, port):
        assert order(folder).exit_code == 0
    assert service.balance == 1000 - COST_OF_4
    assert len(names(out)) == 5


def test_why_a_photo_was_not_sent_is_remembered(
    order: Run, service: Service, photos: Photos, out: Path
) -> None:
    too_large = "<Error><Code>EntityTooLarge</Code></Error>"
    service.refusals.append(Refusal("POST /s3/bucket", 400, too_large))
    service.refusals.append(BROKEN)
    folder = photos("a.jpg", "b.jpg", "c.jpg")
    assert order(folder).exit_code == 1

    result = order(folder)

    assert result.exit_code == 2
    assert "The photo is too large for the storage." in result.stdout


def test_photos_that_were_closed_out_meanwhile(
    order: Run, service: Service, photos: Photos, out: Path
) -> None:
    service.held_uploads = {"c.jpg"}
    folder = photos("a.jpg", "b.jpg", "c.jpg")
    process = started(folder, out)
    eventually(lambda: sum(bool(job.photo) for job in service.jobs.values()) == 2)
    interrupted(process)
    service.batches[only_batch(service)].is_closing = True

    result = order(folder)

    assert result.exit_code == 2
    assert "c.jpg  failed  The photo was never uploaded." in result.stdout
    assert names(out) == ["a.png", "b.png", "contact-sheet.png"]


@pytest.fixture
def unfinished(order: Run, service: Service, photos: Photos, out: Path) -> Path:
    """The folder of a batch that broke off while it was processed."""
    service.refusals.append(BROKEN)
    folder = photos("a.jpg", "b.jpg")
    result = order(folder)
    assert result.exit_code == 1
    assert "Run the same command again to go on" in result.stderr
    state = load(out)
    assert state is not None
    assert state.finished
    return folder


def test_new_photos_are_not_part_of_it(order: Run, unfinished: Path, photos: Photos) -> None:
    photos("new.jpg")
    (unfinished / "a.jpg").unlink()

    result = order(unfinished)

    assert result.exit_code == 0
    assert "Not part of that batch, so not sent now: new.jpg" in result.stderr
    assert "2 of 2 photos done" in result.stdout


def test_another_order_into_its_folder(
    order: Run, unfinished: Path, service: Service, photos: Photos, out: Path
) -> None:
    other = photos("x.jpg", "y.jpg", folder="other")

    for arguments in ([other], [unfinished, other]):
        result = order(*arguments)
        assert result.exit_code == 1
        assert "is an unfinished batch of 2 photos, tier standard, from: " in result.stderr
    result = order(unfinished, options=["--tier", "basic", "--yes"])
    assert result.exit_code == 1
    assert service.calls[SUBMIT] == 1


def test_the_order_of_somebody_else(
    order: Run, unfinished: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LUMIKU_EMAIL", "other@example.com")

    result = order(unfinished)

    assert result.exit_code == 1
    assert "as seller@example.com" in result.stderr


def test_results_that_are_deleted_already(
    order: Run, unfinished: Path, service: Service, out: Path
) -> None:
    gone = problem(410, "result_expired", "Gone")
    service.refusals.append(Refusal(f"GET {P}/batch/.*/download", 410, gone))

    result = order(unfinished)

    assert result.exit_code == 1
    assert "results are kept for 7 days" in result.stderr
    assert names(out) == []


def test_a_batch_that_the_server_does_not_know(
    order: Run, unfinished: Path, service: Service, out: Path
) -> None:
    service.batches.clear()

    result = order(unfinished)

    assert result.exit_code == 1
    assert f"To drop it: delete {out / STATE_FILE}" in result.stderr
    assert names(out) == [STATE_FILE]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"version": 99}', '{"version": 1}', "\xff"])
def test_a_state_that_cannot_be_read(
    order: Run, service: Service, photos: Photos, out: Path, content: str
) -> None:
    out.mkdir(parents=True)
    (out / STATE_FILE).write_text(content, encoding="latin-1")

    result = order(photos("a.jpg", "b.jpg"))

    assert result.exit_code == 1
    assert "to start anew, delete the file" in result.stderr
    assert not service.calls


def test_results_that_cannot_be_written_can_be_fetched_later(
    order: Run, service: Service, photos: Photos, out: Path
) -> None:
    (out / "a.png").mkdir(parents=True)
    folder = photos("a.jpg", "b.jpg")

    result = order(folder)

    assert result.exit_code == 1
    assert "Run the same command again to go on" in result.stderr
    (out / "a.png").rmdir()
    assert order(folder).exit_code == 0
    assert service.calls[SUBMIT] == 1


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("n", 1)])
def test_the_price_on_a_terminal(
    service: Service, photos: Photos, out: Path, answer: str, code: int
) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(  # noqa: S603
        [*LUMIKU, "batch", str(photos("a.jpg", "b.jpg")), "--out", str(out)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "120"},
    )
    os.close(theirs)
    shown = b""

    def read() -> None:
        nonlocal shown
        while True:
            try:
                chunk = os.read(ours, 65536)
            except OSError:
                return
            shown += chunk
            if not chunk:
                return

    reader = threading.Thread(target=read)
    reader.start()
    eventually(lambda: b"Go on?" in shown)
    assert service.calls[SUBMIT] == 0
    os.write(ours, f"{answer}\n".encode())
    assert process.wait(20) == code
    reader.join(5)
    os.close(ours)

    assert service.calls[SUBMIT] == (1 if code == 0 else 0)
    if code == 0:
        for word in (b"uploading", b"processing", b"2 of 2 photos", b"MB"):
            assert word in shown
