"""Registering, confirming, refreshing and replacing passwords, against a user pool."""

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from lumiku.domain.people.identity import PASSWORD_RULE
from tests.component.http.conftest import Api
from tests.component.http_events import Answer
from tests.component.stack import EMAIL, PASSWORD

NEWCOMER = "budi@example.com"
STRONG = "kopi-susu-2026"
AUTH = "/api/auth"
FIELDS = {
    "register": ("email", "password"),
    "confirm": ("email", "code"),
    "resend": ("email",),
    "forgot": ("email",),
    "reset": ("email", "code", "password"),
    "login": ("email", "password"),
    "refresh": ("refreshToken",),
}


def body_for(path: str, email: str = "seller@example.com") -> dict[str, str]:
    """What a route asks for."""
    known = {"email": email, "code": "1", "password": "kopi-susu-2026", "refreshToken": "r"}
    return {name: known[name] for name in FIELDS[path]}


@pytest.fixture
def resent() -> list[str]:
    """Addresses to which the pool was asked to send their code again."""
    return []


@pytest.fixture
def pool(api: Api, resent: list[str], monkeypatch: pytest.MonkeyPatch) -> Api:
    """The API with a user pool that knows one seller."""
    app = api.stack.app("auth_api", UserPoolClient=api.stack.create_user())

    def resend(*, Username: str, **_: str) -> None:
        resent.append(Username)

    monkeypatch.setattr(app.people.identity._client, "resend_confirmation_code", resend)
    return api


class Impatient:
    """Cognito that answers every call with one error."""

    def __init__(self, code: str, message: str = "No.") -> None:
        self.exceptions = boto3.client("cognito-idp").exceptions
        self.code, self.message = code, message

    def __getattr__(self, operation: str) -> Any:
        def refuse(**_: object) -> None:
            kind = getattr(self.exceptions, self.code, ClientError)
            raise kind({"Error": {"Code": self.code, "Message": self.message}}, operation)

        return refuse


def break_cognito(api: Api, monkeypatch: pytest.MonkeyPatch, code: str, message: str = "") -> None:
    identity = api.stack.app("auth_api").people.identity
    monkeypatch.setattr(identity, "_client", Impatient(code, message))


def register(api: Api, email: str = NEWCOMER, **more: str) -> Answer:
    return api.post(f"{AUTH}/register", {"email": email, "password": STRONG, **more})


def test_a_newcomer_registers_confirms_and_logs_in(pool: Api) -> None:
    registered = register(pool, language="id")
    early = pool.post(f"{AUTH}/login", {"email": NEWCOMER, "password": STRONG})
    confirmed = pool.post(f"{AUTH}/confirm", {"email": NEWCOMER, "code": "123456"})
    login = pool.post(f"{AUTH}/login", {"email": NEWCOMER, "password": STRONG})

    assert registered.status == 202
    assert registered.data == {"email": NEWCOMER, "next": f"{AUTH}/confirm"}
    assert (early.status, early.json["code"]) == (403, "not_confirmed")
    assert (confirmed.status, confirmed.data["next"]) == (200, f"{AUTH}/login")
    assert login.status == 200
    [account] = pool.stack.dynamodb.scan(
        TableName=pool.stack.table,
        FilterExpression="sk = :a",
        ExpressionAttributeValues={":a": {"S": "ACCOUNT"}},
    )["Items"]
    assert account["email"] == {"S": NEWCOMER}
    assert account["language"] == {"S": "id"}
    assert "balance" not in account


def test_the_answer_does_not_tell_who_has_an_account(pool: Api) -> None:
    for path, body in (
        ("register", {"password": STRONG}),
        ("forgot", {}),
        ("resend", {}),
    ):
        known = pool.post(f"{AUTH}/{path}", {"email": EMAIL, **body})
        unknown = pool.post(f"{AUTH}/{path}", {"email": "nobody@example.com", **body})

        assert known.status == unknown.status == 202
        assert known.text == unknown.text.replace("nobody@example.com", EMAIL)
        assert known.headers == unknown.headers


def test_registering_again_sends_the_code_and_changes_nothing(pool: Api, resent: list[str]) -> None:
    pool.post(f"{AUTH}/register", {"email": EMAIL, "password": "another-horse-8"})

    assert resent == [EMAIL]
    assert pool.post(f"{AUTH}/login", {"email": EMAIL, "password": PASSWORD}).status == 200


