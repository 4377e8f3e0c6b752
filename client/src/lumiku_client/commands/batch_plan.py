"""What a batch consists of: the photos that were asked for, or those of an unfinished order."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lumiku_client._batch_models import MAX_BATCH, MIN_BATCH
from lumiku_client._models import Tier
from lumiku_client._options import Options
from lumiku_client._photos import printable

from .batch_state import STATE_FILE, BatchState, Planned, StateUnreadable, load
from .exits import give_up
from .out_folder import check_there, no_photos, targets_in
from .outcomes import Outcome, hopeless
from .photos import find
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
        check_there(paths)
    else:
        _check(earlier, asked, tier, options, out, account)
    found = find([path for path in paths if path.exists()], out)
    photos = [photo.parent.resolve() / photo.name for photo in found.photos]
    if earlier is None and not photos:
        no_photos(paths)
    targets = targets_in(out, photos, options.extension)
    reasons = {photo: hopeless(photo) for photo in photos}
    fit = [photo for photo, reason in reasons.items() if reason is None]
    refused = [
        Outcome(photo, targets[photo], job_over=True).failed(reason)
        for photo, reason in reasons.items()
        if reason is not None
    ]
    if earlier is not None:
        known = {photo.path for photo in earlier.photos}
        refused = [outcome for outcome in refused if outcome.photo not in known]
        new = [photo for photo in fit if photo not in known]
        return Plan(earlier, True, refused, found.skipped, new)
    _check_count(fit, refused)
    planned = [Planned(photo, photo.stat().st_size, targets[photo].name) for photo in fit]
    state = BatchState(account.api_url or "", account.email, asked, tier.value, 0, planned, options)
    return Plan(state, False, refused, found.skipped)


def _check_count(fit: Sequence[Path], refused: Sequence[Outcome]) -> None:
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
    person = f" as {earlier.email}" if earlier.email else ""
    whose = "" if same_caller else f" It was ordered from {earlier.api_url}{person}."
    give_up(
        f"In {printable(str(out))} is an unfinished batch of {len(earlier.photos)} photos, tier "
        f"{earlier.tier}, from: {where}{more}.{printable(whose)} Run its command again to finish "
        f"it, or choose another folder with --out. To drop it: delete {STATE_FILE} there."
    )
