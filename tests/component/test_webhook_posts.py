"""Calling by a checked address: the name stays in the certificate's check and in Host."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from lumiku.adapters import outbound
from lumiku.adapters.telling.posts import HttpPoster
from lumiku.domain.reach import Address, Reach
from lumiku.services.telling.ports import NotDelivered
from tests.component.receiver import Receiver, receiving

NAME = "shop.example.com"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key and certificate of the shop, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "shop.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
def shop(certificate: Path) -> Iterator[Receiver]:
    """The shop's server."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    with receiving(tls) as started:
        yield started


def resolved(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    async def found(name: str, port: int | None) -> list[Address]:
        return [ip_address(address) for address in addresses]

    monkeypatch.setattr(outbound, "_addresses", found)


def poster(certificate: Path, *, loopback: bool) -> HttpPoster:
    made = HttpPoster(Reach(loopback=loopback))
    made._context.load_verify_locations(certificate)
    return made


def test_the_name_is_checked_and_told(
    shop: Receiver, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolved(monkeypatch, "127.0.0.1")
    url = f"https://{NAME}:{shop.port}/hook"

    assert poster(certificate, loopback=True).post(url, {"a": "b"}, "{}") == 200

    [(headers, body)] = shop.got
    assert (headers["host"], headers["a"], body) == (f"{NAME}:{shop.port}", "b", "{}")


def test_a_certificate_of_somebody_else_is_refused(
    shop: Receiver, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolved(monkeypatch, "127.0.0.1")

    with pytest.raises(NotDelivered, match="certificate"):
        poster(certificate, loopback=True).post(f"https://other.example:{shop.port}/", {}, "{}")

    assert shop.got == []


@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["169.254.169.254"], ["::ffff:127.0.0.1"], []],
)
def test_a_name_that_leads_inside_is_not_called(
    shop: Receiver, certificate: Path, monkeypatch: pytest.MonkeyPatch, addresses: list[str]
) -> None:
    resolved(monkeypatch, *addresses)

    with pytest.raises(NotDelivered, match="not public"):
        poster(certificate, loopback=False).post(f"https://{NAME}:{shop.port}/", {}, "{}")

    assert shop.got == []


@pytest.mark.parametrize("url", ["https://2130706433/", "https://0x7f000001/", "https://127.1/"])
def test_odd_spellings_of_this_machine_are_looked_up_and_refused(url: str) -> None:
    with pytest.raises(NotDelivered):
        HttpPoster(Reach()).post(url, {}, "{}")
