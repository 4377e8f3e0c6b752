"""Refusals of plans and payments."""

from datetime import datetime

from lumiku.domain.errors import Refusal
from lumiku.domain.instant import iso
from lumiku.domain.texts import Text


class NoSubscription(Refusal):
    """The client wants to pay by a plan and has none that can be used."""

    code = "no_subscription"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "There is no subscription that can be used.",
                "Tidak ada langganan yang dapat dipakai.",
            )
        )


class ProductNotInPlan(Refusal):
    """The plan does not have the product; the remover's products are tiers."""

    code = "tier_not_in_plan"

    def __init__(self, *, product: str, plan: str, allowed: list[str]) -> None:
        super().__init__(
            Text(
                f"The plan {plan} does not have the tier {product}.",
                f"Paket {plan} tidak mencakup kualitas {product}.",
            ),
            plan=plan,
            allowed=allowed,
        )


class NotInPlan(Refusal):
    """The plan lacks something that the request needs; `missing` are texts for people.

    `available_in` is the cheapest plan that has all of it; None if no plan has.
    """

    code = "not_in_plan"

    def __init__(self, *, plan: str, missing: list[Text], available_in: str | None) -> None:
        en = f"The plan {plan} does not have: {', '.join(text.en for text in missing)}."
        id_ = f"Paket {plan} tidak mencakup: {', '.join(text.id for text in missing)}."
        if available_in is None:
            told = Text(f"{en} No plan has.", f"{id_} Tidak ada paket yang mencakupnya.")
        else:
            told = Text(
                f"{en} {available_in.capitalize()} has.",
                f"{id_} Paket {available_in} mencakupnya.",
            )
        super().__init__(told, plan=plan, missing=missing, availableIn=available_in)
        self.missing = missing
        self.available_in = available_in


class QuotaExceeded(Refusal):
    """The plan's quota of the day does not reach."""

    code = "quota_exceeded"

    def __init__(
        self, *, needed: int, available: int, resets_at: datetime, retry_after_s: int
    ) -> None:
        super().__init__(
            Text(
                f"{needed} photos are more than the {available} that are left of today's quota.",
                f"{needed} foto melebihi sisa kuota hari ini, yaitu {available}.",
            ),
            needed=needed,
            available=available,
            resetsAt=iso(resets_at),
            retryAfter=retry_after_s,
        )


class AlreadySubscribed(Refusal):
    """The user has this plan."""

    code = "already_subscribed"

    def __init__(self, *, plan: str) -> None:
        super().__init__(
            Text(
                f"The account has the plan {plan} already.",
                f"Akun sudah berlangganan paket {plan}.",
            ),
            plan=plan,
        )


class DowngradeRefused(Refusal):
    """The wanted plan is smaller than the one that is paid for."""

    code = "downgrade_refused"

    def __init__(self, *, plan: str, until: datetime) -> None:
        super().__init__(
            Text(
                f"The plan {plan} is paid until {iso(until)}. Cancel it and take the other one"
                " then.",
                f"Paket {plan} sudah dibayar sampai {iso(until)}. Batalkan, lalu pilih paket lain"
                " setelah itu.",
            ),
            plan=plan,
            paidUntil=iso(until),
        )


class PaymentsUnavailable(Refusal):
    """No payment gateway is set up here."""

    code = "payments_unavailable"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "Payments are not set up on this deployment.",
                "Pembayaran belum disiapkan pada layanan ini.",
            )
        )


class GatewayDown(Refusal):
    """The payment gateway does not answer, or not so that it can be understood."""

    code = "payment_gateway_down"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "The payment gateway does not answer; please try again.",
                "Gerbang pembayaran tidak menjawab; silakan coba lagi.",
            ),
            retryAfter=30,
        )


class NotRefunded(Refusal):
    """There is no payment to give back, or the gateway does not give it back."""

    code = "not_refunded"

    def __init__(self, *, payment_status: str) -> None:
        super().__init__(
            Text(
                f"The payment is {payment_status} and was not given back.",
                f"Pembayaran berstatus {payment_status} dan tidak dikembalikan.",
            ),
            paymentStatus=payment_status,
        )


class ForgedNotification(Refusal):
    """A payment notification that the gateway did not send."""

    code = "forged_notification"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "The notification does not prove that it is about this payment.",
                "Notifikasi tidak membuktikan bahwa isinya tentang pembayaran ini.",
            )
        )
