"""A certificate in the hands of whoever checks it: what its signer left out, which key signed when, odd bytes."""

import contextlib
import json
import socket
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bocage.domain.certificate import CANONICAL, FORM, Certificate, Head, Perimeter
from bocage.domain.errors import Invalid, Unavailable
from bocage.domain.text import Text
from bocage.publish.certificate import checking, keys, paper, reaching, receipt, signing
from bocage.publish.certificate.reaching import Reach
from bocage.publish.certificate.ring import Ring
from bocage.publish.certificate.verdict import State, Verdict
from bocage.registers import heads

AT, HOME = datetime(2026, 11, 20, 9, 0, tzinfo=UTC), "https://donnees.example"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def _made(**values: Any) -> Certificate:
    said: dict[str, Any] = {
        "form": FORM, "canonical": CANONICAL, "number": 1, "territory": "bourg", "title": Text(fr="Bourg"), "code": "",
        "population": 900, "address": f"{HOME}/bourg", "issued": AT, "begins": AT.date(), "ends": date(2027, 11, 19),
        "software": "bocage", "head": Head(sequence=3, digest="d"), "registers": (), "promises": (), "witnesses": (),
        "perimeter": Perimeter(declarations=3, sources=0, things=0, datastreams=0),
        "key": signing.signer(KEY.public_key()),
    }  # fmt: skip
    return signing.sign(Certificate(**{**said, **values}), KEY)


def _read(made: Certificate) -> paper.Paper:
    return paper.read(msgspec.json.encode(made))


def _known(until: datetime | None = None) -> dict[str, keys.Known]:
    named = signing.signer(KEY.public_key())
    return {named.id: keys.Known(named.x, until)}


def _wrong(found: Verdict) -> list[str]:
    return [point.said.message for point in found.points if point.state is State.WRONG]


def test_a_key_that_was_replaced_signs_nothing_of_a_later_day() -> None:
    made = _read(_made())
    assert checking.alone(made, AT, _known()).state is State.GOOD
    assert checking.alone(made, AT, _known(AT + timedelta(seconds=1))).state is State.GOOD
    (said,) = _wrong(checking.alone(made, AT, _known(AT - timedelta(days=1))))
    assert said.startswith("Another key had taken the place")


@pytest.mark.parametrize("days", [{"ends": date(2030, 1, 1)}, {"begins": date(2027, 6, 1), "ends": date(2028, 1, 1)}])
def test_nobody_certifies_for_more_than_a_year_or_for_later(days: dict[str, date]) -> None:
    (said,) = _wrong(checking.alone(_read(_made(**days)), AT, _known()))
    assert said.startswith("Its days cannot be")


def test_what_a_certificate_leaves_out_is_told() -> None:
    made = _read(_made())
    named = signing.signer(KEY.public_key())
    answers: dict[str, Any] = {
        keys.WELL_KNOWN: keys.told([keys.Published(id=named.id, x=named.x, since=AT)]),
        "/api/bourg/certificates": {"certificates": [{"number": 1, "digest": made.digest}]},
        "/api/bourg/certificates/1/registers.json": {"sequence": 3, "digest": "d", "faults": [], "registers": {}},
        "/bourg/promises.json": {"promises": []},
    }

    def against() -> Verdict:
        transport = httpx.MockTransport(
            lambda asked: httpx.Response(200, content=msgspec.json.encode(answers[asked.url.path]))
        )
        return checking.against(made, Reach(HOME, transport=transport), AT)

    assert against().state is State.GOOD
    answers["/bourg/promises.json"] = {"promises": [{"code": "r04_inclusion", "version": "", "outcome": "mend"}]}
    assert against().state is State.CHANGED
    answers["/api/bourg/certificates/1/registers.json"]["registers"] = {"purpose": [{"slug": "mesure"}]}
    (said,) = _wrong(against())
    assert said.startswith("It leaves out register")


@pytest.mark.parametrize(
    "alter",
    [
        lambda said: said | {"territory": "bourg/../autre"},
        lambda said: said | {"territory": "bourg?x="},
        lambda said: said | {"title": {"fr": "\ud800"}},
    ],
)
def test_a_certificate_that_no_instance_makes_is_none(alter: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    plain = alter(msgspec.to_builtins(_made()))
    with pytest.raises(Invalid):
        paper.read(json.dumps(plain).encode())


def test_a_receipt_nested_without_end_is_none() -> None:
    head = heads.Head(territory="bourg", sequence=3, digest="d", count=1, at=AT)
    made = json.loads(msgspec.json.encode(receipt.give(msgspec.to_builtins(head), f"{HOME}/temoin", KEY, AT)))
    deep: Any = 1
    for _level in range(400):
        deep = {"a": deep}
    made["head"]["more"] = deep
    with pytest.raises(Invalid):
        receipt.read(json.dumps(made).encode())


@pytest.mark.parametrize("inside", ["::7f00:1", "10.0.0.1"])
def test_an_address_that_holds_one_of_the_inside_is_not_called(inside: str) -> None:
    called: list[httpx.Request] = []

    def answer(asked: httpx.Request) -> httpx.Response:
        called.append(asked)
        return httpx.Response(200)

    reach = Reach(HOME, guarded=True, transport=httpx.MockTransport(answer), resolve=lambda _host: [inside])
    with pytest.raises(Invalid):
        reach.get("/")
    assert called == []


def test_a_turn_of_keys_that_was_cut_short_leaves_a_chain_that_can_be_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = Ring(tmp_path)
    ring.key(AT)
    trusted = keys.known(msgspec.json.encode(keys.told(ring.published())))
    replace = heads.replace_key

    def cut(path: Path, key: Ed25519PrivateKey) -> None:
        replace(path, key)
        raise OSError("cut")

    with monkeypatch.context() as held:
        held.setattr(heads, "replace_key", cut)
        with pytest.raises(OSError, match="cut"):
            ring.turn(AT)
    signs = signing.signer(ring.key(AT).public_key()).id
    assert signs not in trusted
    assert signs in keys.followed(trusted, msgspec.json.encode(keys.told(ring.published())))
    ring.turn(AT)
    assert [one.until for one in ring.published()] == [AT, AT, None]


def test_an_answer_that_comes_a_byte_at_a_time_is_cut_short(monkeypatch: pytest.MonkeyPatch) -> None:
    stop = threading.Event()

    def drip(server: socket.socket) -> None:
        connection, _where = server.accept()
        with connection, contextlib.suppress(OSError):
            connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
            while not stop.wait(0.05):
                connection.sendall(b"x")

    monkeypatch.setattr(reaching, "WHOLE", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=drip, args=(server,))
        thread.start()
        watchdog = threading.Timer(5.0, stop.set)  # without the cut this ends, and the answer is of another kind
        watchdog.start()
        with pytest.raises(Unavailable):
            Reach(f"http://127.0.0.1:{server.getsockname()[1]}").get("/")
        assert not stop.is_set()
        stop.set()
        watchdog.cancel()
        thread.join()
