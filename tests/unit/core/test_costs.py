"""What making a photo costs, by hand."""

from datetime import date

import pytest

from lumiku.domain.money.costs import lambda_cost_microusd, rupiah
from lumiku.domain.work.receipts import Receipt

DAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("memory_mb", "run_ms", "microusd"),
    [(1024, 1000, 17), (2048, 3000, 101), (3008, 2000, 98), (3008, 0, 0), (1024, 1, 1)],
)
def test_lambda_is_billed_by_memory_and_time(memory_mb: int, run_ms: int, microusd: int) -> None:
    # 16.667 micro-USD for a GB-second, rounded up: 2 GB for 3 s are 100.002.
    assert lambda_cost_microusd(memory_mb, run_ms, DAY) == microusd


def test_rupiah_are_rounded_up_once() -> None:
    assert rupiah(1_000_000, DAY) == 16_500
    assert rupiah(3_000, DAY) == 50  # 49.5
    assert rupiah(0, DAY) == 0
    assert rupiah(61, date(2020, 1, 1)) == 2  # before the first rate, that


def test_a_receipt_costs_the_provider_and_the_run() -> None:
    receipt = Receipt(
        entry="fal:birefnet-light",
        provider_microusd=3_000,
        memory_mb=2048,
        stage_ms={"read": 100, "hosted": 2_800, "write": 100},
    )

    assert (receipt.provider, receipt.model) == ("fal", "birefnet-light")
    assert receipt.lambda_microusd(DAY) == 101
    assert receipt.cost_microusd(DAY) == 3_101


def test_a_local_receipt_names_the_models_that_took_part() -> None:
    receipt = Receipt(weights={"u2net": "8d10", "u2netp": "309c"})

    assert (receipt.provider, receipt.model) == ("local", "u2net+u2netp")
    assert Receipt().model is None
