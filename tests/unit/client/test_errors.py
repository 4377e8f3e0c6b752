import httpx

from lumiku_client import ApiProblem
from tests.unit.client.wire import gateway, refused, s3_refused


def test_a_problem_document() -> None:
    answer = refused(402, "insufficient_credits", detail="Top up", needed=8, available=3)

    problem = ApiProblem.from_response(answer)

    assert (problem.status, problem.code) == (402, "insufficient_credits")
    assert (problem.title, problem.detail) == ("insufficient credits", "Top up")
    assert problem.request_id == "req-1"
    assert problem.extra == {"needed": 8, "available": 3}
    assert str(problem) == "402 insufficient_credits: insufficient credits: Top up"


def test_a_gateway_body() -> None:
    problem = ApiProblem.from_response(gateway(503, "Service Unavailable"))

    assert (problem.status, problem.code) == (503, "service_unavailable")
    assert problem.title == "Service Unavailable"
    assert problem.request_id == "gw-1"


def test_s3_xml() -> None:
    problem = ApiProblem.from_response(s3_refused(403, "AccessDenied"))

    assert (problem.code, problem.title, problem.request_id) == (
        "AccessDenied",
        "Told by S3",
        "S3-1",
    )


def test_html_nothing_and_nonsense() -> None:
    for body in (b"<html><h1>Bad Gateway</h1></html>", b"", b"\xff\xfe\x00", b'"text"', b"[1]"):
        problem = ApiProblem.from_response(httpx.Response(502, content=body))
        assert (problem.status, problem.code, problem.title) == (502, "bad_gateway", "Bad Gateway")


def test_a_status_nobody_knows() -> None:
    assert ApiProblem.from_response(httpx.Response(599)).code == "http_status_599"


def test_retry_after() -> None:
    def said(value: str) -> float | None:
        return ApiProblem.from_response(
            httpx.Response(429, headers={"Retry-After": value})
        ).retry_after_s

    assert said("12") == 12
    assert said("soon") is None
    assert said("Wed, 21 Oct 2015 07:28:00 GMT") == 0
    assert said("Wed, 21 Oct 2015 07:28:00") == 0
