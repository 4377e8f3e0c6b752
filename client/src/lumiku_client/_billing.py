"""Plans, credits and figures: what photos cost, and how it is paid."""

import uuid
from collections.abc import Sequence

from ._api import PREFIX, Api
from ._billing_models import Invoice, Package, Packages, Stats, Subscription


class Subscriptions[M: Subscription]:
    """The plans of one app. Every method raises ApiProblem."""

    def __init__(self, api: Api, prefix: str, answer: type[M]) -> None:
        self._api = api
        self._path = f"{prefix}/subscription"
        self._answer = answer

    def subscription(self) -> M:
        """The account's plan, what is to be paid for it, and the plans there are."""
        return self._payable(self._api.get(self._path, self._answer))

    def subscribe(self, plan: str, *, idempotency_key: str | None = None) -> M:
        """Asks for a plan, or a larger one; it starts when its `payment` arrives."""
        key = idempotency_key or str(uuid.uuid4())
        return self._payable(self._api.post(self._path, self._answer, {"plan": plan}, key=key))

    def cancel(self) -> M:
        """Not to be renewed; usable to the end of what was paid."""
        return self._payable(self._api.delete(self._path, self._answer))

    def _payable(self, found: M) -> M:
        if found.payment is None:
            return found
        return found.model_copy(update={"payment": self._addressed(found.payment)})

    def _addressed(self, payment: Invoice) -> Invoice:
        """With an address that a browser opens."""
        if payment.checkout_url is None:
            return payment
        url = self._api.absolute(payment.checkout_url)
        return payment.model_copy(update={"checkout_url": url})


class Billing(Subscriptions[Subscription]):
    """The part of a client that deals with money. Every method raises ApiProblem."""

    def __init__(self, api: Api) -> None:
        super().__init__(api, PREFIX, Subscription)

    def packages(self) -> Sequence[Package]:
        """Credits that can be bought at once."""
        return self._api.get("/api/credits/packages", Packages).packages

    def top_up(self, package: str, *, idempotency_key: str | None = None) -> Invoice:
        """Asks for a package; the credits come with the payment."""
        key = idempotency_key or str(uuid.uuid4())
        body = {"package": package}
        return self._addressed(self._api.post("/api/credits/topups", Invoice, body, key=key))

    def stats(self, *, months: int = 3, month: str | None = None) -> Stats:
        """Figures of so many months up to this one, or of one of them (`2026-11`)."""
        params: dict[str, str | int] = {"months": months} if month is None else {"month": month}
        return self._api.get(f"{PREFIX}/stats", Stats, params)