@pytest.mark.parametrize(
    "password",
    ["short-1", "without-digits", "WITHOUT-LOWER-9", " starts-with-1", "ends-with-1 ", "1" * 20],
)
@pytest.mark.parametrize("email", [EMAIL, NEWCOMER])
def test_a_weak_password_is_refused_with_the_rule(pool: Api, email: str, password: str) -> None:
    """Before the pool is asked, so that it shows nothing about the address."""
    for path, more in (("register", {}), ("reset", {"code": "1"})):
        got = pool.post(f"{AUTH}/{path}", {"email": email, "password": password, **more})

        assert (got.status, got.json["code"]) == (400, "weak_password")
        assert got.json["detail"] == PASSWORD_RULE.en
        assert password not in got.text


@pytest.mark.parametrize(
    "email",
    ["", "a", "a@b", "a b@c.de", "a@b.c@d.e", 'a"@b.cd', "a\\@b.cd", f"{'a' * 130}@b.cd", "@b.cd"],
)
@pytest.mark.parametrize("path", ["register", "confirm", "resend", "forgot", "reset"])
def test_what_cannot_be_an_address_is_a_400(pool: Api, path: str, email: str) -> None:
    got = pool.post(f"{AUTH}/{path}", body_for(path, email))

    assert (got.status, got.json["code"]) == (400, "invalid_request")
    assert STRONG not in got.text


def test_an_address_has_one_spelling(pool: Api) -> None:
    register(pool, " Budi@Example.COM ")
    pool.post(f"{AUTH}/confirm", {"email": "BUDI@example.com", "code": "1"})

    login = pool.post(f"{AUTH}/login", {"email": NEWCOMER.title(), "password": STRONG})

    assert login.status == 200


def test_a_refresh_token_gives_another_token(pool: Api) -> None:
    login = pool.post(f"{AUTH}/login", {"email": EMAIL, "password": PASSWORD}).data

    got = pool.post(f"{AUTH}/refresh", {"refreshToken": login["refreshToken"]})

    assert got.status == 200
    assert got.data["refreshToken"] == login["refreshToken"]
    assert got.data["token"].count(".") == 2


@pytest.mark.parametrize("token", ["no-token-of-ours", "a.b.c"])
def test_a_token_that_cannot_be_refreshed(pool: Api, token: str) -> None:
    got = pool.post(f"{AUTH}/refresh", {"refreshToken": token})

    assert (got.status, got.json["code"]) == (401, "session_over")
    assert token not in got.text


def test_a_forgotten_password_is_replaced(pool: Api) -> None:
    login = pool.post(f"{AUTH}/login", {"email": EMAIL, "password": PASSWORD}).data
    pool.post(f"{AUTH}/forgot", {"email": EMAIL})
    got = pool.post(f"{AUTH}/reset", {"email": EMAIL, "code": "123456", "password": STRONG})

    assert (got.status, got.data["next"]) == (200, f"{AUTH}/login")
    assert pool.post(f"{AUTH}/login", {"email": EMAIL, "password": STRONG}).status == 200
    assert pool.post(f"{AUTH}/login", {"email": EMAIL, "password": PASSWORD}).status == 401
    refresh = pool.post(f"{AUTH}/refresh", {"refreshToken": login["refreshToken"]})
    assert (refresh.status, refresh.json["code"]) == (401, "session_over")


def test_a_password_from_an_operator_must_be_replaced_first(pool: Api) -> None:
    cognito = boto3.client("cognito-idp")
    cognito.admin_create_user(
        UserPoolId=pool.stack.user_pool, Username=NEWCOMER, TemporaryPassword=STRONG
    )

    got = pool.post(f"{AUTH}/login", {"email": NEWCOMER, "password": STRONG})

    assert (got.status, got.json["code"]) == (403, "password_reset_required")


