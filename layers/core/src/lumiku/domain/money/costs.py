"""What making a photo costs: dated prices in whole units, so that nothing is rounded on the way.

Money paid to providers and to AWS is in micro-USD, a millionth of a dollar.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class LambdaPrice:
    """Billionths of a dollar for a second with 1,024 MB, from a day on."""

    since: date
    nano_usd_per_gb_s: int


@dataclass(frozen=True, slots=True)
class DollarRate:
    """Rupiah for a dollar, from a day on."""

    since: date
    idr: int


# Newest first. AWS price list, x86, first tier.
LAMBDA_PRICES = (LambdaPrice(date(2026, 1, 1), 16_667),)
DOLLAR_RATES = (DollarRate(date(2026, 1, 1), 16_500),)


def lambda_cost_microusd(memory_mb: int, run_ms: int, day: date) -> int:
    """What a run of that length costs, by estimate: without the free tier, part rounded up."""
    price = _on(LAMBDA_PRICES, day).nano_usd_per_gb_s
    return -(-memory_mb * run_ms * price // (1024 * 1000 * 1000))


def rupiah(microusd: int, day: date) -> int:
    """Whole rupiah for millionths of a dollar, part rounded up."""
    return -(-microusd * _on(DOLLAR_RATES, day).idr // 1_000_000)


def _on[P: (LambdaPrice, DollarRate)](prices: Sequence[P], day: date) -> P:
    """The one that holds on `day`; before the first one, that."""
    return next((price for price in prices if price.since <= day), prices[-1])
