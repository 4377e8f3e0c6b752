"""What is in the ZIP of an export, and looking at one."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from lumiku.domain.errors import NotFound
from lumiku.domain.people.callers import Caller
from lumiku.domain.projects.export_names import Named, paths
from lumiku.domain.projects.export_page import page
from lumiku.domain.projects.exports import Export, ExportedPicture, metadata, report_csv
from lumiku.domain.texts import Language, Text
from lumiku.domain.work.archives import Member
from lumiku.domain.work.groups import Archive, Group, Verdict
from lumiku.domain.work.jobs import RESULT_DAYS, Job, Status
from lumiku.services.clock import Clock
from lumiku.services.work.archiving import Contents
from lumiku.services.work.groups import BatchView, Groups
from lumiku.services.work.jobs import Link, link_to
from lumiku.services.work.ports import PhotoStore
from photo_steps import Workflow
from photo_steps.bundles import unbundled
from photo_steps.exports import ExportFiles, Rendered, Target


def report_key(group: Group) -> str:
    """Where the report lies, beside the ZIP."""
    return f"zip/{group.user_id}/{group.id}/report.html"


@dataclass
class _Packing:
    """One ZIP in the making: which files came so far, by the key of their bundle."""

    group: Group
    jobs: Sequence[Job]
    photos: PhotoStore
    found: dict[str, tuple[Rendered, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.done = {
            job.result.key: job
            for job in self.jobs
            if job.result is not None and job.status is Status.COMPLETED
        }
        named = [
            (key, target, Named(asked["sku"], asked["name"], made_on, number, target))
            for number, (key, job) in enumerate(self.done.items(), 1)
            for asked, made_on in [(_asked(job), _made_on(job))]
            for target in targets_of(job.workflow)
        ]
        told: Mapping[str, Any] = self.group.asked or {}
        names = paths([one for *_, one in named], told["pattern"], told["folders"])
        self.paths = {
            (key, target): name for (key, target, _), name in zip(named, names, strict=True)
        }

    def members(self) -> list[Member]:
        """The bundles of all pictures that could be exported."""
        return [
            Member(key, key, job.completed_at or self.group.created_at, job.result.size_bytes)
            for key, job in self.done.items()
            if job.result is not None
        ]

    def opened(self, member: Member, data: bytes) -> Iterable[tuple[str, bytes]]:
        """The files of a bundle."""
        known = []
        for file, told in unbundled(data):
            known.append(told)
            yield self.paths[member.key, told.target], file
        self.found[member.key] = tuple(known)

    def lists(self, _: Set[str]) -> Mapping[str, bytes]:
        """What accounts for every file; the report is kept beside the ZIP too."""
        export, language = self._export(), self._language
        report = page(export, language)
        kind = "text/html; charset=utf-8"
        self.photos.write(report_key(self.group), report, content_type=kind)
        return {
            "metadata.json": metadata(export),
            "report.csv": report_csv(export, language),
            "report.html": report,
        }

    @property
    def _language(self) -> Language:
        return "id" if (self.group.asked or {}).get("language") == "id" else "en"

    def _export(self) -> Export:
        told: Mapping[str, Any] = self.group.asked or {}
        return Export(
            id=self.group.id,
            project=told["project"],
            made_at=self.group.closed_at or self.group.created_at,
            pattern=told["pattern"],
            folders=told["folders"],
            pictures=tuple(
                ExportedPicture(
                    item_id=job.for_item.item_id if job.for_item else "",
                    name=asked["name"],
                    sku=asked["sku"],
                    made_on=_made_on(job),
                    look=asked["look"],
                    versions=asked["versions"],
                    files=files,
                )
                for key, job in self.done.items()
                for asked, files in [(_asked(job), self.found.get(key, ()))]
            ),
        )


def contents(group: Group, jobs: Sequence[Job], _: Verdict, photos: PhotoStore) -> Contents:
    """All files of an export by their names, and its lists."""
    packing = _Packing(group, jobs, photos)
    return Contents(packing.members(), packing.lists, packing.opened)


def _asked(job: Job) -> Mapping[str, Any]:
    return job.for_item.asked if job.for_item else {}


def _made_on(job: Job) -> date:
    return date.fromisoformat(_asked(job)["madeOn"])


def targets_of(workflow: Workflow) -> tuple[Target, ...]:
    """The files that the workflow of an export makes."""
    return workflow[-1].read(ExportFiles).targets


@dataclass(frozen=True, slots=True)
class Exports:
    """Use cases of GET /exports/{id} and below. Another user's export is `NotFound`."""

    groups: Groups
    photos: PhotoStore
    clock: Clock

    def show(self, caller: Caller, export_id: str, *, wait_s: int = 0) -> BatchView:
        """The export; with `wait_s` as soon as it is over, or after that many seconds."""
        self._owned(caller, export_id)
        return self.groups.show(caller, export_id, wait_s=wait_s)

    def jobs(self, view: BatchView) -> list[Job]:
        """Its pictures, in their order."""
        return self.groups.groups.group_jobs(view.group.id)

    def download(self, caller: Caller, export_id: str) -> Link:
        """A link to the ZIP. `BatchNotCompleted` before there is one, `ResultExpired` after."""
        self._owned(caller, export_id)
        return self.groups.download(caller, export_id)

    def report(self, caller: Caller, export_id: str) -> Link:
        """A link to the report, as `download` gives one to the ZIP."""
        group = self._owned(caller, export_id)
        self.groups.download(caller, export_id)
        key, name = report_key(group), f"{group.id}-report.html"
        size = len(self.photos.read(key).data)
        until, now = group.created_at + RESULT_DAYS, self.clock()
        report = Archive(key=key, size_bytes=size)
        return link_to(self.photos, report, name, "text/html", now=now, kept_until=until)

    def _owned(self, caller: Caller, export_id: str) -> Group:
        missing = NotFound(
            Text(f"There is no export {export_id}.", f"Tidak ada ekspor {export_id}.")
        )
        try:
            group = self.groups.grouping.owned(caller, export_id)
        except NotFound:
            raise missing from None
        if not group.is_whole:
            raise missing
        return group
