"""GET /jobs/{id}/download: a link, a redirect, or why there is none."""

from datetime import datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from lumiku.apps.remover.http import REMOVER_PREFIX as P
from lumiku.domain.work.jobs import Status
from lumiku.services.clock import utc_now
from tests.component.http.conftest import Api
from tests.component.http_events import SELLER


def test_the_link_fetches_the_result_for_a_quarter_of_an_hour(api: Api) -> None:
    api.stack.put_job("job_1", SELLER, file_name="my shoe.jpeg")
    api.stack.work("job_1")

    got = api.get(f"{P}/jobs/job_1/download")

    url = urlsplit(got.data["url"])
    query = parse_qs(url.query)
    assert got.status == 200
    assert url.path == f"/out/{SELLER}/job_1/a1.png"
    assert url.netloc.startswith(api.stack.bucket)
    assert "filename*=UTF-8''removed-my%20shoe.png" in query["response-content-disposition"][0]
    assert (got.data["fileName"], got.data["contentType"]) == ("removed-my shoe.png", "image/png")
    assert got.data["sizeBytes"] == 8
    left = datetime.fromisoformat(got.data["expiresAt"]) - utc_now()
    assert timedelta(minutes=14) < left <= timedelta(minutes=15)


def test_the_link_names_the_host_of_photos_where_there_is_one(api: Api) -> None:
    api.stack.app("jobs_api", PhotosHost="photos.example")
    api.stack.put_job("job_1", SELLER)
    api.stack.work("job_1")

    url = urlsplit(api.get(f"{P}/jobs/job_1/download").data["url"])

    assert (url.scheme, url.netloc) == ("https", "photos.example")
    assert url.path == f"/out/{SELLER}/job_1/a1.png"


def test_a_redirect_leads_to_the_same_object(api: Api) -> None:
    api.stack.put_job("job_1", SELLER)
    api.stack.work("job_1")

    got = api.get(f"{P}/jobs/job_1/download", query={"redirect": "true"})

    assert got.status == 302
    assert urlsplit(got.headers["location"]).path == f"/out/{SELLER}/job_1/a1.png"


def test_redirect_false_is_a_link(api: Api) -> None:
    api.stack.put_job("job_1", SELLER)
    api.stack.work("job_1")

    got = api.get(f"{P}/jobs/job_1/download", query={"redirect": "false"})

    assert got.status == 200
    assert "location" not in got.headers


def test_a_redirect_that_is_neither_yes_nor_no_is_a_400(api: Api) -> None:
    got = api.get(f"{P}/jobs/job_1/download", query={"redirect": "perhaps"})

    assert (got.status, got.json["errors"][0]["field"]) == (400, "query.redirect")


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.COMPLETED}))
def test_a_job_without_a_result_is_a_409_that_says_how_far_it_is(api: Api, status: Status) -> None:
    api.stack.put_job("job_1", SELLER, status=status)

    got = api.get(f"{P}/jobs/job_1/download")

    assert (got.status, got.json["code"]) == (409, "job_not_completed")
    assert (got.json["status"], got.json["jobStatus"]) == (409, status)


def test_a_result_is_gone_after_a_week(api: Api) -> None:
    created = utc_now() - timedelta(days=7, seconds=1)
    api.stack.put_job("job_1", SELLER, created_at=created)
    api.stack.work("job_1")

    got = api.get(f"{P}/jobs/job_1/download")

    assert (got.status, got.json["code"]) == (410, "result_expired")
    assert datetime.fromisoformat(got.json["expiredAt"]) < utc_now()


def test_a_link_made_late_does_not_outlive_its_result(api: Api) -> None:
    created = utc_now() - timedelta(days=7) + timedelta(minutes=2)
    api.stack.put_job("job_1", SELLER, created_at=created)
    api.stack.work("job_1")

    got = api.get(f"{P}/jobs/job_1/download")

    assert int(parse_qs(urlsplit(got.data["url"]).query)["X-Amz-Expires"][0]) <= 120


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "C:\\photos\\shoe.jpg",
        'a"; filename="evil.exe',
        "sepatu\r\nSet-Cookie: a=b.jpg",
        "鞋子.jpg",
        ".jpg",
        "no-extension",
    ],
)
def test_a_name_from_outside_stays_a_name(api: Api, name: str) -> None:
    api.stack.put_job("job_1", SELLER, file_name=name)
    api.stack.work("job_1")

    got = api.get(f"{P}/jobs/job_1/download", query={"redirect": "true"})

    disposition = parse_qs(urlsplit(got.headers["location"]).query)["response-content-disposition"]
    encoded = disposition[0].removeprefix("attachment; filename*=UTF-8''")
    assert encoded.isascii()
    assert not set(encoded) & set(' "\\/;\r\n')
    assert unquote(encoded) == got.data["fileName"]
    assert got.data["fileName"].startswith("removed-")
    assert got.data["fileName"].endswith(".png")
    assert "\n" not in got.headers["location"]
