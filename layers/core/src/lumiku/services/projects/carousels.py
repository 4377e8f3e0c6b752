"""Looking at carousels: how far one is, its slides, its ZIP."""

from dataclasses import dataclass

from lumiku.domain.errors import NotFound
from lumiku.domain.people.callers import Caller
from lumiku.domain.texts import Text
from lumiku.domain.work.jobs import Job
from lumiku.services.clock import Clock
from lumiku.services.work.groups import BatchView, Groups
from lumiku.services.work.jobs import Link
from lumiku.services.work.ports import PhotoStore


@dataclass(frozen=True, slots=True)
class ShownSlide:
    """A slide and where it is shown, once it is made and as long as it is kept."""

    job: Job
    url: str | None
    thumbnail_url: str | None


@dataclass(frozen=True, slots=True)
class Carousels:
    """Use cases of GET /carousels/{id} and below, of groups of one product.

    Another user's carousel is `NotFound`.
    """

    groups: Groups
    photos: PhotoStore
    product: str
    clock: Clock

    def show(self, caller: Caller, carousel_id: str, *, wait_s: int = 0) -> BatchView:
        """The carousel; with `wait_s` as soon as it is over, or after that many seconds."""
        self._check(caller, carousel_id)
        return self.groups.show(caller, carousel_id, wait_s=wait_s)

    def slides(self, caller: Caller, carousel_id: str) -> list[ShownSlide]:
        """Its slides, in their order."""
        items, now = self.groups.items(caller, carousel_id)
        return [
            ShownSlide(
                one.job,
                self.photos.shown(result.key, now=now)
                if (result := one.job.result) and one.thumbnail_url
                else None,
                one.thumbnail_url,
            )
            for one in items.shown
        ]

    def download(self, caller: Caller, carousel_id: str) -> Link:
        """A link to the ZIP. `BatchNotCompleted` before there is one, `ResultExpired` after."""
        self._check(caller, carousel_id)
        return self.groups.download(caller, carousel_id)

    def _check(self, caller: Caller, carousel_id: str) -> None:
        missing = NotFound(
            Text(f"There is no carousel {carousel_id}.", f"Tidak ada carousel {carousel_id}.")
        )
        try:
            group = self.groups.grouping.owned(caller, carousel_id)
        except NotFound:
            raise missing from None
        if group.product != self.product:
            raise missing
