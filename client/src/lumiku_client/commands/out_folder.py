"""What a command is given and where its results go."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NoReturn

from lumiku_client._photos import printable

from .contact_sheet import write_contact_sheet
from .exits import give_up
from .outcomes import Outcome
from .photos import CONTACT_SHEET, result_names


def check_there(paths: Iterable[Path]) -> None:
    """Gives up where something that was asked for does not exist."""
    missing = [path for path in paths if not path.exists()]
    if missing:
        give_up(f"No such file or folder: {_listed(missing)}")


def no_photos(paths: Iterable[Path]) -> NoReturn:
    """Gives up, since there is nothing to send."""
    give_up(f"No photos found in {_listed(paths)}")


def _listed(paths: Iterable[Path]) -> str:
    return ", ".join(printable(str(path)) for path in paths)


def targets_in(out: Path, photos: Sequence[Path], extension: str) -> Mapping[Path, Path]:
    """Each photo's result; gives up before anything is paid if results could not be kept."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        probe = out / ".lumiku-probe"
        probe.touch()
        case_matters = not (out / probe.name.upper()).exists()
        probe.unlink()
    except OSError as error:
        give_up(f"Results cannot be written to {printable(str(out))}: {error.strerror}")
    names = result_names(photos, extension, case_matters=case_matters)
    targets = {photo: out / name for photo, name in names.items()}
    sources = {photo.resolve() for photo in photos}
    if any(target.resolve() in sources for target in [*targets.values(), out / CONTACT_SHEET]):
        give_up("Results would overwrite photos: choose another folder with --out.")
    return targets


def contact_sheet_in(out: Path, outcomes: Sequence[Outcome]) -> Path | None:
    """Writes the contact sheet of what is done, if anything is."""
    pairs = [(outcome.photo, outcome.target) for outcome in outcomes if outcome.is_done]
    if not pairs:
        return None
    write_contact_sheet(pairs, out / CONTACT_SHEET)
    return out / CONTACT_SHEET
