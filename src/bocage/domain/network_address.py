"""An address on a network: whether it is of the public one."""

import ipaddress
from typing import Final

THROUGH: Final = tuple(map(ipaddress.ip_network, ("2002::/16", "64:ff9b::/96", "::/96")))
"""Addresses of IPv6 that hold one of IPv4 (RFC 3056, RFC 6052, RFC 4291)."""


def is_public(address: str) -> bool:
    """Whether it is of the public network, by itself and not as the way to an address of another one."""
    found = ipaddress.ip_address(address)
    return found.is_global and not found.is_multicast and not any(found in network for network in THROUGH)
