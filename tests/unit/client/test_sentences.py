import httpx
import pytest

from lumiku_client import ApiProblem, Price
from lumiku_client._studio_models import Lacking
from lumiku_client.commands.sentences import hint, lacking_told, price_told, sentence
from tests.unit.client.wire import gateway, refused, s3_refused


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (
            gateway(401, "Unauthorized"),
            "You are not logged in, or the login has expired. Run: lumiku login",
        ),
        (refused(401, "wrong_credentials"), "The e-mail address or the password is wrong."),
        (
            refused(402, "insufficient_credits", needed=8, available=3),
            "There are not enough credits: 8 needed, 3 available ('lumiku top-up' buys some).",
        ),
        (refused(402, "other"), "There are not enough credits."),
        (
            refused(409, "price_changed", price=9),
            "The price has changed. It is 9 credits today. Nothing was charged.",
        ),
        (refused(409, "job_not_completed"), "The server refused for now. job not completed."),
        (refused(410, "expired"), "The result has been deleted; results are kept for 7 days."),
        (
            refused(413, "photo_too_large", allowed=10485760),
            "The photo is too large. At most 10 MiB are allowed.",
        ),
        (gateway(413, "Request Too Long"), "The photo is too large."),
        (
            refused(413, "batch_too_large", title="The batch is too large", detail="3 GB."),
            "The batch is too large. 3 GB.",
        ),
        (s3_refused(400, "EntityTooLarge"), "The photo is too large for the storage."),
        (refused(422, "idempotency_key_reused"), "idempotency key reused."),
        (
            refused(429, "too_many_requests", retryAfter=12),
            "The server asks to slow down. Try again in 12 s.",
        ),
        (gateway(429, "Too Many Requests"), "The server asks to slow down. Try again later."),
        (
            gateway(503, "Service Unavailable"),
            "The server has a problem: 503 (request gw-1). Try again later.",
        ),
        (httpx.Response(500, text="<html>"), "The server has a problem: 500. Try again later."),
        (
            refused(403, "not_in_plan", detail="Free has no reflection", availableIn="premium"),
            "not in plan. Free has no reflection. Take it with: lumiku studio plan premium",
        ),
        (
            refused(403, "not_in_plan", availableIn="payg"),
            "not in plan. Who buys credits has it: lumiku top-up",
        ),
        (refused(403, "not_in_plan", availableIn=None), "not in plan."),
        (refused(404, "job_not_found", detail="No job j"), "job not found. No job j."),
        (
            refused(
                400,
                "invalid_request",
                errors=[{"field": "body.tier", "message": "unknown"}, "x"],
            ),
            "invalid request. body.tier: unknown. x.",
        ),
        (refused(400, "odd", errors="none", detail="a\x1b[2J\nb"), "odd. a\ufffd[2J\ufffdb."),
    ],
)
def test_answers(answer: httpx.Response, expected: str) -> None:
    assert sentence(ApiProblem.from_response(answer)) == expected


def test_problems_without_an_answer() -> None:
    told = sentence(ApiProblem(status=0, code="unreachable", title="x", detail="refused"))

    assert told == "The server cannot be reached (refused). Is it running?"


def test_an_unknown_warning_is_shown_as_it_is() -> None:
    assert hint("no_subject").startswith("Nothing stands out")
    assert hint("of_a_newer_server") == "of_a_newer_server."


@pytest.mark.parametrize(
    ("discount", "plan", "told"),
    [
        (0, None, "20 photos, tier basic: 60 credits (3 each), 90 available."),
        (5, None, "20 photos, tier basic: 60 credits (3 each, 5 % off), 90 available."),
        (
            0,
            "starter",
            "20 photos, tier basic: 60 credits (3 each), 90 available. "
            "Your plan does not cover so many photos any more today.",
        ),
    ],
)
def test_a_price(discount: int, plan: str | None, told: str) -> None:
    today = {"reason": "quota_exceeded", "plan": plan, "balance": 90, "affordable": True}
    price = {
        "tier": "basic",
        "imageCount": 20,
        "baseCreditsPerImage": 3,
        "baseTotal": 60,
        "discountPercentage": discount,
        "discountAmount": 0,
        "finalTotal": 60,
        "today": today,
    }

    assert price_told(Price.model_validate(price)) == told


def test_what_a_plan_lacks_is_told_with_the_way_out() -> None:
    lacking = Lacking(missing=["a", "b"], available_in="professional")

    assert lacking_told(lacking) == (
        "Your plan does not have: a, b. Professional has. "
        "Take it with: lumiku studio plan professional"
    )
    nowhere = lacking_told(Lacking(missing=["c"]))
    assert nowhere == "Your plan does not have: c. No plan has."
