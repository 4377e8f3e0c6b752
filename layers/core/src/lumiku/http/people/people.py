"""JSON of registering, logging in and accounts."""

from datetime import datetime
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_core import PydanticCustomError

from lumiku.domain.instant import Instant
from lumiku.domain.money.accounts import Account
from lumiku.domain.people.callers import ADMIN, Caller
from lumiku.domain.people.identity import PASSWORD_RULE
from lumiku.domain.people.leaving import Takeout
from lumiku.domain.texts import Language, Text
from lumiku.http.bodies import Body, RequestBody
from lumiku.http.field_errors import worded
from lumiku.services.people.ports import Session

CONFIRM, LOGIN, RESET = (f"/api/auth/{name}" for name in ("confirm", "login", "reset"))

EMAIL_PATTERN = worded(
    r"^\s*[^\s@\"\\]+@[^\s@\"\\]+\.[^\s@\"\\.]+\s*$",
    Text(
        "Not an e-mail address, such as seller@example.com",
        "Bukan alamat email, misalnya seller@example.com",
    ),
)
EMAIL = Field(
    min_length=3,
    max_length=128,
    pattern=EMAIL_PATTERN,
    examples=["seller@example.com"],
)
_CODE = Field(
    min_length=1,
    max_length=64,
    pattern=worded(r"^\S+$", Text("A code has no spaces", "Kode tidak mengandung spasi")),
    examples=["123456"],
)
_NEW_PASSWORD = Field(min_length=1, max_length=256, description=PASSWORD_RULE.en)


class Registration(RequestBody):
    """Who wants an account, and in which language to write to them."""

    email: str = EMAIL
    password: SecretStr = _NEW_PASSWORD
    language: Language = "en"


class Confirmation(RequestBody):
    """The code that was sent to the address."""

    email: str = EMAIL
    code: str = _CODE


class Address(RequestBody):
    """Where to send a code."""

    email: str = EMAIL


class NewPassword(RequestBody):
    """The code that was sent to the address, and the password from now on."""

    email: str = EMAIL
    code: str = _CODE
    password: SecretStr = _NEW_PASSWORD


class Login(RequestBody):
    """Who wants in."""

    email: str = Field(min_length=3, max_length=254, examples=["seller@example.com"])
    password: SecretStr = Field(min_length=1, max_length=256)


class Refresh(RequestBody):
    """The refresh token of an earlier login."""

    refresh_token: SecretStr = Field(min_length=1, max_length=8192)


class NextStep(Body):
    """Done; `next` is the call that follows. The same for every address, with account or not."""

    email: str
    next: str


class LoggedIn(Body):
    """`token` is the bearer token of every other call, for `expiresIn` seconds."""

    token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - a word of the protocol
    refresh_token: str
    expires_in: int


class AccountChange(RequestBody):
    """What shall be different; at least one of it."""

    language: Language | None = None
    monthly_report: bool | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.language is None and self.monthly_report is None:
            raise PydanticCustomError("one_of", "one", {"names": "language, monthlyReport"})
        return self


class Farewell(RequestBody):
    """The account's own address, typed out, and its password: what is deleted never comes back."""

    email: str = EMAIL
    password: SecretStr = Field(min_length=1, max_length=256)


class LeavingBody(Body):
    """The account is closed; all of it is erased once what ran has ended, an hour from then."""

    asked_at: Instant
    settles_at: Instant


class TakeoutBody(Body):
    """A copy of all that is kept of the account. `leftOut` files are only named in its manifest."""

    takeout_id: str | None
    status: Literal["none", "pending", "ready", "expired"]
    asked_at: Instant | None
    ready_at: Instant | None
    expires_at: Instant | None
    size_bytes: int = 0
    files: int = 0
    left_out: int = 0


class TakeoutLink(Body):
    """Where the ZIP is fetched, and until when the link is good."""

    url: str
    expires_at: Instant
    size_bytes: int


class AccountBody(Body):
    """The caller's account. `email` is null until the first login."""

    user_id: str
    email: str | None
    language: Language
    monthly_report: bool
    admin: bool


def logged_in(session: Session) -> LoggedIn:
    """What a login answers."""
    return LoggedIn(
        token=session.token,
        refresh_token=session.refresh_token,
        expires_in=session.expires_in_s,
    )


def takeout_body(takeout: Takeout | None, now: datetime) -> TakeoutBody:
    """A copy as its owner sees it, also if there is none."""
    if takeout is None:
        return TakeoutBody(
            status="none", takeout_id=None, asked_at=None, ready_at=None, expires_at=None
        )
    return TakeoutBody(
        takeout_id=takeout.id,
        status=takeout.status(now),
        asked_at=takeout.asked_at,
        ready_at=takeout.ready_at,
        expires_at=takeout.expires_at,
        size_bytes=takeout.size_bytes,
        files=takeout.files,
        left_out=takeout.left_out,
    )


def account_body(caller: Caller, account: Account) -> AccountBody:
    """An account as its owner sees it."""
    return AccountBody(
        user_id=caller.account,
        email=account.email,
        language=account.language,
        monthly_report=account.monthly_report,
        admin=ADMIN in caller.scopes,
    )
