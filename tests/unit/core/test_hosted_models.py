"""The table of hosted models."""

from datetime import date

import pytest

from lumiku.domain.hosting import models as hosted_models
from lumiku.domain.hosting.models import HOSTED_MODELS, HostedModel, ModelPrice, price_microusd


@pytest.mark.parametrize("entry", HOSTED_MODELS)
def test_an_entry_names_its_provider_and_model(entry: str) -> None:
    provider, _, model = entry.partition(":")
    assert HOSTED_MODELS[entry].wire.startswith(provider)
    assert model


def test_only_an_endpoint_of_the_operators_own_has_no_address() -> None:
    without = {entry for entry, model in HOSTED_MODELS.items() if model.base_url is None}
    assert without == {"huggingface:endpoint"}


@pytest.mark.parametrize("entry", HOSTED_MODELS)
def test_prices_come_newest_first_and_only_the_own_endpoint_has_none(entry: str) -> None:
    prices = HOSTED_MODELS[entry].prices
    assert list(prices) == sorted(prices, key=lambda price: price.since, reverse=True)
    assert (price_microusd(entry, date(2027, 1, 1), 1) > 0) is (entry != "huggingface:endpoint")


def test_the_price_is_that_of_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    prices = (ModelPrice(date(2027, 1, 1), 7, False), ModelPrice(date(2026, 1, 1), 5, False))
    model = HostedModel("fal-direct", "https://fal.run", "m", "cutout", prices)
    monkeypatch.setattr(hosted_models, "HOSTED_MODELS", {"fal:m": model})
    assert price_microusd("fal:m", date(2027, 1, 1), 9) == 7
    assert price_microusd("fal:m", date(2026, 12, 31), 9) == 5
    assert price_microusd("fal:m", date(2020, 1, 1), 9) == 5


@pytest.mark.parametrize(
    ("pixels", "microusd"), [(1, 3_000), (1_000_000, 3_000), (1_000_001, 6_000)]
)
def test_a_price_by_the_megapixel_counts_begun_ones(pixels: int, microusd: int) -> None:
    assert price_microusd("fal:flux-schnell", date(2027, 1, 1), pixels) == microusd
