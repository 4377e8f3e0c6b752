"""Fetching what others named an address of."""

import gzip
from collections.abc import Iterator
from ipaddress import ip_address

import pytest

from lumiku.adapters import outbound
from lumiku.adapters.work import fetching
from lumiku.adapters.work.fetching import HttpFetcher
from lumiku.domain.reach import Address, Reach
from lumiku.services.work.fetching import NotFetched
from tests.component.receiver import Receiver, receiving

MAX = 100_000


@pytest.fixture
def shop() -> Iterator[Receiver]:
    with receiving() as started:
        yield started


def fetched(url: str, *, loopback: bool = True) -> bytes:
    return HttpFetcher(Reach(loopback=loopback)).fetch(url, max_bytes=MAX)


def test_what_lies_there_is_fetched(shop: Receiver) -> None:
    shop.answer = b"a photo"

    assert fetched(shop.url) == b"a photo"
    [(sent, _)] = shop.got
    assert sent["accept-encoding"] == "identity"


@pytest.mark.parametrize(
    "to",
    [
        "http://169.254.169.254/latest/meta-data/",
        "https://169.254.169.254/",
        "https://10.0.0.1/",
        "https://[fd00:ec2::254]/",
        "ftp://shop.example.com/a.jpg",
        "file:///etc/passwd",
    ],
)
def test_a_redirect_inwards_is_not_followed(shop: Receiver, to: str) -> None:
    shop.status, shop.headers = 302, {"location": to}

    with pytest.raises(NotFetched):
        fetched(shop.url)

    assert len(shop.got) == 1


def test_a_redirect_to_what_anybody_on_the_way_could_change_is_not_followed(shop: Receiver) -> None:
    shop.status, shop.headers = 302, {"location": "http://93.184.215.14/a.jpg"}

    with pytest.raises(NotFetched, match="Only https"):
        fetched(shop.url)


def test_a_circle_of_redirects_ends(shop: Receiver) -> None:
    shop.status, shop.headers = 302, {"location": shop.url}

    with pytest.raises(NotFetched, match="redirects"):
        fetched(shop.url)

    assert len(shop.got) == fetching.MAX_REDIRECTS + 1


def test_a_name_that_leads_inwards_at_the_second_look_is_not_called(
    shop: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each hop is looked up once, and the address that was looked at is the one that is called."""
    looks: list[str] = []

    async def found(name: str, port: int | None) -> list[Address]:
        looks.append(name)
        return [ip_address("127.0.0.1" if len(looks) == 1 else "10.0.0.1")]

    monkeypatch.setattr(outbound, "_addresses", found)
    shop.status, shop.headers = 302, {"location": f"http://shop.localhost:{shop.port}/again"}

    with pytest.raises(NotFetched, match="not public"):
        fetched(f"http://shop.localhost:{shop.port}/a.jpg")

    assert (len(shop.got), len(looks)) == (1, 2)


def test_this_machine_is_not_called_but_on_a_laptop(shop: Receiver) -> None:
    with pytest.raises(NotFetched):
        fetched(shop.url, loopback=False)

    assert shop.got == []


def test_more_than_is_taken_is_not_read_to_its_end(shop: Receiver) -> None:
    shop.answer = bytes(20_000_000)

    with pytest.raises(NotFetched, match="more than 100000 bytes"):
        fetched(shop.url)


def test_what_comes_slowly_is_not_awaited(shop: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "TIMEOUT_S", 0.2)
    shop.answer, shop.drip_s = bytes(90_000), 0.1

    with pytest.raises(NotFetched, match="longer than"):
        fetched(shop.url)


def test_what_was_packed_for_the_way_stays_packed(shop: Receiver) -> None:
    packed = gzip.compress(bytes(50_000_000))
    shop.answer, shop.headers = packed, {"content-encoding": "gzip"}

    assert fetched(shop.url) == packed


def test_an_address_that_answers_otherwise_has_no_photo(shop: Receiver) -> None:
    shop.status = 404

    with pytest.raises(NotFetched, match="404"):
        fetched(shop.url)
