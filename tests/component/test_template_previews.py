"""Previews of the templates: rendered once, sent once, under a key that follows from the data."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws
from PIL import Image

from local import previews
from photo_steps import Step
from photo_steps.studio import Shadow
from photo_steps.templates import Template, data_key, preview_key, templates
from scripts import previews as rendering

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

BUCKET = "photos"
SOME = templates()[:2]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("previews")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rendering, "templates", lambda: SOME)
        rendering.main(made)
    return made


@pytest.fixture
def s3() -> Iterator["S3Client"]:
    with mock_aws():
        client = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket=BUCKET)
        yield client


def test_a_preview_and_a_thumbnail_of_each_lie_under_its_keys(folder: Path) -> None:
    for template in SOME:
        with Image.open(folder / preview_key(template)) as preview:
            assert (preview.format, max(preview.size)) == ("WEBP", 640)
        with Image.open(folder / preview_key(template, "thumbnail")) as small:
            assert (small.format, max(small.size)) == ("WEBP", 320)
        data = (folder / data_key(template.id, template.version)).read_bytes()
        assert Template.model_validate_json(data) == template


def test_what_is_there_is_not_rendered_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "templates", lambda: SOME)
    monkeypatch.setattr(rendering, "shown", None)
    rendering.main(folder)
    (folder / preview_key(SOME[0], "thumbnail")).rename(folder / "elsewhere")
    with pytest.raises(TypeError):
        rendering.main(folder)
    (folder / "elsewhere").rename(folder / preview_key(SOME[0], "thumbnail"))


def test_a_second_time_nothing_is_sent_and_what_differs_is(folder: Path, s3: "S3Client") -> None:
    assert previews._put_missing(s3, BUCKET, folder) == 3 * len(SOME)
    assert previews._put_missing(s3, BUCKET, folder) == 0
    key = preview_key(SOME[1])
    s3.put_object(Bucket=BUCKET, Key=key, Body=b"of an older renderer")
    assert previews._put_missing(s3, BUCKET, folder) == 1
    there = s3.get_object(Bucket=BUCKET, Key=key)
    assert there["Body"].read() == (folder / key).read_bytes()
    assert there["ContentType"] == "image/webp"


def test_another_look_has_another_version_and_another_key() -> None:
    one = SOME[0]
    other = one.model_copy(update={"workflow": (*one.workflow, Step.of(Shadow(type="drop")))})
    assert other.version != one.version
    assert preview_key(other) != preview_key(one)
    assert data_key(other.id, other.version) != data_key(one.id, one.version)
    every = [preview_key(each, size) for each in templates() for size in ("preview", "thumbnail")]
    assert len(set(every)) == 110
