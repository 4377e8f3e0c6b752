"""What an operator may write into ProviderRoutes."""

import pytest

from lumiku.domain.pricing import Tier
from lumiku.domain.routes import read_routes

KNOWN = {"fal:birefnet-light", "segmind:bg-removal-v2"}


@pytest.mark.parametrize("text", ["", "  ", "{}", '{"basic": ["local"]}'])
def test_without_routes_every_tier_is_local(text: str) -> None:
    assert read_routes(text, KNOWN).hosted == {}


def test_a_tiers_chain_and_a_providers_options() -> None:
    routes = read_routes(
        '{"standard": ["fal:birefnet-light", "segmind:bg-removal-v2", "local"],'
        ' "providers": {"fal": {"concurrency": 2, "baseUrl": "https://proxy.example.com/fal"}}}',
        KNOWN,
    )

    assert routes.hosted == {Tier.STANDARD: ("fal:birefnet-light", "segmind:bg-removal-v2")}
    assert routes.providers["fal"].concurrency == 2
    assert routes.providers["fal"].base_url == "https://proxy.example.com/fal"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("standard: local", "Invalid JSON"),
        ('["local"]', "object"),
        ('{"gold": ["local"]}', "gold"),
        ('{"basic": []}', "must end with 'local'"),
        ('{"basic": ["fal:birefnet-light"]}', "must end with 'local'"),
        ('{"basic": ["local", "fal:birefnet-light"]}', "must end with 'local'"),
        ('{"basic": ["local", "local"]}', "are not among"),
        ('{"basic": ["fal:birefnet", "local"]}', "are not among"),
        ('{"basic": ["fal:birefnet-light", "fal:birefnet-light", "local"]}', "twice"),
        ('{"providers": {"fall": {}}}', "are not among"),
        ('{"providers": {"fal": {"concurrency": 0}}}', "concurrency"),
        ('{"providers": {"fal": {"baseUrl": "fal.run"}}}', "baseUrl"),
        ('{"providers": {"fal": {"key": "no"}}}', "key"),
    ],
)
def test_what_cannot_be_meant_is_refused(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read_routes(text, KNOWN)
