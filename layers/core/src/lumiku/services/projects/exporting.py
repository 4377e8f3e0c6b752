"""What is in the ZIP of an export."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from lumiku.domain.projects.export_names import Named, paths
from lumiku.domain.projects.export_page import page
from lumiku.domain.projects.exports import Export, ExportedPicture, metadata, report_csv
from lumiku.domain.texts import Language
from lumiku.domain.work.archives import Member
from lumiku.domain.work.groups import Group
from lumiku.domain.work.jobs import Job, Status
from lumiku.domain.work.settling import Verdict
from lumiku.services.projects.exports import report_key
from lumiku.services.work.archiving import Contents
from lumiku.services.work.ports import PhotoStore
from photo_steps.bundles import unbundled
from photo_steps.exports import Rendered, targets_of


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

    def lists(self, _: Set[str]) -> Iterable[tuple[str, bytes]]:
        """What accounts for every file; the report is kept beside the ZIP too."""
        export, language = self._export(), self._language
        report = page(export, language)
        kind = "text/html; charset=utf-8"
        self.photos.write(report_key(self.group), report, content_type=kind)
        yield "metadata.json", metadata(export)
        yield "report.csv", report_csv(export, language)
        yield "report.html", report

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
