"""What holds for every route: envelope, ids, languages, unknown routes, bugs of our own."""

import json
from typing import Any

import pytest

from lumiku import __version__
from lumiku.apps.remover.http import REMOVER_ALIAS as ALIAS
from lumiku.apps.remover.http import REMOVER_PREFIX as P
from lumiku.http.api import Envelope, make_api
from tests.component.attempts import rejected
from tests.component.http.conftest import Api
from tests.component.http_events import REQUEST_ID, SELLER, STRANGER, request
from tests.component.stack import Context


def test_an_answer_is_an_envelope(api: Api) -> None:
    got = api.get("/api/health")

    assert got.status == 200
    assert got.headers["content-type"] == "application/json"
    assert got.json == {"success": True, "data": {"status": "ok", "version": __version__}}


def test_a_refusal_is_a_problem_document(api: Api) -> None:
    got = api.get(f"{P}/jobs/job_of_nobody")

    assert got.headers["content-type"] == "application/problem+json"
    assert got.json == {
        "type": "urn:lumiku:problem:not_found",
        "title": "Not found",
        "status": 404,
        "detail": "There is no job job_of_nobody.",
        "code": "not_found",
        "success": False,
        "requestId": REQUEST_ID,
    }


def test_a_refusal_is_told_in_the_language_that_is_preferred(api: Api) -> None:
    for language, title, detail in (
        ("en, id;q=0.9", "Not found", "There is no job job_of_nobody."),
        ("en;q=0.8, id-ID", "Tidak ditemukan", "Tidak ada pekerjaan job_of_nobody."),
    ):
        got = api.get(f"{P}/jobs/job_of_nobody", headers={"Accept-Language": language})

        assert (got.json["title"], got.json["detail"]) == (title, detail)
        assert got.json["code"] == "not_found"


def test_what_is_wrong_with_a_field_is_told_without_a_pattern(api: Api) -> None:
    body = {"email": "budi", "password": "kopi-susu-2026"}
    for language, told in (
        ("en", "Not an e-mail address, such as seller@example.com"),
        ("id", "Bukan alamat email, misalnya seller@example.com"),
    ):
        got = api.post("/api/auth/register", body, headers={"Accept-Language": language})

        assert got.json["errors"] == [{"field": "body.email", "message": told}]


def test_why_a_job_failed_is_told_in_both_languages(api: Api) -> None:
    api.stack.put_job("job_bad", SELLER)
    api.stack.work("job_bad", rejected)
    api.stack.settle("job_bad")
    for language, told in (("en", "The photo is cut short."), ("id", "Berkas rusak.")):
        sent = {"Accept-Language": language}
        one = api.get(f"{P}/jobs/job_bad", headers=sent).data
        [listed] = api.get(f"{P}/jobs", headers=sent).data["jobs"]

        assert one["error"] == listed["error"] == {"code": "damaged_photo", "message": told}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/health"),
        ("GET", "/api/account"),
        ("GET", f"{P}/jobs"),
        ("GET", f"{P}/jobs/job_of_nobody"),
        ("HEAD", "/api/credits"),
        ("OPTIONS", "/api/credits"),
        ("POST", f"{P}/remove"),
        ("GET", "/api/nothing"),
    ],
)
def test_no_answer_is_stored_or_taken_for_what_it_is_not(api: Api, method: str, path: str) -> None:
    got = api(method, path)

    assert got.headers["cache-control"] == "no-store"
    assert got.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    ["/api/health", "/api/credits", f"{P}/jobs", f"{ALIAS}/jobs", f"{P}/jobs/job_of_nobody"],
)
def test_head_is_get_without_its_body(api: Api, path: str) -> None:
    got, head = api.get(path), api("HEAD", path)

    assert head.text == ""
    assert (head.status, head.headers) == (got.status, got.headers)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/api/health", "GET, HEAD, OPTIONS"),
        ("PUT", f"{P}/remove", "POST, OPTIONS"),
        ("GET", f"{ALIAS}/remove", "POST, OPTIONS"),
        ("HEAD", f"{P}/remove", "POST, OPTIONS"),
        ("POST", f"{P}/jobs/job_1/download", "GET, HEAD, OPTIONS"),
        ("PUT", f"{P}/batch/batch_1", "DELETE, GET, HEAD, OPTIONS"),
    ],
)
def test_another_method_than_a_path_has_is_a_405_that_says_which(
    api: Api, method: str, path: str, allowed: str
) -> None:
    got = api(method, path)

    assert (got.status, got.headers["allow"]) == (405, allowed)
    if method != "HEAD":
        assert got.json["code"] == "method_not_allowed"
        assert got.json["allowed"] == allowed.split(", ")


