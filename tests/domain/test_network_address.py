"""Which addresses are of the public network."""

import pytest

from bocage.domain.network_address import is_public


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_addresses_of_the_public_network_are_public(address: str) -> None:
    assert is_public(address)


INSIDE = ("127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fe80::1", "fd00::1", "224.0.0.1")
THROUGH = ("::7f00:1", "::ffff:127.0.0.1", "2002:a00:1::", "64:ff9b::a00:1")


@pytest.mark.parametrize("address", [*INSIDE, *THROUGH])
def test_this_machine_its_networks_and_ways_into_them_are_not(address: str) -> None:
    assert not is_public(address)
