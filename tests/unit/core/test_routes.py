"""What an operator may write into ProviderRoutes."""

import pytest

from lumiku.domain.hosting.models import HOSTED_MODELS
from lumiku.domain.hosting.routes import Names, Routes
from lumiku.domain.hosting.routes import read_routes as read
from lumiku.domain.reach import Reach
from photo_steps import QUALITIES

NAMES: Names = {**dict.fromkeys(QUALITIES, ("cutout", "mask")), "ai-simple": ("backdrop",)}


def read_routes(text: str, *, loopback: bool = False) -> Routes:
    return read(text, NAMES, HOSTED_MODELS, Reach(loopback=loopback))


@pytest.mark.parametrize("text", ["", "  ", "{}", '{"basic": ["local"]}'])
def test_without_routes_everything_is_local(text: str) -> None:
    assert read_routes(text).hosted == {}


def test_a_tiers_chain_with_addresses_and_caps() -> None:
    routes = read_routes(
        '{"standard": ["fal:birefnet-light", "huggingface:endpoint", "local"],'
        ' "baseUrls": {"huggingface:endpoint": "https://x.endpoints.huggingface.cloud"},'
        ' "concurrency": {"fal": 2}}'
    )

    assert routes.hosted == {"standard": ("fal:birefnet-light", "huggingface:endpoint")}
    assert routes.base_urls == {"huggingface:endpoint": "https://x.endpoints.huggingface.cloud"}
    assert routes.concurrency == {"fal": 2}


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
        ('{"basic": ["huggingface:endpoint", "local"]}', "needs an address"),
        ('{"concurrency": {"fall": 1}}', "are not among"),
        ('{"concurrency": {"fal": 0}}', "concurrency"),
        ('{"standard": ["fal:flux-schnell", "local"]}', "shows a backdrop"),
        ('{"ai-simple": ["fal:bria", "local"]}', "shows a cutout"),
        ('{"budgets": {"fall": 1}}', "are not among"),
        ('{"budgets": {"fal": -1}}', "budgets"),
        ('{"baseUrls": {"fal": "https://x.example.com"}}', "are not among"),
        ('{"baseUrls": {"fal:bria": "http://x.example.com"}}', "baseUrls: fal:bria"),
        ('{"baseUrls": {"fal:bria": "https://10.0.0.1"}}', "baseUrls: fal:bria"),
        ('{"keys": {"fal": "no"}}', "keys"),
    ],
)
def test_what_cannot_be_meant_is_refused(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read_routes(text)


def test_the_names_of_routes_are_those_that_steps_ask_for() -> None:
    routes = read(
        '{"scenes": ["fal:bria", "local"]}',
        {"scenes": ("cutout",)},
        HOSTED_MODELS,
        Reach(loopback=False),
    )

    assert routes.hosted == {"scenes": ("fal:bria",)}
    with pytest.raises(ValueError, match="scenes"):
        read_routes('{"scenes": ["fal:bria", "local"]}')


def test_a_laptop_may_be_its_own_provider() -> None:
    text = '{"baseUrls": {"fal:bria": "http://127.0.0.1:8000"}}'

    assert read_routes(text, loopback=True).base_urls
    with pytest.raises(ValueError, match="fal:bria"):
        read_routes(text)
