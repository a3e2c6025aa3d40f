"""The Unix socket by which commands reach the process that serves, and the same commands run without it.

One request a connection: a JSON line {"command", "values"}; the answer is JSON lines {"told": ...} while it
works, then one {"result": ...} or {"failure": ...}. The socket has mode 0600: who reaches it owns the folder.
"""

import logging
import os
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from bocage.domain.decision import Refusal
from bocage.domain.errors import BocageError, Conflict, Invalid, Missing, Refused, Unavailable
from bocage.domain.text import message as _

Tell = Callable[[dict[str, Any]], None]
Run = Callable[[str, dict[str, Any], Tell], dict[str, Any]]
LONGEST = 16 * 1024 * 1024
LONGEST_NAME = 100


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """A failure on its way through the socket, with all that its sentence needs."""

    code: str
    expected: str
    found: str = ""
    remedy: str = ""
    values: dict[str, Any] = {}
    refusals: tuple[Refusal, ...] = ()

    @classmethod
    def of(cls, error: BocageError) -> "Failure":
        """The failure an error becomes."""
        refusals = error.refusals if isinstance(error, Refused) else ()
        return cls(
            code=error.code,
            expected=error.expected,
            found=error.found,
            remedy=error.remedy,
            values=error.values,
            refusals=refusals,
        )

    def raised(self) -> BocageError:
        """The error it was on the other side."""
        if self.refusals:
            return Refused(self.refusals)
        leaf = {kind.code: kind for kind in (Missing, Conflict, Unavailable, BocageError)}.get(self.code, Invalid)
        return leaf(self.expected, self.found, self.remedy, **self.values)


class _Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    run: Run


class _Answer(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        line = self.rfile.readline(LONGEST)
        if not line:
            return
        try:
            command, values = _asked(line)
            self._send({"result": self.server.run(command, values, lambda told: self._send({"told": told}))})
        except ConnectionError:
            return  # whoever asked has gone; what was done is durable, the rest is not begun
        except BocageError as error:
            self._send({"failure": msgspec.to_builtins(Failure.of(error))})
        except Exception as error:  # the outermost loop of a worker: the instance goes on, whoever asked is told
            logging.getLogger(__name__).exception("a command failed")
            self._send({"failure": msgspec.to_builtins(Failure(code="failure", expected="", found=repr(error)))})

    def _send(self, line: dict[str, Any]) -> None:
        self.wfile.write(msgspec.json.encode(line) + b"\n")
        self.wfile.flush()


def _asked(line: bytes) -> tuple[str, dict[str, Any]]:
    try:
        asked = msgspec.json.decode(line)
        return str(asked["command"]), dict(asked["values"])
    except (msgspec.DecodeError, KeyError, TypeError, ValueError) as error:
        raise Invalid(_("a command in one JSON line"), repr(error)) from error


class Listening:
    """The serving side: a thread that answers commands until it is stopped."""

    def __init__(self, path: Path, run: Run) -> None:
        path.unlink(missing_ok=True)
        before = os.umask(0o177)
        try:
            with _short(path) as name:
                self._server = _Server(name, _Answer)
        finally:
            os.umask(before)
        self._server.run = run
        self._path = path
        self._thread = threading.Thread(target=self._server.serve_forever, name="commands", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Answer no more commands and take the socket away."""
        self._server.shutdown()
        self._server.server_close()
        self._path.unlink(missing_ok=True)


@contextmanager
def _short(path: Path) -> Iterator[str]:
    """A name of the socket that fits in an address, which holds some hundred bytes, however deep the folder lies."""
    if len(os.fsencode(path)) < LONGEST_NAME:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)


def served(path: Path) -> bool:
    """Whether a process answers behind this socket."""
    if not path.exists():
        return False
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(2)
        with _short(path) as name:
            return probe.connect_ex(name) == 0


def ask(path: Path, command: str, values: Mapping[str, Any], tell: Tell) -> dict[str, Any]:
    """Have the serving process run a command; its failures are raised here as they were there."""
    with socket.socket(socket.AF_UNIX) as connection:
        with _short(path) as name:
            connection.connect(name)
        connection.sendall(msgspec.json.encode({"command": command, "values": dict(values)}) + b"\n")
        with connection.makefile("rb") as lines:
            for line in lines:
                answer = msgspec.json.decode(line)
                if "told" in answer:
                    tell(answer["told"])
                elif "failure" in answer:
                    raise msgspec.convert(answer["failure"], Failure).raised()
                else:
                    return dict(answer["result"])
    raise Unavailable(_("an answer of the process that serves"), _("it stopped before it answered"))
