"""Nothing goes in the clear where somebody on the way could read it, or answer in the place of the receiver."""

from datetime import UTC, datetime

import pytest

from bocage import outbox
from bocage.domain.network_address import in_clear
from bocage.outbox import Deliverer, Hopeless, Parcel, State

pytestmark = pytest.mark.usefixtures("db")
AT = datetime(2026, 11, 23, 9, tzinfo=UTC)


def test_a_receiver_of_the_public_network_is_reached_by_https_only() -> None:
    from bocage.outbox.posting import safe

    def unasked(host: str) -> list[str]:
        raise AssertionError(host)

    safe("https://voisin.example/bocage", unasked)
    safe("http://voisin.interne/bocage", lambda host: ["10.0.0.7"])
    safe("http://localhost:8000/bocage", lambda host: ["127.0.0.1", "::1"])
    with pytest.raises(Hopeless, match="https"):
        safe("http://voisin.example/", lambda host: ["10.0.0.7", "93.184.216.34"])
    with pytest.raises(ConnectionError):
        safe("http://nulle-part.example/", lambda host: [])


def test_an_address_says_by_itself_that_it_is_public_and_clear_only_where_it_holds_no_name() -> None:
    assert in_clear("http://93.184.216.34/ordres")
    assert in_clear("http://[2606:2800:220:1::1]:8080/ordres")
    inner = ("http://10.0.0.7/", "http://[fd00::7]/", "http://127.0.0.1:9/", "http://capteurs.ville.example/")
    assert not any(map(in_clear, (*inner, "https://93.184.216.34/", "", "http://[::", "ftp://93.184.216.34/")))


def test_what_would_go_in_the_clear_waits_for_a_person_at_once() -> None:
    from bocage.publish.subscribers import post

    def carry(parcel: Parcel) -> None:
        post("http://93.184.216.34/bocage", parcel.payload, {})

    outbox.put("subscription", b"{}", AT)
    assert Deliverer({"subscription": carry}, lambda: AT).run(AT) == "0/1"
    (held,) = outbox.parcels()
    assert (held.state, held.next_try) == (State.GIVEN_UP, None)
    assert "https://" in held.error
