"""Midtrans's adapter with its imitation at the other end, without a network between them."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from lumiku.adapters.money.midtrans import Hosts, Midtrans
from lumiku.domain.money.refusals import GatewayDown
from lumiku.domain.reach import Reach
from tests.faults.stores import fake_world
from tests.faults.world import World
from tests.imitation_providers.midtrans import SERVER_KEY, MidtransImitation


class WiredMidtrans(Midtrans):
    """Calls `bank` itself."""

    def __init__(self, bank: MidtransImitation) -> None:
        super().__init__(lambda: SERVER_KEY, Hosts(bank.url, bank.url), Reach())
        self.bank = bank

    def _call(
        self, method: str, url: str, body: Mapping[str, Any] | None = None
    ) -> Mapping[str, Any]:
        proof = self._proof()
        status, said = self.bank.answer(method, url.removeprefix(self.bank.url), proof, body)
        if status >= 500:
            raise GatewayDown
        return dict(said)


@contextmanager
def at_midtrans(
    open_world: Callable[..., Any] = fake_world,
    gateway_class: type[WiredMidtrans] = WiredMidtrans,
    **options: Any,
) -> Iterator[World]:
    """A world that is paid through Midtrans."""
    with open_world(gateway=gateway_class(MidtransImitation()), **options) as world:
        yield world
