"""Rules of webhooks: signatures by the specification's own library, addresses, waits."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from lumiku.domain.errors import InvalidRequest, NotFound
from lumiku.domain.reach import Reach, is_public
from lumiku.domain.telling.signatures import Secret, signature
from lumiku.domain.telling.webhooks import (
    MAX_ENDPOINTS,
    RETRY_AFTER_S,
    Endpoint,
    Endpoints,
    TooManyWebhooks,
    wait_after_s,
)

NOW = datetime.now(UTC)
BODY = '{"type":"batch.closed","data":{"batchId":"b\u00e9"}}'
OLD, NEW = Secret.of(bytes(range(32))), Secret.of(bytes(range(1, 33)))
WORLD, LAPTOP = Reach(), Reach(loopback=True)
# Addresses in the ways in which resolvers take them too: decimal, octal, hexadecimal, short.
OTHERWISE_WRITTEN = (
    "2130706433", "017700000001", "0x7f000001", "0X7F000001", "0177.0.0.1", "0x7f.0.0.1",
    "127.1", "127.0.1", "0x7f.1", "0", "0x", "134744072", "8.8.8.08", "8.8.8.8.8", "1.2.3.256",
)  # fmt: skip


def endpoint(*secrets: Secret, number: int = 1) -> Endpoint:
    return Endpoint(
        id=f"hook_{number}",
        url="https://shop.example.com/hook",
        secrets=secrets or (OLD,),
        created_at=NOW,
    )


def headers(signer: Endpoint, age: timedelta = timedelta(0)) -> dict[str, str]:
    at = datetime.now(UTC) - age  # the library compares with the clock of the test's own moment
    return {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signature(signer.secrets, "msg_1", at, BODY),
    }


def test_the_library_of_the_specification_accepts_a_signature() -> None:
    assert Webhook(OLD.value).verify(BODY, headers(endpoint())) is not None


def test_the_library_refuses_what_was_tampered_with() -> None:
    signed = headers(endpoint())
    a_second_later = str(int(signed["webhook-timestamp"]) + 1)
    for spoiled in ({"webhook-id": "msg_2"}, {"webhook-timestamp": a_second_later}):
        with pytest.raises(WebhookVerificationError, match="No matching signature"):
            Webhook(OLD.value).verify(BODY, signed | spoiled)
    with pytest.raises(WebhookVerificationError):
        Webhook(OLD.value).verify(BODY.replace("closed", "opened"), headers(endpoint()))
    with pytest.raises(WebhookVerificationError):
        Webhook(NEW.value).verify(BODY, headers(endpoint()))


def test_the_library_refuses_what_is_old() -> None:
    with pytest.raises(WebhookVerificationError, match="too old"):
        Webhook(OLD.value).verify(BODY, headers(endpoint(), age=timedelta(minutes=6)))


def test_both_secrets_sign_while_one_replaces_the_other_and_then_only_the_new_one() -> None:
    known = Endpoints(user_id="u", endpoints=(endpoint(OLD),))

    rotated = known.rotate("hook_1", NEW, NOW - timedelta(hours=23)).find("hook_1")
    later = known.rotate("hook_1", NEW, NOW - timedelta(hours=24)).find("hook_1")

    for secret in (OLD, NEW):
        assert Webhook(secret.value).verify(BODY, headers(rotated)) is not None
    assert len(headers(rotated)["webhook-signature"].split(" ")) == 2
    assert Webhook(NEW.value).verify(BODY, headers(later)) is not None
    with pytest.raises(WebhookVerificationError):
        Webhook(OLD.value).verify(BODY, headers(later))


def test_an_account_has_only_so_many_endpoints() -> None:
    known = Endpoints(user_id="u")
    for number in range(MAX_ENDPOINTS):
        known = known.register(endpoint(number=number))

    with pytest.raises(TooManyWebhooks):
        known.register(endpoint(number=MAX_ENDPOINTS))
    assert known.remove("hook_0").register(endpoint(number=MAX_ENDPOINTS))
    with pytest.raises(NotFound):
        known.remove("hook_77")


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104 - not listened on
        "10.0.0.1",
        "100.64.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "169.254.170.2",
        "172.16.0.1",
        "192.168.1.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
        "2001:0:7f00:1::",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1",
    ],
)
def test_inner_addresses_are_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "64:ff9b::808:808"])
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(ip_address(address))


def test_a_name_with_one_inner_address_is_refused_as_a_whole() -> None:
    public, inner = ip_address("8.8.8.8"), ip_address("10.0.0.1")

    assert WORLD.check_all([ip_address("2606:4700::1111"), public]) == public
    for found in ([], [inner], [public, inner]):
        with pytest.raises(ValueError, match="not public"):
            WORLD.check_all(found)


@pytest.mark.parametrize(
    "url",
    [
        "https://shop.example.com",
        "https://shop.example.com:8443/hook?a=b",
        "https://8.8.8.8/x",
        "https://xn--caf-dma.example/?x",
        "https://0x7f.example/",
        "https://127.0.0.1.example/",
    ],
)
def test_a_url_that_can_be_used(url: str) -> None:
    assert WORLD.check_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "http://shop.example.com/",
        "ftp://shop.example.com/",
        "https://",
        "https://user:word@shop.example.com/",
        "https://shop.example.com/#part",
        "https://shop.example.com:0/",
        "https://shop.example.com:99999/",
        "https://shop.example.com/a b",
        "https://shop.example.com/\nhost: x",
        "https://caf\u00e9.example/",
        "https://localhost/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:169.254.169.254]/",
        "https://169.254.169.254/latest/meta-data",
        "http://127.0.0.1:9000/",
        "https://x..y/",
        "https://-x.example/",
        "https://x-.example/",
        f"https://{'x' * 64}.example/",
        f"https://{'x.' * 124}example/",
        "https://shop.localhost/",
        "https://[1.2.3.4]/",
        *(f"https://{host}/" for host in OTHERWISE_WRITTEN),
    ],
)
def test_a_url_that_cannot_be_used(url: str) -> None:
    with pytest.raises(InvalidRequest):
        WORLD.check_url(url)


def test_a_laptop_may_call_itself_and_nothing_else_inside() -> None:
    assert LAPTOP.check_url("http://127.0.0.1:9000/hook")
    assert LAPTOP.allows(ip_address("::1"))
    for url in ("http://shop.example.com/", "https://10.0.0.1/", "https://169.254.169.254/"):
        with pytest.raises(InvalidRequest):
            LAPTOP.check_url(url)


def test_tries_go_on_for_hours() -> None:
    waits = [wait_after_s(tries) for tries in range(1, len(RETRY_AFTER_S) + 2)]

    assert waits == [*RETRY_AFTER_S, None]
    assert sum(RETRY_AFTER_S) > 15 * 3600
    assert max(RETRY_AFTER_S) <= 12 * 3600  # as long as SQS hides a message
