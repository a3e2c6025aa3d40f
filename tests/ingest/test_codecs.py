"""Vendors' JavaScript in a process that may do nothing else: what it makes of a frame, and what it cannot do."""

import hashlib
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from tests.ingest.given import NOW, Clock

from bocage.domain.codec import Codec, Raw
from bocage.domain.errors import CodecFailure
from bocage.domain.text import Text
from bocage.ingest.codecs.running import PATIENCE, Codecs, chosen
from bocage.ingest.codecs.sandbox import Made, Sandbox

AT = 1_700_000_000_000
RAW = Raw(device="a81758fffe0512aa", port=2, body=b"\x08\xc8", at=AT, variables={"site": "ecole"})
UPLINK = "function decodeUplink(input) { return { data: { t: (input.bytes[0] << 8 | input.bytes[1]) / 100 } }; }"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """One process for all tests: none may spoil it for the next."""
    with_process = Sandbox()
    yield with_process
    with_process.close()


def made(sandbox: Sandbox, script: str, raw: Raw = RAW) -> Made:
    """What a script makes of a frame."""
    return sandbox.made(script, hashlib.sha256(script.encode()).hexdigest(), raw)


@pytest.mark.parametrize(
    ("script", "values"),
    [
        (UPLINK, {"t": 22.48}),
        (
            "function decodeUplink(i) { return { data: { p: i.fPort, at: i.recvTime.toISOString(), v: i.variables }}}",
            {"p": 2, "at": "2023-11-14T22:13:20.000Z", "v": {"site": "ecole"}},
        ),
        ("function Decoder(bytes, port) { return { n: bytes.length, port: port }; }", {"n": 2, "port": 2}),
        ("function Decode(port, bytes, given) { return { n: bytes[1], v: given.site }; }", {"n": 200, "v": "ecole"}),
        ("var decodeUplink = (i) => ({ data: { last: i.bytes.at(-1) } }); // arrow", {"last": 200}),
        ("exports.decodeUplink = (i) => ({ data: { ok: true, no: null, gone: undefined }})", {"ok": True, "no": None}),
        ("function decodeUplink(i) { console.log(i); for (k = 0; k < 3; k++); return { data: { k: k } }; }", {"k": 3}),
    ],
)  # fmt: skip
def test_scripts_of_both_servers_old_and_new_are_read(sandbox: Sandbox, script: str, values: dict[str, Any]) -> None:
    assert made(sandbox, script).values == values


def test_every_frame_finds_the_script_as_it_was_written(sandbox: Sandbox) -> None:
    script = (
        "var n = 0; function decodeUplink(i) { n++; m = (typeof m == 'undefined' ? 0 : m) + 1; return {data: {n, m}} }"
    )
    assert [made(sandbox, script).values for _again in range(3)] == [{"n": 1, "m": 1}] * 3


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("for (;;);", "It takes too long, or too much memory."),
        ("for (;;) { try { for (;;); } catch (e) {} }", "It takes too long, or too much memory."),
        ("return decodeUplink(i)", "It takes too long, or too much memory."),
        ("var a = []; for (;;) a.push(new Array(1000))", "It takes too long, or too much memory."),
        ("/(a+)+$/.test('a'.repeat(40) + 'b')", "It takes too long, or too much memory."),
        ("return { data: 'x'.repeat(1 << 29) }", "It takes too long, or too much memory."),
        ("\n\nthrow new Error('bad frame')", "It fails, and says: Error: bad frame (line 3)"),
        ("return null", "It gives no values: an object with fields was expected."),
        ("return { data: [1] }", "It gives no values: an object with fields was expected."),
        ("return { data: { x: 'a'.repeat(100000) } }", "What it gives is too long: 64,000 characters at most."),
        ("return { data: { big: 1n } }", "It fails, and says: TypeError: BigInt are forbidden in JSON.stringify"),
        ("var a = {}; a.a = a; return { data: a }", "It fails, and says: TypeError: circular reference"),
        ("return { data: {}, errors: ['too short'] }", "It says that something is wrong: too short"),
        ("return { data: { x: ", "It fails, and says: SyntaxError"),
    ],
)
def test_a_script_that_fails_says_how_and_the_next_one_runs(sandbox: Sandbox, body: str, said: str) -> None:
    failed = made(sandbox, f"function decodeUplink(i) {{ {body} }}")
    assert failed.values is None
    assert f"{failed.failure} {failed.said}".startswith(said)
    assert made(sandbox, UPLINK).values == {"t": 22.48}