@pytest.mark.parametrize(
    ("path", "allowed"),
    [("forgot", 5), ("resend", 5), ("register", 5), ("confirm", 10), ("reset", 10)],
)
@pytest.mark.parametrize("email", [EMAIL, "nobody@example.com"])
def test_an_address_gets_so_many_mails_and_tries_an_hour(
    pool: Api, monkeypatch: pytest.MonkeyPatch, path: str, allowed: int, email: str
) -> None:
    """Whether it has an account or not; the pool's own limits know only accounts."""
    error = "CodeMismatchException" if allowed == 10 else "NotAuthorizedException"
    break_cognito(pool, monkeypatch, error)
    answers = [pool.post(f"{AUTH}/{path}", body_for(path, email)) for _ in range(allowed + 1)]

    assert {answer.status for answer in answers[:-1]} <= {202, 400, 403}
    assert (answers[-1].status, answers[-1].json["code"]) == (429, "too_many_requests")
    assert int(answers[-1].headers["retry-after"]) > 0


@pytest.mark.parametrize(
    ("path", "error", "status", "code"),
    [
        ("login", "NotAuthorizedException", 401, "wrong_credentials"),
        ("login", "UserNotFoundException", 401, "wrong_credentials"),
        ("login", "InvalidParameterException", 401, "wrong_credentials"),
        ("login", "UserNotConfirmedException", 403, "not_confirmed"),
        ("login", "PasswordResetRequiredException", 403, "password_reset_required"),
        ("login", "TooManyRequestsException", 429, "too_many_tries"),
        ("login", "InternalErrorException", 503, "busy"),
        ("login", "ResourceNotFoundException", 500, "internal_error"),
        ("confirm", "CodeMismatchException", 400, "wrong_code"),
        ("confirm", "ExpiredCodeException", 400, "wrong_code"),
        ("confirm", "UserNotFoundException", 400, "wrong_code"),
        ("confirm", "NotAuthorizedException", 400, "wrong_code"),
        ("confirm", "AliasExistsException", 400, "wrong_code"),
        ("confirm", "TooManyFailedAttemptsException", 429, "too_many_tries"),
        ("confirm", "LimitExceededException", 429, "too_many_tries"),
        ("reset", "CodeMismatchException", 400, "wrong_code"),
        ("reset", "ExpiredCodeException", 400, "wrong_code"),
        ("reset", "UserNotFoundException", 400, "wrong_code"),
        ("reset", "UserNotConfirmedException", 400, "wrong_code"),
        ("reset", "InvalidPasswordException", 400, "weak_password"),
        ("reset", "PasswordHistoryPolicyViolationException", 400, "weak_password"),
        ("reset", "LimitExceededException", 429, "too_many_tries"),
        ("register", "InvalidPasswordException", 400, "weak_password"),
        ("register", "InvalidParameterException", 400, "invalid_request"),
        ("register", "TooManyRequestsException", 429, "too_many_tries"),
        ("register", "CodeDeliveryFailureException", 202, None),
        ("register", "NotAuthorizedException", 403, "not_allowed"),
        ("forgot", "UserNotFoundException", 202, None),
        ("forgot", "InvalidParameterException", 202, None),
        ("forgot", "NotAuthorizedException", 202, None),
        ("forgot", "LimitExceededException", 202, None),
        ("forgot", "CodeDeliveryFailureException", 202, None),
        ("forgot", "TooManyRequestsException", 429, "too_many_tries"),
        ("resend", "InvalidParameterException", 202, None),
        ("resend", "UserNotFoundException", 202, None),
        ("refresh", "NotAuthorizedException", 401, "session_over"),
        ("refresh", "UserNotFoundException", 401, "session_over"),
        ("refresh", "TooManyRequestsException", 429, "too_many_tries"),
    ],
)
def test_what_the_pool_refuses_is_a_refusal_of_ours(
    pool: Api, monkeypatch: pytest.MonkeyPatch, path: str, error: str, status: int, code: str | None
) -> None:
    break_cognito(pool, monkeypatch, error, "seller@example.com in words of the pool")

    got = pool.post(f"{AUTH}/{path}", body_for(path))

    assert (got.status, got.json.get("code")) == (status, code)
    assert "words of the pool" not in got.text
    if status in {429, 503}:
        assert int(got.headers["retry-after"]) > 0


def test_a_locked_account_is_told_to_wait(pool: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    break_cognito(pool, monkeypatch, "NotAuthorizedException", "Password attempts exceeded")

    got = pool.post(f"{AUTH}/login", {"email": EMAIL, "password": PASSWORD})

    assert (got.status, got.json["code"]) == (429, "too_many_tries")
