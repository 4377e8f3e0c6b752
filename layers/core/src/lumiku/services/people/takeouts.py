"""A copy of all that is kept of an account: asked for once a day, fetched for a week."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from lumiku.domain.errors import NotFound, ResultExpired, TooManyRequests
from lumiku.domain.people.actions import Action
from lumiku.domain.people.callers import Caller
from lumiku.domain.people.leaving import Takeout, TakeoutNotReady, TakeoutTooSoon
from lumiku.domain.people.limits import TAKEOUTS
from lumiku.domain.texts import Text
from lumiku.services.clock import Clock
from lumiku.services.people.admission import admit
from lumiku.services.people.ports import Paces, Takeouts
from lumiku.services.work.idempotency import row_id
from lumiku.services.work.ports import PhotoStore

LINK_TIME = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class TakingOut:
    """Use cases of /account/export."""

    takeouts: Takeouts
    paces: Paces
    photos: PhotoStore
    clock: Clock

    def ask(self, caller: Caller) -> Takeout:
        """Have a copy made; the one that is being made, if there is one.

        `TakeoutTooSoon` if one was asked for in the last 24 hours.
        """
        earlier, now = self.takeouts.takeout(caller.account), self.clock()
        if earlier is not None and earlier.ready_at is None:
            return earlier
        try:
            admit(self.paces, caller.account, TAKEOUTS, now)
        except TooManyRequests as refused:
            raise TakeoutTooSoon(retry_after_s=refused.retry_after_s) from None
        takeout = Takeout(
            id=row_id("takeout", caller.account, "", None), user_id=caller.account, asked_at=now
        )
        action = Action(
            id=takeout.id,
            admin_id=caller.actor,
            user_id=caller.account,
            kind="takeout",
            what="account",
            reason=None,
            at=now,
        )
        self.takeouts.begin(takeout, action)
        return takeout

    def show(self, caller: Caller) -> tuple[Takeout | None, datetime]:
        """The newest copy, if one was ever asked for, and as of when."""
        return self.takeouts.takeout(caller.account), self.clock()

    def download(self, caller: Caller) -> tuple[str, datetime, Takeout]:
        """A link to the ZIP, and until when it is good.

        `NotFound` if none was ever asked for, `TakeoutNotReady` before there is one,
        `ResultExpired` after seven days.
        """
        takeout, now = self.show(caller)
        if takeout is None:
            raise NotFound(
                Text(
                    "No copy of this account's data was asked for.",
                    "Belum ada permintaan salinan data akun ini.",
                )
            )
        if takeout.expires_at is None:
            raise TakeoutNotReady
        if now >= takeout.expires_at:
            raise ResultExpired(expired_at=takeout.expires_at)
        valid = min(LINK_TIME, takeout.expires_at - now)
        url = self.photos.link(
            takeout.key,
            file_name=f"lumiku-{takeout.asked_at:%Y-%m-%d}.zip",
            valid_s=max(1, int(valid.total_seconds())),
        )
        return url, now + valid, takeout
