"""The one way in which providers are called: where to, with what, for how long."""

import socket
import time
from ipaddress import ip_address
from threading import Event

import pytest

from lumiku.adapters import outbound
from lumiku.adapters.hosting.providers import provider_of
from lumiku.adapters.hosting.providers.replies import Manners
from lumiku.adapters.hosting.providers.transport import Transport, deadline
from lumiku.domain.hosting.tickets import Fault, Ticket
from lumiku.domain.reach import Address, Reach
from lumiku.services.hosting.provider import Provider, ProviderFault
from tests.component.providers.asking import PHOTO
from tests.component.receiver import receiving
from tests.imitation_providers.imitation import KEY, Imitation, always
from tests.imitation_providers.script import script
from tests.imitation_providers.server import running

HERE = Reach(loopback=True)


def fal(url: str, key: str = KEY) -> Provider:
    return provider_of("fal:birefnet-heavy", key, base_url=url, reach=HERE)


def transport(url: str, *hosts: str, reach: Reach = HERE) -> Transport:
    auth = ("authorization", f"Bearer {KEY}")
    return Transport(url, auth, Manners(result_hosts=hosts), reach)


def submitted(provider: Provider, time_left_s: float = 2.0) -> ProviderFault:
    with pytest.raises(ProviderFault) as raised:
        provider.submit(PHOTO, time_left_s=time_left_s)
    return raised.value


def closed_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
    return port


@pytest.mark.parametrize(
    "url",
    [
        "http://fal.run",
        "ftp://fal.run",
        "https://10.0.0.1",
        "https://127.0.0.1",
        "https://localhost",
        "https://user:secret@fal.run",
        "fal.run",
        "",
    ],
)
def test_a_base_url_is_https_and_public(url: str) -> None:
    with pytest.raises(ValueError, match="https and public"):
        transport(url, reach=Reach())


def test_a_base_url_with_a_path_and_a_slash_is_fine() -> None:
    with running(Imitation(script("fal-queue"))) as imitation:
        found = fal(f"{imitation.url}/").submit(PHOTO, time_left_s=2)
    assert isinstance(found, Ticket)


@pytest.mark.parametrize("key", ["", " ", "two words of key", "with\nline", "schlüssel"])
def test_a_key_that_no_header_holds_is_refused_without_being_quoted(key: str) -> None:
    with pytest.raises(ValueError, match="key is empty, or has characters") as raised:
        fal("https://queue.fal.run", key)
    assert not key.strip() or key not in str(raised.value)


def test_an_entry_without_an_address_of_its_own_needs_one() -> None:
    with pytest.raises(ValueError, match="huggingface:endpoint needs an address"):
        provider_of("huggingface:endpoint", KEY, base_url=None, reach=HERE)


def test_who_cannot_be_reached_has_not_taken_the_photo() -> None:
    fault = submitted(fal(f"http://127.0.0.1:{closed_port()}"))
    assert (fault.kind, fault.may_be_billed) == (Fault.TRANSIENT, False)


def test_a_name_that_leads_inside_is_not_called(monkeypatch: pytest.MonkeyPatch) -> None:
    async def found(name: str, port: int | None) -> list[Address]:
        return [ip_address("10.0.0.7")]

    monkeypatch.setattr(outbound, "_addresses", found)
    fault = submitted(provider_of("fal:bria", KEY, base_url=None, reach=Reach()))
    assert (fault.kind, fault.may_be_billed) == (Fault.TRANSIENT, False)
    assert "not public" in str(fault)


def test_no_time_left_means_nothing_is_sent() -> None:
    with running(Imitation(script("fal-queue"))) as imitation:
        fault = submitted(fal(imitation.url), time_left_s=0)
    assert fault.may_be_billed is False
    assert imitation.calls == []


