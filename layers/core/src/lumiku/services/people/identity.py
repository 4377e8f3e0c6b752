"""People: registering, logging in, and what is kept of them beside the login.

No answer tells whether an address has an account, except to whoever knows its password.
"""

from dataclasses import dataclass
from typing import Protocol

from lumiku.domain.money.accounts import Account, Language
from lumiku.domain.people.identity import CODES, MAILS, check_password, normal_email, pace_key
from lumiku.domain.people.limits import Limit
from lumiku.services.clock import Clock
from lumiku.services.people.admission import Arrivals, admit


@dataclass(frozen=True, slots=True)
class Session:
    """Proof of a login: `token` goes into the Authorization header for `expires_in_s` seconds."""

    user_id: str
    token: str
    refresh_token: str
    expires_in_s: int


class IdentityProvider(Protocol):
    """Addresses, passwords and codes. `TooManyTries` and `Busy` may come from every call."""

    def sign_up(self, email: str, password: str) -> str | None:
        """Make an account and send it a code; its id, or None if the address has one already."""

    def confirm(self, email: str, code: str) -> None:
        """Confirm an address with the code that it got, else `WrongCode`."""

    def send_code(self, email: str) -> None:
        """Send an unconfirmed account another code; for any other address nothing happens."""

    def log_in(self, email: str, password: str) -> Session:
        """Open a session; `WrongCredentials` if the two do not belong together.

        `NotConfirmed` or `PasswordResetRequired` if they do and that is not enough.
        """

    def refresh(self, refresh_token: str) -> Session:
        """Go on with a session; `SessionOver` if it cannot be."""

    def send_reset_code(self, email: str) -> None:
        """Send a code for a new password; for an address without an account nothing happens."""

    def reset_password(self, email: str, code: str, password: str) -> None:
        """Replace the password and end all sessions, else `WrongCode` or `WeakPassword`."""


class AccountDetails(Protocol):
    """What is kept of a user."""

    def account(self, user_id: str) -> Account:
        """The user's account, consistently read."""

    def describe(
        self, user_id: str, *, email: str | None = None, language: Language | None = None
    ) -> None:
        """Keep what is given, without touching the rest."""


@dataclass(frozen=True, slots=True)
class People:
    """Use cases of /api/auth and /api/account."""

    identity: IdentityProvider
    accounts: AccountDetails
    arrivals: Arrivals
    clock: Clock

    def register(self, email: str, password: str, language: Language) -> None:
        """Make an account, or send another code to one that was never confirmed."""
        check_password(password)
        email = self._admitted(email, MAILS)
        user_id = self.identity.sign_up(email, password)
        if user_id is None:
            self.identity.send_code(email)
        else:
            self.accounts.describe(user_id, email=email, language=language)

    def confirm(self, email: str, code: str) -> None:
        """Confirm the address; from then on its owner can log in."""
        self.identity.confirm(self._admitted(email, CODES), code)

    def send_code(self, email: str) -> None:
        """Send the code of the registration once more."""
        self.identity.send_code(self._admitted(email, MAILS))

    def log_in(self, email: str, password: str) -> Session:
        """Open a session, and keep the address for mails to its owner."""
        email = normal_email(email)
        session = self.identity.log_in(email, password)
        if self.accounts.account(session.user_id).email != email:
            self.accounts.describe(session.user_id, email=email)
        return session

    def refresh(self, refresh_token: str) -> Session:
        """Trade a refresh token for a new token."""
        return self.identity.refresh(refresh_token)

    def forgot(self, email: str) -> None:
        """Send a code with which the password can be replaced."""
        self.identity.send_reset_code(self._admitted(email, MAILS))

    def reset(self, email: str, code: str, password: str) -> None:
        """Replace the password; nobody stays logged in beyond the token they have."""
        check_password(password)
        self.identity.reset_password(self._admitted(email, CODES), code, password)

    def account(self, user_id: str) -> Account:
        """What is kept of the user."""
        return self.accounts.account(user_id)

    def speak(self, user_id: str, language: Language) -> Account:
        """Use `language` in what the user is sent from now on."""
        self.accounts.describe(user_id, language=language)
        return self.accounts.account(user_id)

    def _admitted(self, email: str, limit: Limit) -> str:
        """The address as it is kept, counted against `limit`; else `TooManyRequests`."""
        email = normal_email(email)
        admit(self.arrivals, pace_key(email), limit, self.clock())
        return email
