"""Which addresses that others chose are called: nothing that lies inside a network."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from lumiku.domain.errors import InvalidRequest

_URL = re.compile(
    r"(?P<scheme>https?)://"
    r"(?P<host>[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])"
    r"(?::(?P<port>[0-9]{1,5}))?"
    r"(?:[/?][!-\"$-~]*)?"
)
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
        if parts is None:
            raise _unusable("Not a URL of the form https://host[:port][/path], in ASCII")
        if parts["port"] and not 0 < int(parts["port"]) < 65_536:
            raise _unusable("There is no such port")
        try:
            address = ip_address(parts["host"].strip("[]"))
        except ValueError:
            is_own = parts["host"].lower() == "localhost"
        else:
            if not self.allows(address):
                raise _unusable("The address is not public")
            is_own = address.is_loopback
        if is_own and not self.loopback:
            raise _unusable("The address is not public")
        if parts["scheme"] != "https" and not is_own:
            raise _unusable("Only https is called")
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
    return address.is_global and not (address.is_multicast or address.is_reserved)


def _unusable(message: str) -> InvalidRequest:
    found = [{"field": "body.url", "message": message}]
    return InvalidRequest("No events can be sent to this URL.", errors=found)
