"""What `make run` and the lines of `make serve` do for a person."""

import subprocess
import sys
from pathlib import Path

from PIL import Image

from local import by_hand, cloud, samples
from local.layout import ROOT, Layout, Outputs


def run(layout: Layout, *options: str) -> "subprocess.CompletedProcess[str]":
    where = ["--state", str(layout.state), "--port", str(layout.port)]
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "local", *where, "run", *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def test_run_sends_the_sample_photos_and_leaves_a_running_cloud_up(
    laptop_cloud: Outputs, layout: Layout, tmp_path: Path
) -> None:
    done = run(layout, "--tier", "basic", "--out", str(tmp_path))

    for name, size in [
        ("astronaut", (512, 512)),
        ("cat", (451, 300)),
        ("coffee", (600, 400)),
        ("rocket", (640, 427)),
    ]:
        with Image.open(tmp_path / f"{name}.png") as result:
            assert (result.mode, result.size) == ("RGBA", size)
    assert (tmp_path / "contact-sheet.png").exists()
    assert "credits" in done.stdout
    assert laptop_cloud.password not in done.stdout
    assert cloud.well(layout)


def test_run_puts_the_sample_products_into_a_template(
    laptop_cloud: Outputs, layout: Layout, tmp_path: Path
) -> None:
    done = run(layout, "--studio", "--template", "oak-kitchen", "--out", str(tmp_path))

    for name in ("bottle", "coffee"):
        with Image.open(tmp_path / f"{name}.png") as result:
            assert result.size == (1200, 1200)
    assert (tmp_path / "contact-sheet.png").exists()
    assert "2 of 2 photos uploaded" in done.stdout
    assert "2 of 2 photos done" in done.stdout
    assert laptop_cloud.password not in done.stdout


def test_the_lines_to_paste_work_in_a_shell(
    laptop_cloud: Outputs, layout: Layout, tmp_path: Path
) -> None:
    photo = samples.write(layout) / "coffee.png"
    pasted = subprocess.run(
        ["bash"],  # noqa: S607
        input=by_hand.curl_lines(laptop_cloud, photo),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert pasted.stderr == ""
    assert '"status":"completed"' in pasted.stdout
    with Image.open(tmp_path / "out" / "coffee.png") as result:
        assert (result.mode, result.size) == ("RGBA", (600, 400))
