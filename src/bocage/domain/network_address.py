"""An address on a network: whether it is of the public one, and what sent there everyone on the way could read."""

import ipaddress
from typing import Final
from urllib.parse import urlsplit

THROUGH: Final = tuple(map(ipaddress.ip_network, ("2002::/16", "64:ff9b::/96", "::/96")))
"""Addresses of IPv6 that hold one of IPv4 (RFC 3056, RFC 6052, RFC 4291)."""


def is_public(address: str) -> bool:
    """Whether it is of the public network, by itself and not as the way to an address of another one."""
    found = ipaddress.ip_address(address)
    return found.is_global and not found.is_multicast and not any(found in network for network in THROUGH)


def in_clear(address: str) -> bool:
    """Whether an address of the web says by itself that it is of the public network and does without TLS. A name says
    nothing until it is looked up: it may be of the inner network."""
    try:
        url = urlsplit(address)
        return url.scheme == "http" and is_public(url.hostname or "")
    except ValueError:  # a name, or no address at all
        return False
