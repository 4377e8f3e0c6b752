"""An export: pictures of a project as files, and the lists that go with them into the ZIP."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import groupby
from typing import Any

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from lumiku.domain.instant import Instant
from lumiku.domain.projects.export_names import Folders, Named, paths
from lumiku.domain.projects.export_words import OUTCOMES, RULES, STRENGTHS, remark
from lumiku.domain.texts import Language
from lumiku.domain.work.csv_files import as_csv
from photo_steps.exports import Rendered
from photo_steps.words import Words

_COLUMNS = (
    *("file", "picture", "sku", "for", "rule", "measured", "required", "outcome"),
    *("source", "source_date", "strength", "note"),
)


class ExportedPicture(BaseModel, frozen=True, defer_build=True):
    """One picture of an export: `look` is the workflow that made it, as it was ordered.

    `versions` are the facts without which the look does not give the same picture again.
    """

    item_id: str
    name: str
    sku: str | None = None
    made_on: date
    look: Mapping[str, Any] = {}
    versions: Mapping[str, str] = {}
    files: tuple[Rendered, ...]


type Entry = tuple[str, ExportedPicture, Rendered]
"""A file: its path in the ZIP, of which picture, and what is known of it."""


class Export(BaseModel, frozen=True, defer_build=True):
    """Everything that is in an export. `pattern` and `folders` say how its files are called."""

    id: str
    project: str
    made_at: Instant
    pattern: str
    folders: Folders
    pictures: tuple[ExportedPicture, ...]

    def files(self) -> Iterator[Entry]:
        """Every file with its path in the ZIP, picture by picture."""
        all_ = [
            (number, picture, file)
            for number, picture in enumerate(self.pictures, 1)
            for file in picture.files
        ]
        named = [
            Named(picture.sku, picture.name, picture.made_on, number, file.target)
            for number, picture, file in all_
        ]
        for path, (_, picture, file) in zip(
            paths(named, self.pattern, self.folders), all_, strict=True
        ):
            yield path, picture, file

    def by_picture(self) -> Iterator[tuple[ExportedPicture, list[Entry]]]:
        """Every picture with its files."""
        for _, entries in groupby(self.files(), key=lambda entry: id(entry[1])):
            of_it = list(entries)
            yield of_it[0][1], of_it


class _Camel(BaseModel):
    model_config = ConfigDict(
        frozen=True, defer_build=True, alias_generator=to_camel, populate_by_name=True
    )


class _File(_Camel):
    path: str
    made_for: str
    format: str
    width: int
    height: int
    size_bytes: int
    quality: int | None
    passes: bool
    remarks: list[dict[str, Any]]


class _Picture(_Camel):
    item_id: str
    name: str
    sku: str | None
    made_on: date
    look: Mapping[str, Any]
    versions: Mapping[str, str]
    files: list[_File]


class _Metadata(_Camel):
    export_id: str
    project: str
    made_at: Instant
    pattern: str
    folders: str
    pictures: list[_Picture]


def metadata(export: Export) -> bytes:
    """`metadata.json`: each picture with the settings that made it, and its files."""
    pictures = [
        _Picture.model_validate(
            picture.model_dump() | {"files": [_file(path, file) for path, _, file in of_it]}
        )
        for picture, of_it in export.by_picture()
    ]
    whole = _Metadata(
        export_id=export.id,
        project=export.project,
        made_at=export.made_at,
        pattern=export.pattern,
        folders=export.folders,
        pictures=pictures,
    )
    return whole.model_dump_json(by_alias=True, indent=2).encode()


def _file(path: str, file: Rendered) -> _File:
    return _File(
        path=path,
        made_for=file.target.label,
        format=file.target.format,
        width=file.width_px,
        height=file.height_px,
        size_bytes=file.size_bytes,
        quality=file.quality,
        passes=file.passes,
        remarks=[told.model_dump() for told in file.told],
    )


def report_csv(export: Export, language: Language) -> bytes:
    """`report.csv`: a line for each rule of each file, and one for what could not be kept."""

    def said(words: Words | None) -> str:
        return "" if words is None else str(getattr(words, language))

    def rows() -> Iterator[tuple[str, ...]]:
        for path, picture, file in export.files():
            start = (path, picture.name, picture.sku or "", file.target.label)
            for check in file.checks:
                why = check.evidence
                origin = ("", "", "", "")
                if why is not None:
                    strength = STRENGTHS[why.strength].to(language)
                    origin = (why.source, why.date, strength, said(why.note))
                rule, outcome = RULES[check.rule], OUTCOMES[check.outcome]
                measured, required = said(check.measured), said(check.required)
                yield *start, rule.to(language), measured, required, outcome.to(language), *origin
            for told in file.told:
                yield *start, "", "", "", remark(told).to(language), "", "", "", ""

    return as_csv(_COLUMNS, rows())
