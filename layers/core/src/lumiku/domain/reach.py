"""Which addresses that others chose are called: nothing that lies inside a network."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from lumiku.domain.errors import InvalidRequest
from lumiku.domain.texts import Text

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_URL = re.compile(
    r"(?P<scheme>https?)://"
    rf"(?P<host>(?:{_LABEL}\.)*{_LABEL}|\[[0-9A-Fa-f]*:[0-9A-Fa-f:.]*\])"
    r"(?::(?P<port>[0-9]{1,5}))?"
    r"(?:[/?][!-\"$-~]*)?"
)
# Resolvers take such a name for an IPv4 address, in decimal, octal or hexadecimal numbers.
_ENDS_IN_NUMBER = re.compile(r"(?:.*\.)?(?:[0-9]+|0[xX][0-9A-Fa-f]*)")
MAX_HOST = 253
_NAT64 = IPv6Network("64:ff9b::/96")

type Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class Reach:
    """Which addresses may be called: public ones, and on a laptop its own."""

    loopback: bool = False

    def allows(self, address: Address) -> bool:
        """The address may be called."""
        return is_public(address) or (self.loopback and address.is_loopback)

    def check_all(self, addresses: Sequence[Address]) -> Address:
        """The address to call, IPv4 first; `ValueError` if any of them may not be called.

        A name that has one inner address beside a public one is refused as a whole.
        """
        if not addresses or not all(map(self.allows, addresses)):
            raise ValueError("The name leads to an address that is not public.")
        return min(addresses, key=lambda address: address.version)

    def check_url(self, url: str) -> str:
        """The URL, which is https and, as far as can be told without DNS, public."""
        parts = _URL.fullmatch(url)
        if parts is None or len(parts["host"]) > MAX_HOST:
            raise _unusable(_NO_URL)
        if parts["port"] and not 0 < int(parts["port"]) < 65_536:
            raise _unusable(_NO_PORT)
        host = parts["host"].lower()
        try:
            address = ip_address(host.strip("[]"))
        except ValueError:
            if host.startswith("[") or _ENDS_IN_NUMBER.fullmatch(host):
                raise _unusable(_NO_ADDRESS) from None
            is_own = f".{host}".endswith(".localhost")
        else:
            if not self.allows(address):
                raise _unusable(_NOT_PUBLIC)
            is_own = address.is_loopback
        if is_own and not self.loopback:
            raise _unusable(_NOT_PUBLIC)
        if parts["scheme"] != "https" and not is_own:
            raise _unusable(_NOT_HTTPS)
        return url


def is_public(address: Address) -> bool:
    """Reached over the internet; IPv6 addresses that carry an IPv4 address are as that one is."""
    if isinstance(address, IPv6Address):
        carried = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            carried = IPv4Address(int(address) & 0xFFFF_FFFF)
        if address.teredo is not None:
            return False
        if carried is not None:
            return is_public(carried)
        if address.is_site_local:  # fec0::/10, which Python takes for global
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


_NO_URL = Text(
    "Not a URL of the form https://host[:port][/path], in ASCII",
    "Bukan URL berbentuk https://host[:port][/path], dalam ASCII",
)
_NO_PORT = Text("There is no such port", "Nomor port tidak ada")
_NO_ADDRESS = Text(
    "Not an IP address in its usual form; give a name, or four decimal numbers",
    "Bukan alamat IP dalam bentuk biasa; tulislah nama, atau empat angka desimal",
)
_NOT_PUBLIC = Text("The address is not public", "Alamat ini bukan alamat publik")
_NOT_HTTPS = Text("Only https is called", "Hanya https yang dipanggil")


def _unusable(message: Text) -> InvalidRequest:
    detail = Text("This URL is not called from here.", "URL ini tidak dipanggil dari sini.")
    return InvalidRequest.at("body.url", message, detail)
