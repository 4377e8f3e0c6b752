"""People: registering, logging in, and what is kept of them beside the login.

No answer tells whether an address has an account, except to whoever knows its password.
"""

from collections.abc import Callable
from dataclasses import dataclass

from lumiku.domain.money.accounts import Account
from lumiku.domain.money.ledger import month
from lumiku.domain.people.callers import Caller
from lumiku.domain.people.identity import CODES, MAILS, check_password, normal_email, pace_key
from lumiku.domain.people.limits import Limit
from lumiku.domain.texts import Language
from lumiku.services.clock import Clock
from lumiku.services.money.ports import Accounts
from lumiku.services.people.admission import admit
from lumiku.services.people.ports import IdentityProvider, Paces, Session

type FormerMonth = Callable[[str], str | None]
"""The last month whose free credits a deleted account had, by its address."""


@dataclass(frozen=True, slots=True)
class People:
    """Use cases of /api/auth and /api/account."""

    identity: IdentityProvider
    accounts: Accounts
    paces: Paces
    former_month: FormerMonth
    clock: Clock

    def register(self, email: str, password: str, language: Language) -> None:
        """Make an account, or send another code to one that was never confirmed."""
        check_password(password)
        email = self._admitted(email, MAILS)
        user_id = self.identity.sign_up(email, password)
        if user_id is None:
            self.identity.send_code(email)
        else:
            self._describe(user_id, email, language)

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
            self._describe(session.user_id, email)
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

    def account(self, caller: Caller) -> Account:
        """What is kept of the caller's account."""
        return self.accounts.account(caller.account)

    def change(
        self, caller: Caller, *, language: Language | None = None, report: bool | None = None
    ) -> Account:
        """What the caller is sent from now on: its language, and whether a monthly report."""
        self.accounts.describe(caller.account, language=language, monthly_report=report)
        return self.accounts.account(caller.account)

    def _describe(self, user_id: str, email: str, language: Language | None = None) -> None:
        """Keep the address, which has a month's free credits once, whoever left with it."""
        this_month = month(self.clock())
        had = self.former_month(email) == this_month
        self.accounts.describe(
            user_id, email=email, language=language, free_month=this_month if had else None
        )

    def _admitted(self, email: str, limit: Limit) -> str:
        """The address as it is kept, counted against `limit`; else `TooManyRequests`."""
        email = normal_email(email)
        admit(self.paces, pace_key(email), limit, self.clock())
        return email
