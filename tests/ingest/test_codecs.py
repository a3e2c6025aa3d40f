"""Vendors' JavaScript in a process that may do nothing else: what it makes of a frame, and what it cannot do."""

import hashlib
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from tests.ingest.given import NOW, Clock

from bocage.domain.codec import Codec, Raw
from bocage.domain.errors import CodecFailure
from bocage.domain.text import Text
from bocage.ingest.codecs.running import PATIENCE, Codecs, chosen
from bocage.ingest.codecs.sandbox import APART, Asked, Made, Sandbox

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
    return sandbox.made([asked(script, raw)])[0]


def asked(script: str, raw: Raw = RAW) -> Asked:
    """A frame for a script."""
    return Asked(script=script, digest=hashlib.sha256(script.encode()).hexdigest(), raw=raw)


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
        ("module.exports = later; var later; function decodeUplink(i) { return { data: { n: 1 } } }", {"n": 1}),
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


def test_frames_asked_together_are_answered_in_their_order_and_a_bad_one_spoils_no_other(sandbox: Sandbox) -> None:
    bad = "function decodeUplink(i) { throw new Error('no') }"
    scripts = [UPLINK, bad, "function decodeUplink(i) { return { data: { n: i.bytes.length } } }", UPLINK]
    found = sandbox.made([asked(one) for one in scripts])
    assert [one.values for one in found] == [{"t": 22.48}, None, {"n": 2}, {"t": 22.48}]


def test_a_codec_that_loops_is_given_up_soon_among_many_frames_and_the_others_are_read(sandbox: Sandbox) -> None:
    loop = "function decodeUplink(i) { for (;;); }"
    found = sandbox.made([*[asked(loop)] * 30, asked(UPLINK)])
    assert [one.slow for one in found] == [True] * 30 + [False]


def test_an_engine_that_dies_over_many_frames_still_answers_each(sandbox: Sandbox) -> None:
    made(sandbox, UPLINK)
    process = sandbox._process
    assert process is not None
    process.send_signal(signal.SIGSTOP)
    killed = threading.Timer(0.1, process.kill)
    killed.start()
    assert [one.values for one in sandbox.made([asked(UPLINK)] * 5)] == [{"t": 22.48}] * 5


def test_the_system_filters_what_the_process_may_call_or_it_says_that_it_does_not(sandbox: Sandbox) -> None:
    made(sandbox, UPLINK)
    assert sandbox._process is not None
    status = Path(f"/proc/{sandbox._process.pid}/status").read_text(encoding="ascii")
    assert ("Seccomp:\t2" in status) == sandbox.filtered


def test_nothing_but_reading_and_writing_is_left_to_a_process_that_is_filtered() -> None:
    tried = (
        "import errno, os, socket, sys, threading; sys.path.insert(0, sys.argv[1]); import apart\n"
        "if not apart.filtered(): sys.exit(7)\n"
        "for call in (lambda: socket.socket(), lambda: open('/etc/passwd'), lambda: os.execv('/bin/true', ['true']),"
        " os.fork, lambda: os.kill(1, 0), lambda: os.unlink('/nothing')):\n"
        "    try: call()\n"
        "    except OSError as error: assert error.errno == errno.EPERM, error\n"
        "    else: sys.exit(8)\n"
        "os.write(1, b'closed')"
    )
    ended = subprocess.run([sys.executable, "-c", tried, str(APART.parent)], capture_output=True, check=False)
    if ended.returncode == 7:
        pytest.skip("this kernel or machine has no filter of system calls: the limits alone hold")
    assert (ended.returncode, ended.stdout) == (0, b"closed"), ended.stderr


@pytest.mark.parametrize(
    ("read", "value"),
    [
        ("Buffer.from(i.bytes).readInt16BE(0)", 2248),
        ("Buffer.from(i.bytes).readUInt16LE()", 51208),
        ("new Buffer('42c80000', 'hex').readFloatBE(0)", 100),
        ("Buffer.from(i.bytes).toString('hex')", "08c8"),
        ("Buffer.from(Buffer(i.bytes).toString('base64'), 'base64').length", 2),
        ("Buffer.concat([Buffer.from(i.bytes), Buffer.alloc(1)]).slice(1).readIntBE(0, 2)", -14336),
        ("Buffer.from([0xc3, 0xa9]).toString()", "é"),
    ],
)
def test_scripts_may_read_bytes_with_buffer(sandbox: Sandbox, read: str, value: object) -> None:
    script = f"function decodeUplink(i) {{ return {{ data: {{ v: {read} }} }} }}"
    assert made(sandbox, script).values == {"v": value}


def test_a_script_that_asks_for_another_file_is_told_so_with_the_line(sandbox: Sandbox) -> None:
    failed = made(sandbox, "// a codec\nconst Buffer = require('buffer').Buffer;\nfunction decodeUplink(i) {}")
    assert failed.failure.startswith("It asks for another file (require)")
    assert failed.said.endswith("(line 2)")
    beyond = made(
        sandbox, "function decodeUplink(i) {\n  return { data: { v: Buffer.from(i.bytes).readUInt32BE(1) } } }"
    )
    assert beyond.said == "RangeError: byte 1 of 2 was to be read as UInt32BE (line 2)"


def test_an_engine_that_dies_is_begun_again(sandbox: Sandbox) -> None:
    made(sandbox, UPLINK)
    assert sandbox._process is not None
    sandbox._process.kill()
    sandbox._process.wait()
    assert made(sandbox, UPLINK).values == {"t": 22.48}


def test_an_engine_that_ends_while_it_is_asked_stops_nothing() -> None:
    ended = Sandbox(("/bin/sh", "-c", "printf 1; head -c 4 >/dev/null"))
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
    clock, tried = Clock(), []

    def slow(frames: Sequence[Asked]) -> list[Made]:
        tried.extend(one.digest for one in frames)
        return [Made(failure="It takes too long, or too much memory.") for _one in frames]

    translate = Codecs(clock, slow).translate({"lent": codec()})
    assert translate is not None
    for _frame in range(PATIENCE + 5):
        with pytest.raises(CodecFailure, match="lent"):
            translate(RAW)
    assert len(tried) == PATIENCE
    clock.at = NOW + timedelta(minutes=2)
    with pytest.raises(CodecFailure):
        translate(RAW)
    assert len(tried) == PATIENCE + 1