def test_a_name_that_is_not_found_in_time_has_not_taken_the_photo(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def lost(name: str, port: int | None) -> list[Address]:
        raise TimeoutError

    monkeypatch.setattr(outbound, "_addresses", lost)
    fault = submitted(fal("http://127.0.0.1:9"))
    assert (fault.kind, fault.may_be_billed) == (Fault.TRANSIENT, False)


def test_a_resolver_that_hangs_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    resolver = Event()

    def hang(*_: object, **__: object) -> None:
        resolver.wait(5)

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    began = time.monotonic()
    fault = submitted(fal("http://127.0.0.1:9"), time_left_s=0.2)
    assert time.monotonic() - began < 1
    assert (fault.kind, fault.may_be_billed) == (Fault.TRANSIENT, False)
    resolver.set()


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1"])
def test_the_key_goes_to_the_api_alone_whatever_its_answers_name(name: str) -> None:
    """A stranger at another name, or at another port of the same one."""
    fal_queue = script("fal-queue")
    with running(Imitation(fal_queue)) as stranger, running(Imitation(fal_queue)) as imitation:
        provider = fal(imitation.url)
        there = stranger.url.replace("127.0.0.1", name) + "/fal-ai/birefnet/requests/1"
        ticket = Ticket(
            entry="fal:birefnet-heavy",
            request_id="1",
            status_url=f"{there}/status",
            result_url=there,
            cancel_url=f"{there}/cancel",
        )
        with pytest.raises(ProviderFault):
            provider.collect(ticket, time_left_s=2)
        provider.cancel(ticket)
    assert stranger.calls == []


@pytest.mark.parametrize(
    "url",
    [
        "https://fal.media.evil.example/a.png",
        "https://evilfal.media/a.png",
        "https://evil.example/fal.media",
        "https://fal.media@evil.example/a.png",
        "https://fal.media:99999/a.png",
        "http://v3.fal.media/a.png",
        "https://[::1]/a.png",
        "https://169.254.169.254/latest",
        "file:///etc/passwd",
        "//v3.fal.media/a.png",
        "",
    ],
)
def test_a_result_elsewhere_is_not_fetched(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def asked(name: str, port: int | None) -> list[Address]:
        raise AssertionError(name)

    monkeypatch.setattr(outbound, "_addresses", asked)
    caller = transport("https://queue.fal.run", "fal.media", reach=Reach())
    with pytest.raises(ProviderFault) as raised:
        caller.download(url, until=deadline(2))
    assert raised.value.kind is Fault.TRANSIENT


@pytest.mark.parametrize("host", ["fal.media", "v3.fal.media", "V3.FAL.MEDIA"])
def test_a_result_at_a_known_host_is_looked_up(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    names: list[str] = []

    async def asked(name: str, port: int | None) -> list[Address]:
        names.append(name)
        return []

    monkeypatch.setattr(outbound, "_addresses", asked)
    caller = transport("https://queue.fal.run", "fal.media", reach=Reach())
    with pytest.raises(ProviderFault, match="not public"):
        caller.download(f"https://{host}/a.png", until=deadline(2))
    assert names == [host.lower()]


def test_a_result_is_fetched_without_the_key_across_redirects() -> None:
    with running(Imitation(script("fal-queue"), always("result-redirected-within"))) as imitation:
        provider = fal(imitation.url)
        ticket = provider.submit(PHOTO, time_left_s=2)
        assert isinstance(ticket, Ticket)
        while provider.collect(ticket, time_left_s=2) is None:
            pass
    files = [headers for _, path, headers in imitation.calls if path.startswith("/files/")]
    assert len(files) == 2
    assert all("authorization" not in headers for headers in files)
    assert all(KEY not in str(headers) for headers in files)


def test_drips_are_not_waited_for_beyond_the_time() -> None:
    with receiving() as slow:
        slow.answer, slow.drip_s = bytes(400_000), 0.1
        caller = transport(slow.url.removesuffix("/hook"))
        began = time.monotonic()
        with pytest.raises(ProviderFault):
            caller.submit("hook", {}, until=deadline(0.3))
        assert time.monotonic() - began < 1


def test_the_key_is_taken_out_of_faults_whole_or_in_parts() -> None:
    caller = Transport(
        "https://fal.run", ("authorization", "Key id-123456:s3cret-part"), Manners(), HERE
    )
    for words in ("Key id-123456:s3cret-part", "id-123456", "bad secret s3cret-part."):
        told = str(caller.fault(Fault.AUTH, words))
        assert "id-123456" not in told
        assert "s3cret-part" not in told
    long_before = "x " * 148 + "s3cret-part"
    assert "s3c" not in str(caller.fault(Fault.AUTH, long_before))


def test_a_fault_is_one_short_line() -> None:
    told = str(transport("https://fal.run").fault(Fault.INPUT, "a\nb\r\n" + "word " * 200))
    assert "\n" not in told
    assert told.startswith("input: a b word")
    assert len(told) < 350
