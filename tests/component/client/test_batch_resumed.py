import json
import os
import pty
import re
import signal
import subprocess
import threading
from pathlib import Path

import pytest

from lumiku_client.commands.batch_state import STATE_FILE, load
from tests.component.client.conftest import Photos, Run, client_of
from tests.component.client.port import Fault, Port
from tests.component.client.service import CREDITS, PRICE, P, Service
from tests.component.client.test_batch import SUBMIT, names, uploads
from tests.component.client.test_interruptions import LUMIKU, eventually, read

COST_OF_4 = 4 * PRICE


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
    order: Run, port: Port, service: Service, photos: Photos, out: Path
) -> None:
    folder = photos("a.jpg", "b.jpg", "c.jpg", "d.jpg")
    service.rest(after=2)
    released = port.hold("POST /bucket/.*/0001")
    process = started(folder, out)
    eventually(lambda: uploads(port) == 4)

    notes = interrupted(process)

    assert "Interrupted before all photos were sent. What is not there by" in notes
    assert service.balance == CREDITS - COST_OF_4
    released.set()
    before = uploads(port)

    process = started(folder, out)
    eventually(lambda: port.calls[f"GET {P}/batch/{service.batch}"] >= 2)

    notes = interrupted(process)

    assert "3 of 4 photos are there already." in notes
    assert "Interrupted; the batch goes on by itself." in notes
    assert uploads(port) == before + 1
    service.work()

    result = order(folder)

    assert result.exit_code == 0, result.output
    assert uploads(port) == before + 1
    assert port.calls[SUBMIT] == 1
    assert service.balance == CREDITS - COST_OF_4
    assert names(out) == ["a.png", "b.png", "c.png", "contact-sheet.png", "d.png"]
    assert f"{COST_OF_4} credits charged" in result.stdout


