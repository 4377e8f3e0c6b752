"""The mail about what was used in a month, in the customer's language; no links in it."""

from collections.abc import Iterable

from lumiku.domain.money.ledger import Entry, EntryKind
from lumiku.domain.telling.mails import Mail, written
from lumiku.domain.texts import Language, Text

_SUBJECT = Text("Your {month} with Lumiku", "Bulan {month} Anda di Lumiku")
_GREETING = Text("Hello,", "Halo,")
_LINES = (
    Text(
        "Ordered in {month} (UTC): {photos} photos.", "Dipesan pada {month} (UTC): {photos} foto."
    ),
    Text("Credits used: {used}.", "Kredit yang dipakai: {used}."),
    Text("Credits bought: {bought}.", "Kredit yang dibeli: {bought}."),
    Text("Credits now: {balance}.", "Kredit sekarang: {balance}."),
)
_OFF = Text(
    "This report can be switched off on the page, under Account.",
    "Laporan ini dapat dimatikan di halaman, menu Akun.",
)


def month_mail(
    month: str, entries: Iterable[Entry], balance: int, language: Language
) -> Mail | None:
    """The report of a month by its entries; None if nothing was ordered or bought."""
    photos = used = bought = 0
    for entry in entries:
        if entry.kind is EntryKind.CHARGE:
            photos, used = photos + entry.photos, used - entry.amount
        elif entry.kind is EntryKind.REFUND:
            photos, used = photos - entry.photos, used - entry.amount
        elif entry.kind is EntryKind.TOPUP:
            bought += entry.amount
    if not photos and not bought:
        return None
    facts = {"month": month, "photos": photos, "used": used, "bought": bought, "balance": balance}
    said = [one.to(language).format(**facts) for one in (_GREETING, *_LINES, _OFF)]
    return written(_SUBJECT.to(language).format(**facts), said, language)
