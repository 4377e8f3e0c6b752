"""/api/auth and /api/account: registering, logging in, what is kept of a person."""

from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from lumiku.bootstrap import people as bootstrap
from lumiku.domain import errors
from lumiku.domain.people import identity
from lumiku.domain.people import leaving as reasons
from lumiku.http.api import (
    Envelope,
    answer,
    answering,
    caller,
    done,
    make_api,
    refusals,
)
from lumiku.http.people.people import (
    CONFIRM,
    LOGIN,
    RESET,
    AccountBody,
    AccountChange,
    Address,
    Confirmation,
    Farewell,
    LeavingBody,
    LoggedIn,
    Login,
    NewPassword,
    NextStep,
    Refresh,
    Registration,
    TakeoutBody,
    TakeoutLink,
    account_body,
    logged_in,
    takeout_body,
)

PLATFORM = ["platform"]
TOO_MANY = (errors.TooManyRequests, identity.TooManyTries, errors.Busy)

api = make_api(door=bootstrap.door())
people = bootstrap.people()
leaving = bootstrap.leaving()
taking_out = bootstrap.taking_out()


@api.post(
    "/api/auth/register",
    summary="Register",
    tags=PLATFORM,
    responses=refusals(errors.InvalidRequest, identity.WeakPassword, identity.NotAllowed, *TOO_MANY)
    | done(
        "A code is on its way to the address, if it can have an account", status=HTTPStatus.ACCEPTED
    ),
)
def register(registration: Registration) -> Response[Envelope[NextStep]]:
    """Make an account. An address that was never confirmed gets another code.

    The answer is the same when the address has an account; then nothing is changed.
    """
    password = registration.password.get_secret_value()
    people.register(registration.email, password, registration.language)
    return _sent(registration.email, CONFIRM)


@api.post(
    CONFIRM,
    summary="Confirm an address",
    tags=PLATFORM,
    responses=refusals(errors.InvalidRequest, identity.WrongCode, *TOO_MANY)
    | done("The account can be used"),
)
def confirm(confirmation: Confirmation) -> Envelope[NextStep]:
    """Confirm the address with the code that was sent to it."""
    people.confirm(confirmation.email, confirmation.code)
    return Envelope(data=NextStep(email=confirmation.email, next=LOGIN))


@api.post(
    "/api/auth/resend",
    summary="Send the code again",
    tags=PLATFORM,
    responses=refusals(errors.InvalidRequest, *TOO_MANY)
    | done("A code is on its way, if the address waits for one", status=HTTPStatus.ACCEPTED),
)
def resend(address: Address) -> Response[Envelope[NextStep]]:
    """Send the code of the registration once more; older codes are void."""
    people.send_code(address.email)
    return _sent(address.email, CONFIRM)


@api.post(
    LOGIN,
    summary="Log in",
    tags=PLATFORM,
    responses=refusals(
        errors.InvalidRequest,
        errors.WrongCredentials,
        identity.NotConfirmed,
        identity.PasswordResetRequired,
        identity.TooManyTries,
        errors.Busy,
    )
    | done("The token and for how long it is good"),
)
def login(login: Login) -> Envelope[LoggedIn]:
    """Trade an e-mail address and a password for a token."""
    return Envelope(data=logged_in(people.log_in(login.email, login.password.get_secret_value())))


@api.post(
    "/api/auth/refresh",
    summary="Get a new token",
    tags=PLATFORM,
    responses=refusals(
        errors.InvalidRequest, identity.SessionOver, identity.TooManyTries, errors.Busy
    )
    | done("The token and for how long it is good"),
)
def refresh(refresh: Refresh) -> Envelope[LoggedIn]:
    """Trade the refresh token of a login for a new token, without the password."""
    return Envelope(data=logged_in(people.refresh(refresh.refresh_token.get_secret_value())))


@api.post(
    "/api/auth/forgot",
    summary="Ask for a new password",
    tags=PLATFORM,
    responses=refusals(errors.InvalidRequest, *TOO_MANY)
    | done("A code is on its way, if the address has an account", status=HTTPStatus.ACCEPTED),
)
def forgot(address: Address) -> Response[Envelope[NextStep]]:
    """Send a code with which the password can be replaced."""
    people.forgot(address.email)
    return _sent(address.email, RESET)


