"""The process that runs codecs: begun when first needed, begun again when it died, ended when it takes too long."""

import contextlib
import logging
import os
import re
import select
import struct
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import monotonic
from typing import Any, Final

import msgspec

from bocage.domain.codec import Raw
from bocage.domain.text import message as _

APART: Final = Path(__file__).with_name("apart.py")
PATIENCE: Final = 3.0  # seconds for one frame, waiting for a busy machine included
BEGINNING: Final = 20.0  # seconds until a process that begins is ready
_SENTENCES: Final = {
    "nothing": _("It gives nothing."),
    "long": _("What it gives is too long: 64,000 characters at most."),
    "missing": _("It has no function decodeUplink, Decoder or Decode."),
    "data": _("It gives no values: an object with fields was expected."),
    "slow": _("It takes too long, or too much memory."),
    "require": _("It asks for another file (require), which is not there: paste everything into one script."),
    "ended": _("It brought the machine that runs it to an end, which was started again."),
}
_REQUIRE: Final = re.compile(r"\brequire\b.* not defined")
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


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A frame and the script that is to read it. `digest`: the SHA-256 of the script."""

    script: str
    digest: str
    raw: Raw


class Sandbox:
    """One process for all codecs of an instance; frames go through it in their order, many in one exchange."""

    def __init__(self, command: tuple[str, ...] = (sys.executable, "-I", str(APART))) -> None:
        self._command = command
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._ending: weakref.finalize[Any, Sandbox] | None = None
        self.filtered: bool | None = None  # whether the system filters what the process calls; None: not begun yet

    def made(self, asked: Sequence[Asked]) -> list[Made]:
        """What scripts make of frames, in their order. Never raises for what a script does."""
        frames = [(one.digest, _frame(one.raw)) for one in asked]
        scripts = {one.digest: one.script for one in asked}
        with self._turn:
            told = self._exchanged(frames, {})
            unknown = [place for place, one in enumerate(told) if one.get("unknown")]
            if unknown:
                some = [frames[place] for place in unknown]
                again = self._exchanged(some, {digest: scripts[digest] for digest, _frame in some})
                for place, one in zip(unknown, again, strict=True):
                    told[place] = one
        return [_read(one) for one in told]

    def close(self) -> None:
        """End the process."""
        with self._turn:
            self._end()

    def _exchanged(self, frames: Sequence[tuple[str, str]], scripts: dict[str, str]) -> list[dict[str, Any]]:
        """The answers to some frames. Where the process ends or stalls over many, each is asked for by itself, so that
        the one that does it is known."""
        told: list[dict[str, Any]] = []
        failure = ""
        try:
            for one in self._asked(frames, scripts):
                told.append(one)
        except TimeoutError:
            failure = "slow"
        except (OSError, EOFError, msgspec.MsgspecError):
            failure = "ended"
        if not failure:
            return told
        self._end()
        if len(frames) == 1:
            return [{"failure": failure}]
        rest = frames[len(told) :]
        return [*told, *(self._exchanged([one], scripts)[0] for one in rest)]

    def _asked(self, frames: Sequence[tuple[str, str]], scripts: dict[str, str]) -> Iterator[dict[str, Any]]:
        process = self._started()
        message = msgspec.msgpack.encode({"scripts": scripts, "frames": frames})
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(struct.pack("!I", len(message)) + message)
        process.stdin.flush()
        answers = _Answers(process.stdout.fileno())
        for _frame in frames:
            yield msgspec.msgpack.decode(answers.next())

    def _started(self) -> "subprocess.Popen[bytes]":
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._process = subprocess.Popen(  # noqa: S603
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}
            )
            self._ending = weakref.finalize(self, _end, self._process)
            self._note(self._process)
        return self._process

    def _note(self, process: "subprocess.Popen[bytes]") -> None:
        """Hear whether the system filters what it calls, and say so when it does not."""
        assert process.stdout is not None
        filtered = _Answers(process.stdout.fileno(), BEGINNING).bytes(1) == b"\1"
        if not filtered and self.filtered is None:
            logging.getLogger(__name__).warning("codecs run within limits, without a filter of the system (seccomp)")
        self.filtered = filtered

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


class _Answers:
    """Messages of a pipe, each within some time."""

    def __init__(self, descriptor: int, patience: float = PATIENCE) -> None:
        self._descriptor, self._patience = descriptor, patience
        self._held = b""
        self._readable = select.poll()
        self._readable.register(descriptor, select.POLLIN)

    def next(self) -> bytes:
        """The next message; TimeoutError or EOFError when none comes."""
        [length] = struct.unpack("!I", self.bytes(4))
        return self.bytes(length)

    def bytes(self, count: int) -> bytes:
        """So many bytes."""
        until = monotonic() + self._patience
        while len(self._held) < count:
            if not self._readable.poll(max(0.0, until - monotonic()) * 1_000):
                raise TimeoutError
            part = os.read(self._descriptor, 65_536)
            if not part:
                raise EOFError
            self._held += part
        found, self._held = self._held[:count], self._held[count:]
        return found


def _frame(raw: Raw) -> str:
    frame = {"bytes": list(raw.body), "port": raw.port, "at": raw.at, "variables": raw.variables}
    return msgspec.json.encode(frame).decode()


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
    if kind == "said" and _REQUIRE.search(said):
        return Made(failure=_SENTENCES["require"], said=_first(said))
    if kind in _SENTENCES:
        return Made(failure=_SENTENCES[kind])
    return Made(failure=_("It fails, and says:"), said=_first(said))


def _first(said: str) -> str:
    """What an error says, with the line of the script it comes from; those of `buffer.js` are called with a $."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    place = next((line for line in lines[1:] if "<input>:" in line and not line.startswith("at $")), "")
    line = place.rpartition("<input>:")[2].partition(":")[0]
    return f"{lines[0] if lines else said}{f' (line {line})' if line.isdigit() else ''}"[:300]


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(str(one)[:200] for one in value[:20]) if isinstance(value, list) else ()


Make = Callable[[Sequence[Asked]], Sequence[Made]]
