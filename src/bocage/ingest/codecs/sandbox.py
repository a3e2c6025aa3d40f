"""The process that runs codecs: begun when first needed, begun again when it died, ended when it takes too long."""

import contextlib
import os
import selectors
import struct
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any, Final

import msgspec

from bocage.domain.codec import Raw
from bocage.domain.text import message as _

APART: Final = Path(__file__).with_name("apart.py")
PATIENCE: Final = 3.0  # seconds for one frame, waiting for a busy machine included
_SENTENCES: Final = {
    "nothing": _("It gives nothing."),
    "long": _("What it gives is too long: 64,000 characters at most."),
    "missing": _("It has no function decodeUplink, Decoder or Decode."),
    "data": _("It gives no values: an object with fields was expected."),
    "slow": _("It takes too long, or too much memory."),
    "ended": _("It brought the machine that runs it to an end, which was started again."),
}
_TOO_MUCH: Final = ("interrupted", "out of memory", "Maximum call stack", "string too long")


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """What a codec made of a frame: values, and what it warns of; or why it failed: an English message, then what the
    script itself said, with its line."""

    values: dict[str, Any] | None = None
    warnings: tuple[str, ...] = ()
    failure: str = ""
    said: str = ""

    @property
    def slow(self) -> bool:
        """Whether it was stopped for taking too much."""
        return self.failure in (_SENTENCES["slow"], _SENTENCES["ended"])


class Sandbox:
    """One process for all codecs of an instance; frames go through it one after the other."""

    def __init__(self, command: tuple[str, ...] = (sys.executable, "-I", str(APART))) -> None:
        self._command = command
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._ending: weakref.finalize[Any, Sandbox] | None = None

    def made(self, script: str, digest: str, raw: Raw) -> Made:
        """What a script makes of a frame. `digest` is its SHA-256. Never raises for what the script does."""
        frame = {"bytes": list(raw.body), "port": raw.port, "at": raw.at, "variables": raw.variables}
        asked = {"digest": digest, "script": "", "frame": msgspec.json.encode(frame).decode()}
        with self._turn:
            told = self._asked(asked)
            if told.get("unknown"):
                told = self._asked({**asked, "script": script})
        return _read(told)

    def close(self) -> None:
        """End the process."""
        with self._turn:
            self._end()

    def _asked(self, asked: dict[str, Any]) -> dict[str, Any]:
        process = self._started()
        message = msgspec.msgpack.encode(asked)
        try:
            assert process.stdin is not None
            process.stdin.write(struct.pack("!I", len(message)) + message)
            process.stdin.flush()
            told: dict[str, Any] = msgspec.msgpack.decode(_message(process))
        except TimeoutError:
            self._end()
            return {"failure": "slow"}
        except (OSError, EOFError, msgspec.MsgspecError):
            self._end()
            return {"failure": "ended"}
        return told

    def _started(self) -> "subprocess.Popen[bytes]":
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._process = subprocess.Popen(  # noqa: S603
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}
            )
            self._ending = weakref.finalize(self, _end, self._process)
        return self._process

    def _end(self) -> None:
        if self._ending is not None:
            self._ending()
        self._process = self._ending = None


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):  # what was still to be written
                pipe.close()


def _message(process: "subprocess.Popen[bytes]") -> bytes:
    assert process.stdout is not None
    descriptor, until = process.stdout.fileno(), monotonic() + PATIENCE
    [length] = struct.unpack("!I", _bytes(descriptor, 4, until))
    return _bytes(descriptor, length, until)


def _bytes(descriptor: int, count: int, until: float) -> bytes:
    parts = b""
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        while len(parts) < count:
            if not selector.select(max(0.0, until - monotonic())):
                raise TimeoutError
            part = os.read(descriptor, count - len(parts))
            if not part:
                raise EOFError
            parts += part
    return parts


def _read(told: dict[str, Any]) -> Made:
    if "made" not in told:
        return _failed(told.get("failure", "ended"), told.get("said", ""))
    try:
        made = msgspec.json.decode(told["made"])
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return _failed("data", "")
    if not isinstance(made, dict) or made.get("missing") is True:
        return _failed("missing", "")
    errors = _texts(made.get("errors"))
    if errors:
        return Made(failure=_("It says that something is wrong:"), said=" ".join(errors)[:300])
    data = made.get("data")
    return Made(values=data, warnings=_texts(made.get("warnings"))) if isinstance(data, dict) else _failed("data", "")


def _failed(kind: str, said: str) -> Made:
    if kind == "said" and (said.strip() == "null" or any(one in said for one in _TOO_MUCH)):
        kind = "slow"  # without memory for an error, there is none: null
    if kind in _SENTENCES:
        return Made(failure=_SENTENCES[kind])
    return Made(failure=_("It fails, and says:"), said=_first(said))


def _first(said: str) -> str:
    """What an error says, with the line of the script it comes from."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    place = next((line for line in lines[1:] if "<input>:" in line), "")
    line = place.rpartition("<input>:")[2].partition(":")[0]
    return f"{lines[0] if lines else said}{f' (line {line})' if line.isdigit() else ''}"[:300]


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(str(one)[:200] for one in value[:20]) if isinstance(value, list) else ()


Make = Callable[[str, str, Raw], Made]
