"""POST /api/auth/login against a user pool."""

import pytest

from tests.component.http.conftest import Api
from tests.component.stack import EMAIL, PASSWORD

LOGIN = "/api/auth/login"


@pytest.fixture
def pool(api: Api) -> Api:
    """The API with a user pool that knows one seller."""
    api.stack.app("auth_api", UserPoolClient=api.stack.create_user())
    return api


def test_the_right_password_gives_a_token(pool: Api) -> None:
    got = pool.post(LOGIN, {"email": EMAIL, "password": PASSWORD})

    assert got.status == 200
    assert got.data["tokenType"] == "Bearer"
    assert got.data["token"].count(".") == 2
    assert got.data["refreshToken"]
    assert got.data["expiresIn"] > 0


@pytest.mark.parametrize(
    ("email", "password"),
    [(EMAIL, "wrong-horse-9"), ("nobody@example.com", PASSWORD), (EMAIL, PASSWORD.upper())],
)
def test_a_wrong_pair_is_a_401_that_does_not_tell_which_half(
    pool: Api, email: str, password: str
) -> None:
    got = pool.post(LOGIN, {"email": email, "password": password})

    assert (got.status, got.json["code"]) == (401, "wrong_credentials")
    assert got.json["detail"] == "The e-mail address or the password is wrong."


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"email": EMAIL},
        {"password": PASSWORD},
        {"email": "", "password": PASSWORD},
        {"email": EMAIL, "password": ""},
        {"email": "e" * 255, "password": PASSWORD},
        {"email": EMAIL, "password": "p" * 257},
        {"email": 7, "password": PASSWORD},
        {"email": None, "password": None},
        [],
    ],
    ids=str,
)
def test_a_bad_body_is_a_400_that_never_repeats_the_password(pool: Api, body: object) -> None:
    got = pool.post(LOGIN, body)

    assert (got.status, got.json["code"]) == (400, "invalid_request")
    assert got.json["errors"]
    assert PASSWORD not in got.text
