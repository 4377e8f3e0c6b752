"""Pictures of other apps as photos of our orders."""

from collections.abc import Sequence

from lumiku.domain.connected.apps import ConnectedApp
from lumiku.domain.work.groups import Group, Photos, PlannedPhoto
from lumiku.domain.work.jobs import Status
from lumiku.services.connected.asking import TheirPicture, file_of
from lumiku.services.work.fetching import Elsewhere, Fetches
from lumiku.services.work.ports import GroupStore


def planned(pictures: Sequence[TheirPicture]) -> Photos:
    """The photos that they will be, as the app announced them."""
    return tuple(
        PlannedPhoto(name=one.name, size_bytes=one.size_bytes, picture=one.picture_id)
        for one in pictures
    )


def have_fetched(app: ConnectedApp, group: Group, groups: GroupStore, fetches: Fetches) -> None:
    """Let a worker fetch those of a group that nobody fetched yet; fetching twice stores once."""
    waiting = {
        job.id: Elsewhere(photo=file_of(app, job.source.picture))
        for job in groups.group_jobs(group.id)
        if job.status is Status.PENDING and job.source.picture is not None
    }
    fetches.put(waiting)
