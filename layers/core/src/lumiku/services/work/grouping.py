"""Making the groups that were paid for: their jobs, the permission to upload, their execution."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from lumiku.domain.money.wallets import Wallet
from lumiku.domain.people.callers import Caller
from lumiku.domain.work.groups import LARGE_FROM, Group, Photos, Stage, planned_jobs
from lumiku.domain.work.jobs import STRAGGLER_TIME
from lumiku.domain.work.photo_lists import read_list, written_list
from lumiku.domain.work.photos import Lane
from lumiku.services.clock import Clock
from lumiku.services.work.fetching import Elsewhere, Fetches
from lumiku.services.work.listing import owned_group
from lumiku.services.work.ordering import Order, Ordering, Placed
from lumiku.services.work.ports import Executions, GroupStore, Lanes, PhotoStore, UploadPolicy

GROUP_UPLOAD_TIME = timedelta(minutes=60)
LARGE_UPLOAD_TIME = timedelta(hours=6)


def closes_at(now: datetime, photos: int = 1) -> datetime:
    """When the photos of a group of so many that is ordered now are awaited no more."""
    is_large = photos >= LARGE_FROM
    return now + (LARGE_UPLOAD_TIME if is_large else GROUP_UPLOAD_TIME) + STRAGGLER_TIME


def lane_of(wallet: Wallet, now: datetime) -> Lane:
    """The lane of a group whose owner has that wallet."""
    owned = wallet.subscription
    is_first = owned is not None and owned.is_usable(now) and owned.plan.has_priority
    return Lane.PRIORITY if is_first else Lane.STANDARD


@dataclass(frozen=True, slots=True)
class Grouping:
    """Use cases of ordering groups. Each step can be repeated, so a half-made one is finished."""

    ordering: Ordering
    groups: GroupStore
    photos: PhotoStore
    executions: Executions
    lanes: Lanes
    fetches: Fetches
    clock: Clock
    app: str | None = None

    def order(self, caller: Caller, order: Order[Group], photos: Photos = ()) -> Placed[Group]:
        """Charge for a group of `photos` and make it, or find the one of that id.

        Where they follow from the wallet, its draft has them instead.

        The list of photos is stored before the charge, under its hash: whatever happens after the
        charge, the sweeper can make the group from it. One that nobody paid for expires.
        """
        data, sha256 = written_list(photos)
        lists: dict[str | None, tuple[bytes, Photos]] = {sha256: (data, photos)}

        def draft(wallet: Wallet, now: datetime) -> Group:
            group = order.draft(wallet, now)
            planned = group.photos or photos
            data, sha256 = written_list(planned)
            lists[sha256] = data, planned
            return group.model_copy(update={"photos_sha256": sha256, "photos": None})

        def prepare(group: Group) -> None:
            order.prepare(group)
            data, _ = lists[group.photos_sha256]
            self.photos.write(group.photos_key, data, content_type="application/json")

        placed = self.ordering.place(caller, replace(order, draft=draft, prepare=prepare))
        # A retry that is repeated may find fewer originals than were there, and paid for, at first.
        _, known = lists.get(placed.order.photos_sha256, (b"", None))
        self.make(placed.order, known)
        return placed

    def make(self, group: Group, photos: Photos | None = None) -> None:
        """Do what is left of making the group: its jobs and its execution.

        It is open only then, for the sweeper starts no execution of an open group.
        """
        if group.stage is not Stage.CREATING:
            return
        known = photos or group.photos or read_list(group, self.photos.read(group.photos_key).data)
        jobs = planned_jobs(group, known)
        self.groups.make_jobs(jobs)
        self.lanes.start(group.lane, *(job.id for job in jobs if job.source.is_stored))
        there = {
            job.id: Elsewhere(photo=photo.url)
            for job, photo in zip(jobs, known, strict=True)
            if photo.url is not None
        }
        if there:
            self.fetches.put(there)
        self.executions.start(group)
        self.groups.open(group)

    def owned(self, caller: Caller, group_id: str) -> Group:
        """The caller's group; another account's, or app's, is `NotFound`, like none at all."""
        return owned_group(self.groups, caller, group_id, self.app)

    def permit(self, group: Group) -> UploadPolicy:
        """A form for the group's photos, good until they are awaited no more."""
        now = self.clock()
        return self.photos.policy(
            f"{group.key_prefix}${{filename}}",
            content_type="",
            max_bytes=group.max_bytes,
            now=now,
            expires_at=min(now + GROUP_UPLOAD_TIME, group.closes_at),
        )
