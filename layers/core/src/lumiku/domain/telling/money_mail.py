"""The mails about a plan's renewal and a payment, in the customer's language; no links in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from lumiku.domain.money.invoices import Invoice
from lumiku.domain.money.subscriptions import GRACE, Subscription, SubscriptionStatus
from lumiku.domain.telling.mails import Mail, Occasion, written
from lumiku.domain.texts import Language, Text

_GREETING = Text("Hello,", "Halo,")
_FAREWELL = Text("Lumiku. Payment {id}.", "Lumiku. Pembayaran {id}.")


@dataclass(frozen=True, slots=True)
class _Words:
    subject: Text
    lines: tuple[Text, ...]


_WORDS: Mapping[Occasion, _Words] = {
    Occasion.RENEWAL: _Words(
        Text("Your plan {plan} ends on {end}", "Paket {plan} Anda berakhir pada {end}"),
        (
            Text(
                "The next month of the plan {plan} costs {amount}.",
                "Biaya paket {plan} untuk bulan berikutnya adalah {amount}.",
            ),
            Text(
                "Nothing is taken by itself: pay on the page, under Plan, by {last}.",
                "Tidak ada yang ditagih otomatis: bayar di halaman, menu Paket, sebelum {last}.",
            ),
        ),
    ),
    Occasion.UNPAID: _Words(
        Text("Your plan {plan} was not paid", "Paket {plan} Anda belum dibayar"),
        (
            Text(
                "The month of the plan {plan} was over on {end}; {amount} were not paid.",
                "Bulan paket {plan} berakhir pada {end}; {amount} belum dibayar.",
            ),
            Text(
                "The plan stays usable until {last}. Pay until then, on the page, under Plan.",
                "Paket tetap dapat dipakai sampai {last}. Bayar sebelum itu di menu Paket.",
            ),
        ),
    ),
    Occasion.PAID: _Words(
        Text("Payment received: {amount}", "Pembayaran diterima: {amount}"),
        (Text("Your payment of {amount} was received.", "Pembayaran {amount} telah diterima."),),
    ),
}
_OF_PLAN = Text("The plan {plan} is paid until {end}.", "Paket {plan} sudah dibayar sampai {end}.")
_OF_CREDITS = Text(
    "{credits} credits are in your account; they do not expire.",
    "{credits} kredit ada di akun Anda dan tidak kedaluwarsa.",
)


def has_something_to_say(
    occasion: Occasion, invoice: Invoice, subscription: Subscription | None, now: datetime
) -> bool:
    """The occasion still is one: what was paid or given up meanwhile is not asked for."""
    if occasion is Occasion.PAID:
        return True
    if subscription is None or not invoice.can_be_paid or not subscription.auto_renew:
        return False
    in_grace = subscription.status(now) is SubscriptionStatus.GRACE_PERIOD
    return subscription.is_usable(now) if occasion is Occasion.RENEWAL else in_grace


def compose(
    occasion: Occasion,
    invoice: Invoice,
    subscription: Subscription | None,
    credits: int | None,
    language: Language,
) -> Mail:
    """The mail about an invoice. `credits` are those that a payment became, if it did."""
    end = subscription.period_end if subscription else None
    facts = {
        "id": invoice.id,
        "plan": (invoice.plan_name or "").capitalize(),
        "amount": "Rp " + f"{invoice.amount_idr:,}".replace(",", "."),
        "end": f"{end:%Y-%m-%d}" if end else "",
        "last": f"{end + GRACE:%Y-%m-%d}" if end else "",
        "credits": credits or 0,
    }
    words = _WORDS[occasion]
    lines = list(words.lines)
    if occasion is Occasion.PAID:
        lines.append(_OF_CREDITS if credits else _OF_PLAN)
    said = [one.to(language).format(**facts) for one in (_GREETING, *lines, _FAREWELL)]
    return written(words.subject.to(language).format(**facts), said, language)