@api.post(
    RESET,
    summary="Set a new password",
    tags=PLATFORM,
    responses=refusals(errors.InvalidRequest, identity.WeakPassword, identity.WrongCode, *TOO_MANY)
    | done("The new password is good from now on"),
)
def reset(new: NewPassword) -> Envelope[NextStep]:
    """Replace the password with the help of the code that was sent to the address."""
    people.reset(new.email, new.code, new.password.get_secret_value())
    return Envelope(data=NextStep(email=new.email, next=LOGIN))


@api.get(
    "/api/account",
    summary="Show the account",
    tags=PLATFORM,
    responses=refusals() | done("The account"),
)
def show_account() -> Envelope[AccountBody]:
    """What is kept of the caller."""
    who = caller(api)
    return Envelope(data=account_body(who, people.account(who)))


@api.patch(
    "/api/account",
    summary="Change the account",
    tags=PLATFORM,
    responses=refusals(errors.InvalidRequest) | done("The account as it is now"),
)
def change_account(change: AccountChange) -> Envelope[AccountBody]:
    """Choose the language of what is sent to the caller, and whether a monthly report is."""
    who = caller(api)
    return Envelope(
        data=account_body(
            who, people.change(who, language=change.language, report=change.monthly_report)
        )
    )


@api.post(
    "/api/account/export",
    summary="Ask for a copy of all data",
    tags=PLATFORM,
    responses=refusals(reasons.TakeoutTooSoon, errors.Busy)
    | done("A copy is being made; a mail tells when it is ready", status=HTTPStatus.ACCEPTED),
)
def copy_account() -> Response[Envelope[TakeoutBody]]:
    """Have one ZIP made of all that is kept of the account, at most once a day.

    It has every row as a line of JSON, by kind; photos and results, up to 2 GiB; and
    `manifest.json`, which names every file and why one was left out.
    """
    takeout = taking_out.ask(caller(api))
    return answer(takeout_body(takeout, takeout.asked_at), HTTPStatus.ACCEPTED)


@api.get(
    "/api/account/export",
    summary="Show the copy of all data",
    tags=PLATFORM,
    responses=refusals() | done("The newest copy; its status is `none` before there was one"),
)
def show_copy() -> Envelope[TakeoutBody]:
    """How far the newest copy of the account's data is."""
    return Envelope(data=takeout_body(*taking_out.show(caller(api))))


@api.get(
    "/api/account/export/download",
    summary="Get a link to the copy of all data",
    tags=PLATFORM,
    responses=refusals(errors.NotFound, reasons.TakeoutNotReady, errors.ResultExpired)
    | done("A link for 15 minutes"),
)
def download_copy() -> Envelope[TakeoutLink]:
    """A link to the ZIP; new ones are given for seven days."""
    url, until, takeout = taking_out.download(caller(api))
    return Envelope(data=TakeoutLink(url=url, expires_at=until, size_bytes=takeout.size_bytes))


@api.post(
    "/api/account/delete",
    summary="Delete the account",
    tags=PLATFORM,
    responses=refusals(
        errors.InvalidRequest,
        reasons.WrongPassword,
        identity.NotAllowed,
        identity.PasswordResetRequired,
        identity.TooManyTries,
        errors.Busy,
    )
    | done("The account is closed and is being erased", status=HTTPStatus.ACCEPTED),
)
def delete_account(farewell: Farewell) -> Response[Envelope[LeavingBody]]:
    """Delete the account and all that belongs to it, for ever; credits are lost.

    Its tokens open nothing from now on. What runs is called off and settled, an hour later all is
    erased but what the law makes us keep of payments, which stays without the account's name.
    """
    leaver = leaving.leave(caller(api), farewell.email, farewell.password.get_secret_value())
    body = LeavingBody(asked_at=leaver.asked_at, settles_at=leaver.settles_at)
    return answer(body, HTTPStatus.ACCEPTED)


def _sent(email: str, then: str) -> Response[Envelope[NextStep]]:
    return answer(NextStep(email=email, next=then), HTTPStatus.ACCEPTED)


handler = answering(api)