def test_a_script_without_a_function_of_either_server_is_told_so(sandbox: Sandbox) -> None:
    assert made(sandbox, "var x = 1;").failure == "It has no function decodeUplink, Decoder or Decode."


@pytest.mark.parametrize(
    "name", ["std", "os", "require", "fetch", "XMLHttpRequest", "process", "scriptArgs", "setTimeout"]
)
def test_a_script_sees_nothing_of_the_machine(sandbox: Sandbox, name: str) -> None:
    assert made(sandbox, f"function decodeUplink() {{ return {{ data: {{ is: typeof {name} }} }} }}").values == {
        "is": "undefined"
    }


def test_the_process_may_open_no_file_begin_no_other_and_write_nothing(sandbox: Sandbox) -> None:
    made(sandbox, UPLINK)
    process = sandbox._process
    assert process is not None
    with open(f"/proc/{process.pid}/limits", encoding="ascii") as limits:  # noqa: PTH123 - not a file of ours
        found = {line[:26].strip(): line[26:].split()[:2] for line in limits}
    for name in ("Max open files", "Max processes", "Max file size", "Max core file size"):
        assert found[name] == ["0", "0"], name


def test_an_engine_that_dies_is_begun_again(sandbox: Sandbox) -> None:
    made(sandbox, UPLINK)
    assert sandbox._process is not None
    sandbox._process.kill()
    sandbox._process.wait()
    assert made(sandbox, UPLINK).values == {"t": 22.48}


def test_an_engine_that_ends_while_it_is_asked_stops_nothing() -> None:
    ended = Sandbox(("/bin/sh", "-c", "head -c 4 >/dev/null"))
    assert made(ended, UPLINK).failure.startswith("It brought the machine that runs it to an end")
    ended.close()


SCRIPTS = some.sampled_from(
    ["return", "return { data:", "throw", "this", "i.bytes[", "}", "(", "null", "1n", "`", "=>", "\x00", "\ud7ff", ";"]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=some.lists(SCRIPTS | some.text(max_size=12), max_size=6), body=some.binary(max_size=20))
def test_any_script_over_any_bytes_gives_values_or_says_why_not(
    sandbox: Sandbox, parts: list[str], body: bytes
) -> None:
    script = f"function decodeUplink(i) {{ {' '.join(parts)} }}"
    told = made(sandbox, script, Raw(device="x", port=1, body=body))
    assert (told.values is None) == bool(told.failure)
    json.dumps(told.values)


def codec(script: str = UPLINK, *devices: str) -> Codec:
    """A codec for these devices of a source."""
    return Codec(title=Text(fr="Décodeur"), source="capteurs", script=script, devices=devices)


def test_the_codec_that_names_a_device_most_closely_reads_it() -> None:
    declared = {"all": codec(), "brand": codec(UPLINK, "A81758FF"), "one": codec(UPLINK, "a8-17-58-ff-fe-05-12-aa")}
    assert chosen(declared, "a81758fffe0512aa") == "one"
    assert chosen(declared, "a81758fffe0512bb") == "brand"
    assert chosen(declared, "70b3d57ed0000007") == "all"
    assert chosen({"brand": codec(UPLINK, "a8")}, "70b3d57ed0000007") == ""


def test_a_codec_that_takes_too_long_rests_and_is_tried_again() -> None:
    clock, asked = Clock(), []

    def slow(script: str, digest: str, raw: Raw) -> Made:
        asked.append(digest)
        return Made(failure="It takes too long, or too much memory.")

    translate = Codecs(clock, slow).translate({"lent": codec()})
    assert translate is not None
    for _frame in range(PATIENCE + 5):
        with pytest.raises(CodecFailure, match="lent"):
            translate(RAW)
    assert len(asked) == PATIENCE
    clock.at = NOW + timedelta(minutes=2)
    with pytest.raises(CodecFailure):
        translate(RAW)
    assert len(asked) == PATIENCE + 1
