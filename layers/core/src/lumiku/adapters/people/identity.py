"""Logins with Cognito, and what its refusals mean."""

import base64
import json
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger
from botocore.exceptions import ClientError

from lumiku.domain.errors import Busy, InvalidRequest, Refusal, WrongCredentials
from lumiku.domain.people.identity import (
    NotAllowed,
    NotConfirmed,
    PasswordResetRequired,
    SessionOver,
    TooManyTries,
    WeakPassword,
    WrongCode,
)
from lumiku.domain.texts import Text
from lumiku.services.people.ports import IdentityProvider, Session

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_cognito_idp.type_defs import AuthenticationResultTypeTypeDef

type Meanings = dict[str, Callable[[], Refusal]]


def _bad_address() -> InvalidRequest:
    told = Text(
        "Not an address that can have an account",
        "Bukan alamat yang dapat memiliki akun",
    )
    return InvalidRequest.at("body.email", told)


def _closed() -> NotAllowed:
    return NotAllowed(Text("Nobody can register at present.", "Saat ini pendaftaran ditutup."))


EVERYWHERE: Meanings = {
    "TooManyRequestsException": TooManyTries,
    "LimitExceededException": TooManyTries,
    "TooManyFailedAttemptsException": TooManyTries,
    "ForbiddenException": TooManyTries,
    "InternalErrorException": Busy,
}
SIGN_UP: Meanings = EVERYWHERE | {
    "InvalidPasswordException": WeakPassword,
    "InvalidParameterException": _bad_address,
    "NotAuthorizedException": _closed,
}
LOG_IN: Meanings = EVERYWHERE | {
    "NotAuthorizedException": WrongCredentials,
    "UserNotFoundException": WrongCredentials,
    "InvalidParameterException": WrongCredentials,
    "UserNotConfirmedException": NotConfirmed,
    "PasswordResetRequiredException": PasswordResetRequired,
}
REFRESH: Meanings = EVERYWHERE | dict.fromkeys(
    (
        "NotAuthorizedException",
        "UserNotFoundException",
        "InvalidParameterException",
        "UserNotConfirmedException",
        "PasswordResetRequiredException",
    ),
    SessionOver,
)
# Whatever is wrong with the address or its state must look like a wrong code.
CODE: Meanings = (
    EVERYWHERE
    | dict.fromkeys(
        (
            "CodeMismatchException",
            "ExpiredCodeException",
            "UserNotFoundException",
            "NotAuthorizedException",
            "UserNotConfirmedException",
            "AliasExistsException",
            "InvalidParameterException",
        ),
        WrongCode,
    )
    | {
        "InvalidPasswordException": WeakPassword,
        "PasswordHistoryPolicyViolationException": WeakPassword,
    }
)
# Nor must the answer to "send me a code" tell anything.
SENT_OR_NOT = (
    "UserNotFoundException",
    "NotAuthorizedException",
    "InvalidParameterException",
    "LimitExceededException",
    "CodeDeliveryFailureException",
)

logger = Logger()


class CognitoIdentity(IdentityProvider):
    """One user pool, through one of its applications."""

    def __init__(
        self, client: "CognitoIdentityProviderClient", pool_id: str, client_id: str
    ) -> None:
        self._client = client
        self._pool_id = pool_id
        self._client_id = client_id

    def sign_up(self, email: str, password: str) -> str | None:
        with _refusing(SIGN_UP, quietly=("UsernameExistsException",)):
            try:
                return self._client.sign_up(
                    ClientId=self._client_id,
                    Username=email,
                    Password=password,
                    UserAttributes=[{"Name": "email", "Value": email}],
                )["UserSub"]
            except self._client.exceptions.CodeDeliveryFailureException:
                # The account is there without its mail: as if registered before.
                logger.exception("a code could not be delivered")
        return None

    def confirm(self, email: str, code: str) -> None:
        with _refusing(CODE):
            self._client.confirm_sign_up(
                ClientId=self._client_id, Username=email, ConfirmationCode=code
            )

    def send_code(self, email: str) -> None:
        with _refusing(EVERYWHERE, quietly=SENT_OR_NOT):
            self._client.resend_confirmation_code(ClientId=self._client_id, Username=email)

    def log_in(self, email: str, password: str) -> Session:
        with _refusing(LOG_IN):
            answer = self._client.initiate_auth(
                ClientId=self._client_id,
                AuthFlow="USER_PASSWORD_AUTH",
                AuthParameters={"USERNAME": email, "PASSWORD": password},
            )
        if "AuthenticationResult" not in answer:
            # A challenge: the password was given by an operator and is good for nothing else.
            raise PasswordResetRequired
        result = answer["AuthenticationResult"]
        return _session(result, result["RefreshToken"])

    def refresh(self, refresh_token: str) -> Session:
        with _refusing(REFRESH):
            answer = self._client.initiate_auth(
                ClientId=self._client_id,
                AuthFlow="REFRESH_TOKEN_AUTH",
                AuthParameters={"REFRESH_TOKEN": refresh_token},
            )
        result = answer["AuthenticationResult"]
        return _session(result, result.get("RefreshToken", refresh_token))

    def send_reset_code(self, email: str) -> None:
        with _refusing(EVERYWHERE, quietly=SENT_OR_NOT):
            self._client.forgot_password(ClientId=self._client_id, Username=email)

    def reset_password(self, email: str, code: str, password: str) -> None:
        with _refusing(CODE):
            self._client.confirm_forgot_password(
                ClientId=self._client_id,
                Username=email,
                ConfirmationCode=code,
                Password=password,
            )
        try:
            self._client.admin_user_global_sign_out(UserPoolId=self._pool_id, Username=email)
        except ClientError:
            # The new password is good all the same, and its code cannot be used again.
            logger.exception("sessions could not be ended")


@contextmanager
def _refusing(meanings: Meanings, *, quietly: Collection[str] = ()) -> Iterator[None]:
    """Raise what Cognito's errors mean; those of `quietly` only end the block."""
    try:
        yield
    except ClientError as error:
        code, message = error.response["Error"]["Code"], error.response["Error"]["Message"]
        if code in quietly:
            logger.info("Cognito declined", code=code, reason=message)
            return
        if code not in meanings:
            raise
        if code == "NotAuthorizedException" and message.startswith("Password attempts exceeded"):
            raise TooManyTries from None
        raise meanings[code]() from None


def _session(result: "AuthenticationResultTypeTypeDef", refresh_token: str) -> Session:
    token = result["AccessToken"]
    payload = token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return Session(claims["sub"], token, refresh_token, result["ExpiresIn"])
