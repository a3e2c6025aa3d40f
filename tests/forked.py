"""`bocage` commands forked from a process that has read the program: each a process of its own, begun sooner.

Run as a module it is that process, which a worker of the tests starts once (`sooner`) and which ends with it.
"""

import atexit
import contextlib
import functools
import gc
import importlib
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
READ = ("bocage.cli.main", "bocage.assembly.serving", "bocage.store.embedded.home", "django.contrib.auth.hashers")
TABLES = ("bocage.assembly.commands", "bocage.assembly.application", "bocage.assembly.working", "bocage.ingest.intake")
"""What nearly every command reads, before Django knows its folder and after."""


def run(command: Sequence[str], env: Mapping[str, str], timeout: float) -> subprocess.CompletedProcess[str]:
    """Run one command in a process of its own, as `subprocess.run` does with `python -m bocage`."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, socket.socket(socket.AF_UNIX) as one:
        one.connect(sooner())
        one.settimeout(timeout)
        asked = json.dumps({"command": list(command), "env": dict(env), "folder": str(Path.cwd())}).encode()
        socket.send_fds(one, [len(asked).to_bytes(8, "big")], [out.fileno(), err.fileno()])
        one.sendall(asked)
        answers = one.makefile("r")
        with answers:
            number = int(answers.readline())
            try:
                code = int(answers.readline())
            except TimeoutError:
                os.kill(number, signal.SIGKILL)
                raise subprocess.TimeoutExpired(list(command), timeout) from None
        said = [file.seek(0) or file.read().decode() for file in (out, err)]
    return subprocess.CompletedProcess(["bocage", *command], code, *said)


@functools.cache
def sooner() -> str:
    """The address of the process that has read the program; it ends when this one does."""
    folder = tempfile.TemporaryDirectory(prefix="bocage-forked-")
    address, mine = f"{folder.name}/socket", socket.socketpair()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.forked", address], stdin=mine[1], stdout=subprocess.PIPE, cwd=ROOT
    )
    mine[1].close()
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n", "the program cannot be read"
    process.stdout.close()

    def end() -> None:
        mine[0].close()
        process.wait(30)
        folder.cleanup()

    atexit.register(end)
    return address


def _read() -> None:
    """Read the program, its tables too, for which Django must have been told a folder: it forgets that one again."""
    for name in READ:
        importlib.import_module(name)
    from django.conf import settings
    from django.db import connections
    from django.utils.functional import empty

    from bocage import relational
    from bocage.web.settings import settings as page_settings

    relational.configure(ROOT / "nowhere", secret=b"of nobody", extra=page_settings())
    for name in TABLES:
        importlib.import_module(name)
    settings._wrapped = empty
    vars(connections).clear()
    connections.__init__()  # type: ignore[misc]


def _serve(address: str) -> Any:
    """Fork for each who asks. Gives, in the fork, what it is to do."""
    _read()
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(address)
        door.listen()
        if os.fork() == 0:  # it waits for the end of whoever started this, who closes the other end
            door.close()
            os.read(0, 1)
            os.kill(os.getppid(), signal.SIGTERM)
            os._exit(0)
        os.write(1, b"ready\n")
        while True:
            one, _ = door.accept()
            if os.fork() == 0:
                break
            one.close()
    return _began(one)


def _began(one: socket.socket) -> Any:
    """Take the order, fork once more, and tell how that one ended; gives the order in the fork."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    size, outputs, _flags, _from = socket.recv_fds(one, 8, 2)
    text = bytearray()
    while len(text) < int.from_bytes(size, "big"):
        text += one.recv(1 << 20)
    number = os.fork()
    if number:
        one.sendall(b"%d\n" % number)
        _number, status = os.waitpid(number, 0)
        with contextlib.suppress(BrokenPipeError):  # who asked waits no longer
            one.sendall(b"%d\n" % os.waitstatus_to_exitcode(status))
        os._exit(0)
    one.close()
    for stream, descriptor in enumerate((os.open(os.devnull, os.O_RDWR), *outputs)):
        os.dup2(descriptor, stream)
        os.close(descriptor)
    return json.loads(text)


def main() -> None:
    """The process that has read the program; each of its forks is a command."""
    order = _serve(sys.argv[1])
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["env"])
    sys.argv[1:] = order["command"]
    atexit.register(gc.unfreeze)  # what DuckDB made in `_read` is freed at the end, as in any process
    runpy.run_module("bocage", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
