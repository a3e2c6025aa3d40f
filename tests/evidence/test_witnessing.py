"""Heads do not go in the clear where somebody on the way could answer in the place of a witness."""

from pathlib import Path

import pytest

from bocage.outbox import Hopeless


@pytest.fixture(autouse=True)
def _tables(db: Path) -> None:
    return None


def test_a_witness_of_the_public_network_is_reached_by_https_only() -> None:
    from bocage.evidence.witnessing import safe

    def unasked(host: str) -> list[str]:
        raise AssertionError(host)

    safe("https://temoin.example/api/ici/witness", unasked)
    safe("http://temoin.interne/api/ici/witness", lambda host: ["10.0.0.7"])
    safe("http://localhost:8000/api/ici/witness", lambda host: ["127.0.0.1", "::1"])
    with pytest.raises(Hopeless, match="https"):
        safe("http://temoin.example/", lambda host: ["10.0.0.7", "93.184.216.34"])
    with pytest.raises(ConnectionError):
        safe("http://nulle-part.example/", lambda host: [])
