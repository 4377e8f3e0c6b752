"""The folder that results go to."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from lumiku_client._photos import printable

from .contact_sheet import Pair, write_contact_sheet
from .exits import give_up
from .photos import CONTACT_SHEET, result_names
from .removal import Outcome, State


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
    pairs = [Pair(o.photo, o.target) for o in outcomes if o.state is State.DONE]
    if not pairs:
        return None
    write_contact_sheet(pairs, out / CONTACT_SHEET)
    return out / CONTACT_SHEET
