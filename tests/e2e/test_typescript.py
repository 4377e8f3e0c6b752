"""The examples of the TypeScript client, run by Node as a reader of them would."""

import os
import subprocess
import zipfile
from pathlib import Path

from PIL import Image

from local.layout import ROOT
from tests.e2e.buyer import buyer, data, proof_of
from tests.e2e.service import Person, Service

EXAMPLES = ROOT / "client-ts/examples"


def _run(service: Service, person: Person, example: str, *arguments: Path | str) -> str:
    """What an example prints."""
    who = {
        "LUMIKU_API_URL": service.outputs.api_url,
        "LUMIKU_EMAIL": person.email,
        "LUMIKU_PASSWORD": person.password,
    }
    done = subprocess.run(  # noqa: S603
        [ROOT / ".venvs/web/bin/node", EXAMPLES / example, *arguments],
        env=os.environ | who,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _photo(folder: Path, name: str) -> Path:
    picture = Image.new("RGB", (96, 80), (230, 230, 225))
    picture.paste((150, 40, 30), (30, 20, 70, 60))
    picture.save(folder / name)
    return folder / name


def test_the_example_of_one_photo_saves_it_on_white(service: Service, tmp_path: Path) -> None:
    person = service.newcomer()
    target = tmp_path / "white.png"

    told = _run(service, person, "remove.ts", _photo(tmp_path, "mug.png"), target)

    assert told.startswith("mug.png: 3 credits")
    with Image.open(target) as result:
        assert (result.size, result.mode) == ((96, 80), "RGB")
    assert service.balance(person) == 47


def test_the_example_of_a_batch_tells_what_became_of_each_and_saves_the_zip(
    service: Service, tmp_path: Path
) -> None:
    person = service.newcomer()
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"no photo")
    photos = [_photo(tmp_path, "a.png"), broken, _photo(tmp_path, "c.png")]

    told = _run(service, person, "batch.ts", tmp_path / "results.zip", *photos)

    lines = told.splitlines()
    assert (lines[0], lines[2]) == ("a.png: completed", "c.png: completed")
    assert lines[1].startswith("broken.jpg: ")
    with zipfile.ZipFile(tmp_path / "results.zip") as archive:
        assert {"removed-a.png", "removed-c.png"} <= {
            Path(name).name for name in archive.namelist()
        }
    assert service.balance(person) == 50 - 6


def test_the_example_of_the_studio_puts_a_photo_into_a_template(
    service: Service, tmp_path: Path
) -> None:
    person = service.newcomer()
    source, target = tmp_path / "mug.png", tmp_path / "sold.png"
    with Image.open(_photo(tmp_path, "small.png")) as small:
        small.resize((576, 600)).save(source)

    told = _run(service, person, "studio.ts", source, target)

    assert "17 credits" in told
    with Image.open(target) as result:
        assert result.format == "PNG"
    assert service.balance(person) == 33


def test_the_example_of_a_batch_of_the_studio_puts_photos_into_a_template(
    service: Service, tmp_path: Path
) -> None:
    photos = [tmp_path / "a.png", tmp_path / "b.png"]
    with Image.open(_photo(tmp_path, "small.png")) as small:
        for photo in photos:
            small.resize((576, 600)).save(photo)
    out = tmp_path / "out"
    out.mkdir()
    with buyer(service, credits=50) as seller:
        path, token = proof_of(seller.top_up("credits-100"))
        data(seller("POST", path, json={"status": "paid", "token": token}))
        before = service.balance(seller.person)

        told = _run(service, seller.person, "studio-batch.ts", "pure-white", out, *photos)

        assert told.splitlines()[-1] == "2 of 2, 20 credits"
        assert service.balance(seller.person) == before - 4 - 20
    for photo in photos:
        with Image.open(out / photo.name) as result:
            assert result.size == (1200, 1200)
