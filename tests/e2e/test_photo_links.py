"""Links to photos that name the distribution: S3 behind it checks what signed them."""

from datetime import timedelta

import boto3
import httpx
import pytest
from botocore.config import Config

from lumiku.adapters.work.photos import PhotoBucket
from lumiku.services.clock import utc_now
from tests.e2e.service import Service

KEY = "out/somebody/a job/1.png"
DATA = b"a result"


@pytest.fixture(scope="module")
def photos(service: Service) -> PhotoBucket:
    """The bucket as the API signs for it once the host of the distribution is configured."""
    with service.layout.as_root():
        session = boto3.Session()
        s3 = session.client("s3", config=Config(signature_version="s3v4"))
    host = service.outputs.page_url.removeprefix("http://")
    photos = PhotoBucket(s3, service.bucket, session.get_credentials, host)
    photos.write(KEY, DATA, content_type="image/png")
    return photos


def ask(service: Service, link: str) -> httpx.Response:
    """Follow a link; no resolver has to know the distribution's name, and here it has no TLS."""
    url = httpx.URL(link)
    assert f"http://{url.netloc.decode()}" == service.outputs.page_url
    return httpx.get(
        f"{service.layout.endpoint}{url.raw_path.decode()}",
        headers={"Host": url.netloc.decode()},
        timeout=30,
    )


def test_a_download_link_opens_the_photo_under_its_name(
    service: Service, photos: PhotoBucket
) -> None:
    answer = ask(service, photos.link(KEY, file_name="kopi & teh.png", valid_s=60))

    assert (answer.status_code, answer.content) == (200, DATA)
    assert answer.headers["Content-Disposition"].endswith("kopi%20%26%20teh.png")
    assert answer.headers["X-Cache"] == "Miss from cloudfront"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_link_to_look_at_opens_the_photo_and_lets_the_browser_keep_it(
    service: Service, photos: PhotoBucket
) -> None:
    answer = ask(service, photos.shown(KEY, now=utc_now()))

    assert (answer.status_code, answer.content) == (200, DATA)
    assert answer.headers["Cache-Control"] == "private, max-age=3600, immutable"


@pytest.mark.parametrize("spoilt", ["no signature", "another key", "another signature", "expired"])
def test_a_link_that_nobody_signed_so_opens_nothing(
    service: Service, photos: PhotoBucket, spoilt: str
) -> None:
    link = photos.link(KEY, file_name="a.png", valid_s=60)
    match spoilt:
        case "no signature":
            link = link.partition("?")[0]
        case "another key":
            link = link.replace("/1.png", "/2.png")
        case "another signature":
            link = link[:-4] + ("0000" if link[-4:] != "0000" else "1111")
        case _:
            link = photos.shown(KEY, now=utc_now() - timedelta(hours=4))

    answer = ask(service, link)

    assert answer.status_code == 403
    assert DATA not in answer.content
