import re
import shutil
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from tests.component.client.conftest import Photos
from tests.component.client.service import CREDITS, PRICE, Service

README = Path(__file__).parents[3] / "client/README.md"


@pytest.mark.usefixtures("port")
def test_the_examples_run(
    service: Service,
    photos: Photos,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in ("mug.jpg", "shoe.jpg"):
        shutil.copy(photos(name) / name, tmp_path)
    shutil.copy(photos("sepatu.jpg", width=500) / "sepatu.jpg", tmp_path)
    monkeypatch.setenv("LUMIKU_TOKEN", service.token)
    monkeypatch.chdir(tmp_path)
    examples = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    assert len(examples) == 4

    exec(compile("\n".join(examples), str(README), "exec"), {})  # noqa: S102

    told = capsys.readouterr().out.splitlines()
    assert told[0] == f"mug.png {PRICE} {CREDITS - PRICE}"
    assert told[1].endswith(" mug.jpg")
    assert told[-5:] == [
        "2",
        "mug.jpg completed None",
        "shoe.jpg completed None",
        "mug-on-white.jpg",
        "sepatu.jpg 15",
    ]
    with Image.open("mug-on-white.jpg") as on_white:
        assert on_white.format == "JPEG"
    with zipfile.ZipFile("cut-outs.zip") as opened:
        assert opened.testzip() is None