def test_options_say_what_a_path_has(api: Api) -> None:
    there, nowhere = api("OPTIONS", f"{P}/subscription"), api("OPTIONS", "/api/nothing")

    assert (there.status, there.headers["allow"]) == (204, "DELETE, GET, HEAD, POST, OPTIONS")
    assert nowhere.status == 204
    assert "allow" not in nowhere.headers


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/api/nothing"),
        ("PROPFIND", "/api/nothing"),
        ("GET", "/api/background-removerx/jobs"),
        ("GET", f"{P}/jobs/job_1/download/twice"),
    ],
)
def test_an_unknown_route_is_a_404_of_ours(api: Api, method: str, path: str) -> None:
    got = api(method, path)

    assert (got.status, got.json["code"]) == (404, "not_found")
    assert path in got.json["detail"]


def test_the_alias_answers_like_the_canonical_prefix(api: Api) -> None:
    api.stack.open_account(SELLER, 3)
    body = {"fileName": "shoe.jpg", "fileSize": 1000, "tier": "basic"}

    job_id = api.post(f"{ALIAS}/remove", body).data["jobId"]

    for prefix in (P, ALIAS):
        assert api.get(f"{prefix}/jobs").data["jobs"][0]["jobId"] == job_id
        assert api.get(f"{prefix}/jobs/{job_id}").data["jobId"] == job_id
        assert api.get(f"{prefix}/jobs/{job_id}/download").status == 409


def test_credits_are_the_callers_own(api: Api) -> None:
    api.stack.open_account(SELLER, 50)

    api.stack.open_account(STRANGER, 7)

    mine, theirs = api.get("/api/credits").data, api.get("/api/credits", user=STRANGER).data

    assert (mine["balance"], theirs["balance"]) == (50, 7)
    assert mine["currency"] == "credits"


def test_our_own_bug_is_a_500_that_tells_nothing(
    api: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    app = api.stack.app("credits_api")

    class Broken:
        def show(self, _: str) -> None:
            raise RuntimeError("secret of the house")

    monkeypatch.setattr(app, "overviews", Broken())

    got = api.get("/api/credits")

    assert (got.status, got.json["code"]) == (500, "internal_error")
    assert "secret" not in got.text
    assert "Traceback" not in got.text
    assert "secret of the house" in caplog.text


def test_an_answer_that_breaks_its_own_schema_is_our_bug_not_the_clients() -> None:
    broken = make_api()

    @broken.get("/api/broken")
    def show() -> Envelope[int]:
        plenty: Any = "plenty"
        return Envelope.model_construct(data=plenty)

    context: Any = Context("broken")
    raw = broken.resolve(request("GET", "/api/broken", user=None), context)

    assert raw["statusCode"] == 500


def test_a_route_that_lost_its_authorizer_lets_nobody_in(api: Api) -> None:
    for path in (f"{P}/jobs", "/api/credits"):
        assert api.get(path, user=None).status == 500


def test_bodies_are_text_for_the_gateway(api: Api) -> None:
    """The gateway turns an answer whose body is an object into a 500 of its own."""
    for path in ("/api/health", "/api/nothing"):
        raw = api.stack.call("health_api", request("GET", path, user=None))
        assert isinstance(raw["body"], str)
        assert raw == json.loads(json.dumps(raw))


def test_a_request_is_logged_without_token_and_body(
    api: Api, caplog: pytest.LogCaptureFixture
) -> None:
    api.post("/api/auth/login", {"email": "a@b.c", "password": ["hush-hush"]})

    logged = " ".join(str(vars(record)) for record in caplog.records)
    assert "POST /api/auth/login" in logged
    assert "hush-hush" not in logged
    assert "Bearer" not in logged