def test_an_order_whose_answer_was_lost(
    order: Run,
    port: Port,
    service: Service,
    photos: Photos,
    out: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("lumiku_client.commands.batch_command.PATIENT_S", 0)
    port.faults.append(Fault(SUBMIT, is_late=True))
    folder = photos("a.jpg", "b.jpg", "c.jpg", "d.jpg")

    result = order(folder)

    assert result.exit_code == 1
    assert "Run the same command again to go on" in result.stderr
    assert service.balance == CREDITS - COST_OF_4
    assert names(out) == [STATE_FILE]

    service.set_balance(1)
    result = order(folder)

    assert result.exit_code == 0, result.output
    assert "it is not charged again" in result.stderr
    assert service.balance == 1
    assert port.calls[SUBMIT] == 2
    assert service.batch


def test_a_connection_that_is_lost_for_long(
    order: Run,
    port: Port,
    service: Service,
    photos: Photos,
    out: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("lumiku_client.commands.batch_command.PATIENT_S", 0)
    folder = photos("a.jpg", "b.jpg", "c.jpg", "d.jpg")
    port.faults += [Fault("POST /bucket/.*", is_late=True)] * 2

    result = order(folder)

    assert result.exit_code == 1
    assert "The connection to the server was lost" in result.stderr
    assert "Run the same command again to go on" in result.stderr
    assert port.calls[f"POST {P}/batch/{service.batch}/finish"] == 0
    assert order(folder).exit_code == 0
    assert service.balance == CREDITS - COST_OF_4
    assert len(names(out)) == 5


def test_why_a_photo_was_not_sent_is_remembered(
    order: Run, port: Port, photos: Photos, out: Path
) -> None:
    too_large = "<Error><Code>EntityTooLarge</Code></Error>"
    port.faults.append(Fault("POST /bucket/.*", 400, too_large))
    port.faults.append(Fault(f"GET {P}/batch/[^/]+", 500))
    folder = photos("a.jpg", "b.jpg", "c.jpg")
    assert order(folder).exit_code == 1

    result = order(folder)

    assert result.exit_code == 2
    assert "The photo is too large for the storage." in result.stdout


def test_photos_that_were_closed_out_meanwhile(
    order: Run, port: Port, service: Service, photos: Photos, out: Path
) -> None:
    released = port.hold("POST /bucket/.*/0002")
    folder = photos("a.jpg", "b.jpg", "c.jpg")
    process = started(folder, out)
    eventually(lambda: uploads(port) == 3)
    interrupted(process)
    with client_of(port) as client:
        client.batches.finish(service.batch)

    result = order(folder)
    released.set()

    assert result.exit_code == 2
    assert re.search(r"c\.jpg +failed +The photo was not uploaded", result.stdout)
    assert names(out) == ["a.png", "b.png", "contact-sheet.png"]


@pytest.fixture
def unfinished(order: Run, port: Port, photos: Photos, out: Path) -> Path:
    """The folder of a batch that broke off while it was processed."""
    port.faults.append(Fault(f"GET {P}/batch/[^/]+", 500))
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
    order: Run, unfinished: Path, port: Port, photos: Photos, out: Path
) -> None:
    other = photos("x.jpg", "y.jpg", folder="other")

    for arguments in ([other], [unfinished, other]):
        result = order(*arguments)
        assert result.exit_code == 1
        assert "is an unfinished batch of 2 photos, tier standard, from: " in result.stderr
    result = order(unfinished, options=["--tier", "basic", "--yes"])
    assert result.exit_code == 1
    assert port.calls[SUBMIT] == 1


def test_the_order_of_somebody_else(
    order: Run, service: Service, unfinished: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LUMIKU_EMAIL", "other@example.com")

    result = order(unfinished)

    assert result.exit_code == 1
    assert f"as {service.email}" in result.stderr


def test_results_that_are_deleted_already(
    order: Run, unfinished: Path, port: Port, out: Path
) -> None:
    port.faults.append(Fault(f"GET {P}/batch/.*/download", 410))

    result = order(unfinished)

    assert result.exit_code == 1
    assert "results are kept for 7 days" in result.stderr
    assert names(out) == []


def test_a_batch_that_the_server_does_not_know(
    order: Run, unfinished: Path, service: Service, out: Path
) -> None:
    state = json.loads((out / STATE_FILE).read_text())
    (out / STATE_FILE).write_text(json.dumps({**state, "batch_id": "batch_0"}))

    result = order(unfinished)

    assert result.exit_code == 1
    assert f"To drop it: delete {out / STATE_FILE}" in result.stderr
    assert names(out) == [STATE_FILE]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"version": 99}', '{"version": 1}', "\xff"])
def test_a_state_that_cannot_be_read(
    order: Run, port: Port, photos: Photos, out: Path, content: str
) -> None:
    out.mkdir(parents=True)
    (out / STATE_FILE).write_text(content, encoding="latin-1")

    result = order(photos("a.jpg", "b.jpg"))

    assert result.exit_code == 1
    assert "to start anew, delete the file" in result.stderr
    assert not port.calls


def test_results_that_cannot_be_written_can_be_fetched_later(
    order: Run, port: Port, photos: Photos, out: Path
) -> None:
    (out / "a.png").mkdir(parents=True)
    folder = photos("a.jpg", "b.jpg")

    result = order(folder)

    assert result.exit_code == 1
    assert "Run the same command again to go on" in result.stderr
    (out / "a.png").rmdir()
    assert order(folder).exit_code == 0
    assert port.calls[SUBMIT] == 1


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("n", 1)])
def test_the_price_on_a_terminal(
    port: Port, photos: Photos, out: Path, answer: str, code: int
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
    shown = [b""]
    reader = threading.Thread(target=read, args=(ours, shown.append))
    reader.start()
    eventually(lambda: b"Go on?" in shown[-1])
    assert port.calls[SUBMIT] == 0
    os.write(ours, f"{answer}\n".encode())
    assert process.wait(20) == code
    reader.join(5)

    assert port.calls[SUBMIT] == (1 if code == 0 else 0)
    if code == 0:
        for word in (b"uploading", b"processing", b"2 of 2 photos", b"MB"):
            assert word in shown[-1]
