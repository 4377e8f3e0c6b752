"""A photo put through its workflow: from the bytes of a file to the bytes of its outputs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from darkroom.asking import Wish
from darkroom.compose import composed
from darkroom.decode import decode_photo
from darkroom.encode import encode
from darkroom.exporting.rendering import exported
from darkroom.keeping import pack, unpack
from darkroom.models import Models
from darkroom.picture import Bytes, Note, Picture, Remark
from darkroom.steps import OPERATIONS
from darkroom.steps.operation import Need, Stored, Watch
from darkroom.studio.previewing import for_previews
from darkroom.thumbnail import VIEW_SIDE_PX, thumbnail
from photo_steps import Leave, PictureFile, Role, Step, Workflow
from photo_steps.bundles import bundled
from photo_steps.exports import ExportFiles, Target, targets_of

_THUMBNAIL_QUALITY = 80

type Ask = Callable[[int, str, Wish], Bytes | None]
"""`Hosted` for all steps: asks on behalf of the step at that place of the workflow."""
type Keep = Callable[[int, bytes], None]
"""Stores the picture after the step at that place; what it raises ends the run."""


def nobody(_place: int, _route: str, _wish: Wish) -> None:
    """No provider is asked."""


def nothing(key: str) -> bytes:
    """No file is stored beside the photo."""
    raise KeyError(key)


@dataclass(frozen=True)
class Tools:
    """What steps may need. A step is handed only what it declares."""

    models: Models
    watch: Watch
    ask: Ask = nobody
    stored: Stored = nothing


@dataclass(frozen=True)
class Kept:
    """The picture after the step at `place`, as `Keep` was given it by an earlier run."""

    place: int
    picture: bytes


@dataclass(frozen=True)
class Made:
    """What became of a photo, by role; `models` are the embedded ones that ran for it.

    `remarks` are what the steps found, or could not do as they were told.
    """

    files: Mapping[Role, PictureFile]
    note: Note | None
    remarks: tuple[Remark, ...]
    models: frozenset[str]


def run(
    photo: bytes,
    workflow: Workflow,
    tools: Tools,
    *,
    resume: Kept | None = None,
    keep: Keep | None = None,
) -> Made:
    """Decode, do every step after the one that was kept, encode.

    What a provider was paid for and what costly steps make is given to `keep`; `Leave` makes
    outputs of the packed picture and a small copy, unless it is what was kept. A workflow that
    ends with `ExportFiles` makes a bundle of its files. Raises
    `PhotoRefused` where the photo is the reason.
    """
    tools.models.ran.clear()
    with tools.watch.stage("decode"):
        picture = decode_photo(photo) if resume is None else unpack(resume.picture)
    first = 0 if resume is None else resume.place + 1
    files: dict[Role, PictureFile] = {}
    for place, step in enumerate(workflow[first:], first):
        picture, is_worth_keeping = _done(picture, place, step, tools)
        if is_worth_keeping and keep is not None:
            with tools.watch.stage("keep"):
                keep(place, pack(picture))
        if step.name == Leave.step:
            with tools.watch.stage("leave"):
                files |= {"cutout": _packed(picture), "preview": _packed(for_previews(picture))}
    if workflow and workflow[-1].name == ExportFiles.step:
        with tools.watch.stage("export"):
            files |= _export(picture, targets_of(workflow))
        return Made(files, picture.note, picture.remarks, frozenset(tools.models.ran))
    with tools.watch.stage("encode"):
        picture = composed(picture)
        files["result"] = _as_sent(picture, photo) if picture.is_kept else _encoded(picture)
        files["thumbnail"] = _encoded(thumbnail(picture), quality=_THUMBNAIL_QUALITY)
        if picture.is_kept:
            view = thumbnail(picture, VIEW_SIDE_PX)
            files["view"] = _encoded(view, quality=_THUMBNAIL_QUALITY)
    return Made(files, picture.note, picture.remarks, frozenset(tools.models.ran))


def _done(picture: Picture, place: int, step: Step, tools: Tools) -> tuple[Picture, bool]:
    """Do one step; says also whether its outcome must not have to be made again."""
    operation = OPERATIONS[step.name]
    was_paid = False

    def hosted(route: str, wish: Wish) -> Bytes | None:
        nonlocal was_paid
        found = tools.ask(place, route, wish)
        was_paid = was_paid or found is not None
        return found

    every: dict[Need, Any] = {
        "models": tools.models,
        "hosted": hosted,
        "stored": tools.stored,
        "watch": tools.watch,
    }
    needed = {need: every[need] for need in operation.needs}
    with tools.watch.stage(operation.stage):
        done = operation.apply(picture, step.read(operation.parameters), **needed)
    return done, was_paid or operation.is_costly


def _export(picture: Picture, targets: Sequence[Target]) -> dict[Role, PictureFile]:
    bundle = bundled((made.data, made.facts) for made in exported(picture, targets))
    small = _encoded(thumbnail(composed(picture)), quality=_THUMBNAIL_QUALITY)
    return {
        "result": PictureFile(bundle, picture.width, picture.height, "zip"),
        "thumbnail": small,
    }


def _packed(picture: Picture) -> PictureFile:
    return PictureFile(pack(picture), picture.width, picture.height, "png")


def _as_sent(picture: Picture, photo: bytes) -> PictureFile:
    return PictureFile(photo, picture.width, picture.height, picture.sent_as.lower())


def _encoded(picture: Picture, **quality: int) -> PictureFile:
    data = encode(picture, picture.format, **quality)
    return PictureFile(data, picture.width, picture.height, picture.format)
