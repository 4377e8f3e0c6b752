"""What a batch consists of: the photos that were asked for, or those of an unfinished order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lumiku_client._batch_models import MAX_BATCH, MIN_BATCH
from lumiku_client._errors import ApiProblem
from lumiku_client._models import Tier
from lumiku_client._options import Options
from lumiku_client._photos import printable, refusal

from .batch_state import STATE_FILE, BatchState, Planned, StateUnreadable, load
from .exits import give_up
from .out_folder import targets_in
from .photos import Found, find
from .removal import Outcome, State
from .sentences import sentence
from .settings import Account


@dataclass(frozen=True)
class Plan:
    """An order, made now or by an earlier run.

    refused   photos that cannot be part of any order, for example empty files
    skipped   files that are no photos
    new       photos that an earlier order, which comes first, does not have
    """

    state: BatchState
    is_resumed: bool
    refused: Sequence[Outcome]
    skipped: Sequence[Path]
    new: Sequence[Path] = ()


def plan(paths: Sequence[Path], tier: Tier, options: Options, out: Path, account: Account) -> Plan:
    """Ends the command with a sentence where there is nothing that could be ordered."""
    asked = sorted(str(path.resolve()) for path in paths)
    earlier = _earlier(out)
    if earlier is None:
        missing = [path for path in paths if not path.exists()]
        if missing:
            give_up("No such file or folder: " + ", ".join(printable(str(p)) for p in missing))
    found = find([path for path in paths if path.exists()], out)
    photos = [_absolute(photo) for photo in found.photos]
    if earlier is not None:
        _check(earlier, asked, tier, options, out, account)
        fit, refused = _sorted_out(photos, targets_in(out, photos, options.extension))
        known = {photo.path for photo in earlier.photos}
        new = [photo for photo in fit if photo not in known]
        gone = [outcome for outcome in refused if outcome.photo not in known]
        return Plan(earlier, True, gone, found.skipped, new)
    if not photos:
        give_up("No photos found in " + ", ".join(printable(str(p)) for p in paths))
    return _ordered(photos, found, tier, options, out, asked, account)


def _ordered(
    photos: Sequence[Path],
    found: Found,
    tier: Tier,
    options: Options,
    out: Path,
    asked: Sequence[str],
    account: Account,
) -> Plan:
    targets = targets_in(out, photos, options.extension)
    fit, refused = _sorted_out(photos, targets)
    if len(fit) < MIN_BATCH:
        told = f" {refused[0].photo.name}: {refused[0].error}" if refused else ""
        give_up(
            f"A batch has {MIN_BATCH} to {MAX_BATCH} photos, and there is {len(fit) or 'none'} "
            f"to send.{printable(told)} For single photos: lumiku remove"
        )
    if len(fit) > MAX_BATCH:
        give_up(
            f"A batch has at most {MAX_BATCH} photos, and these are {len(fit)}. "
            "Send them as several batches, each with a folder of its own for --out."
        )
    planned = [Planned(photo, photo.stat().st_size, targets[photo].name) for photo in fit]
    state = BatchState(account.api_url or "", account.email, asked, tier.value, 0, planned, options)
    return Plan(state, False, refused, found.skipped)


def _earlier(out: Path) -> BatchState | None:
    try:
        return load(out)
    except StateUnreadable as error:
        give_up(
            f"{printable(str(error))} should tell how far an earlier batch has come, but cannot be "
            "read. That batch may be paid for; to start anew, delete the file."
        )


def _check(
    earlier: BatchState,
    asked: Sequence[str],
    tier: Tier,
    options: Options,
    out: Path,
    account: Account,
) -> None:
    """An unfinished order comes first: it is paid for."""
    same_caller = earlier.api_url == account.api_url and (
        None in (earlier.email, account.email) or earlier.email == account.email
    )
    same_order = earlier.asked == asked and earlier.tier == tier and earlier.options == options
    if same_caller and same_order:
        return
    where = ", ".join(printable(path) for path in earlier.asked[:3])
    more = ", ..." if len(earlier.asked) > 3 else ""
    whose = (
        ""
        if same_caller
        else f" It was ordered from {earlier.api_url}"
        + (f" as {earlier.email}." if earlier.email else ".")
    )
    give_up(
        f"In {printable(str(out))} is an unfinished batch of {len(earlier.photos)} photos, tier "
        f"{earlier.tier}, from: {where}{more}.{printable(whose)} Run its command again to finish "
        f"it, or choose another folder with --out. To drop it: delete {STATE_FILE} there."
    )


def _sorted_out(
    photos: Sequence[Path], targets: Mapping[Path, Path]
) -> tuple[Sequence[Path], Sequence[Outcome]]:
    """Those that can be sent, and those that would certainly be refused, with the reason."""
    fit, refused = [], []
    for photo in photos:
        try:
            reason = refusal(photo)
            with photo.open("rb"):
                pass
        except OSError as error:
            told = error.strerror or str(error)
            reason = ApiProblem(
                status=0, code="photo_not_read", title=f"The photo cannot be read: {told}"
            )
        if reason is None:
            fit.append(photo)
        else:
            refused.append(
                Outcome(
                    photo,
                    targets[photo],
                    State.FAILED,
                    code=reason.code,
                    error=sentence(reason),
                    job_over=True,
                )
            )
    return fit, refused


def _absolute(photo: Path) -> Path:
    return photo.parent.resolve() / photo.name
