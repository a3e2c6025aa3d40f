"""Run as a process of its own: reads frames, runs the codec of each, writes what it made of them. Knows nothing else.

A codec gets the bytes and nothing of the machine: no file, no network, no clock but the frame's, little memory and
time. The process itself may open nothing once it has begun, and a filter of the system lets it call little more than
read and write, so that not even a fault of the engine gets further.
Each message is its length (4 bytes, network order) and msgpack: many frames are asked for at once, and each is answered
by itself. Every frame finds the script as it was written: what it remembered of the frame before is gone.
"""

import ctypes
import platform
import resource
import struct
import sys
from collections import OrderedDict
from pathlib import Path
from time import monotonic
from typing import Any, BinaryIO

import msgspec
import quickjs

ADDRESS_SPACE = 512 * 1024 * 1024  # bytes of the process
MEMORY = 16 * 1024 * 1024  # bytes of one codec
STACK = 256 * 1024
SECONDS = 0.1  # of computing, for one frame
KEPT = 12  # codecs at hand, compiled
RENEWED = 2_000  # frames after which a codec is compiled anew, so that nothing it leaves grows
LONGEST = 64 * 1024  # characters of what it may make of a frame
PATIENCE = 3  # frames in a row, of those asked together, at which a codec is stopped: the others are not tried
SOON = 0.02  # seconds after which answers leave, though more frames are to be read
BUFFER = Path(__file__).with_name("buffer.js").read_text(encoding="utf-8")

# The script is the body of a function that runs for each frame: compiled once, fresh every time.
BEFORE = (
    "(function(make){"
    + "\n".join(
        """
'use strict';
const stringify = JSON.stringify, parse = JSON.parse, names = Object.getOwnPropertyNames, Moment = Date;
const quiet = function () {};
globalThis.console = { log: quiet, info: quiet, warn: quiet, error: quiet, debug: quiet };
const before = new Set(names(globalThis));
const of = function (codec, asked) {
  const at = asked.at ? new Moment(asked.at) : null, bytes = asked.bytes, port = asked.port;
  const variables = asked.variables;
  if (codec.uplink) return codec.uplink({ bytes: bytes, fPort: port, recvTime: at, variables: variables });
  if (codec.decoder) return { data: codec.decoder(bytes, port) };
  if (codec.decode) return { data: codec.decode(port, bytes, variables) };
  return { missing: true };
};
return function (text) {
  try {
    const made = of(make.call(globalThis, { exports: {} }), parse(text));
    return stringify({ ...made });
  } finally {
    for (const name of names(globalThis)) if (!before.has(name)) delete globalThis[name];
  }
};
""".strip().splitlines()
    ).replace("\n", " ")
    + "})(function(module){var exports=module.exports;"
)
AFTER = """
;exports = module.exports || {}; return {
  uplink: typeof decodeUplink === 'function' ? decodeUplink : exports.decodeUplink,
  decoder: typeof Decoder === 'function' ? Decoder : exports.Decoder,
  decode: typeof Decode === 'function' ? Decode : exports.Decode,
}; })"""


class Compiled:
    """One codec, and how many frames it has read."""

    def __init__(self, script: str) -> None:
        self.context = quickjs.Context()
        self.context.set_memory_limit(MEMORY)
        self.context.set_max_stack_size(STACK)
        self.context.set_time_limit(SECONDS)
        self.context.eval(BUFFER)
        self.run = self.context.eval(BEFORE + script + AFTER)
        self.frames = 0

    def answer(self, asked: str) -> dict[str, Any]:
        """What it made of a frame, as text; or what it said when it failed."""
        self.frames += 1
        made = self.run(asked)
        if not isinstance(made, str):
            return {"failure": "nothing"}
        return {"made": made} if len(made) <= LONGEST else {"failure": "long"}


class Shelf:
    """The codecs at hand, by the digest of their script."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Compiled] = OrderedDict()
        self._stopped: dict[str, int] = {}  # frames in a row, of those asked together, at which a codec was stopped

    def begin(self) -> None:
        """Other frames are asked."""
        self._stopped.clear()

    def answer(self, digest: str, script: str, frame: str) -> dict[str, Any]:
        """What the codec of a frame made of it; `unknown` when its script must be sent first."""
        if self._stopped.get(digest, 0) >= PATIENCE:
            return {"failure": "slow"}
        try:
            codec = self._kept.get(digest)
            if codec is None:
                if not script:
                    return {"unknown": True}
                codec = self._kept[digest] = Compiled(script)
            self._kept.move_to_end(digest)
            told = codec.answer(frame)
            self._stopped.pop(digest, None)
            if codec.frames >= RENEWED:
                del self._kept[digest]
            return told
        except (quickjs.JSException, UnicodeError, MemoryError) as error:
            self._kept.pop(digest, None)
            if "interrupted" in str(error):
                self._stopped[digest] = self._stopped.get(digest, 0) + 1
            return {"failure": "said", "said": str(error)[:2000].encode("utf-8", "replace").decode()}
        finally:
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)


def serve(asked: BinaryIO, told: BinaryIO) -> None:
    """Answer until nobody asks any more."""
    shelf = Shelf()
    while len(head := asked.read(4)) == 4:
        [length] = struct.unpack("!I", head)
        message = msgspec.msgpack.decode(asked.read(length))
        left = monotonic()
        shelf.begin()
        for digest, frame in message["frames"]:
            answer = msgspec.msgpack.encode(shelf.answer(digest, message["scripts"].get(digest, ""), frame))
            told.write(struct.pack("!I", len(answer)) + answer)
            if monotonic() - left > SOON:
                told.flush()
                left = monotonic()
        told.flush()


# What may still be called, by machine: reading and writing what is open, memory, time, the end. Whatever else is asked
# of the kernel (a socket, a file, another program, another process) answers "not permitted".
FAMILIES: dict[str, tuple[int, frozenset[int]]] = {
    "x86_64": (
        0xC000003E,
        frozenset((0, 1, 3, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 28, 35, 39, 60, 96, 98, 100, 131, 186, 202))
        | {219, 228, 229, 230, 231, 234, 318, 334},
    ),
    "aarch64": (
        0xC00000B7,
        frozenset((57, 62, 63, 64, 73, 80, 93, 94, 98, 101, 113, 114, 115, 124, 128, 131, 132, 134, 135, 139, 153, 165))
        | {169, 172, 178, 214, 215, 216, 222, 226, 233, 278, 293},
    ),
}
NO_NEW_RIGHTS, SECCOMP, FILTER = 38, 22, 2  # prctl(2), seccomp(2)
LOAD, EQUAL, ANSWER = 0x20, 0x15, 0x06  # BPF: a word of the call, a comparison, the verdict
ALLOW, DENY, KILL = 0x7FFF0000, 0x00050001, 0x80000000  # DENY: EPERM


def filtered() -> bool:
    """Have the system refuse everything but what a codec needs; False where this kernel has no such filter."""
    family, allowed = FAMILIES.get(platform.machine(), (0, frozenset()))
    if not allowed or sys.platform != "linux":
        return False
    calls = sorted(allowed)
    lines = [(LOAD, 0, 0, 4), (EQUAL, 1, 0, family), (ANSWER, 0, 0, KILL), (LOAD, 0, 0, 0)]
    lines += [(EQUAL, len(calls) - place, 0, number) for place, number in enumerate(calls)]
    lines += [(ANSWER, 0, 0, DENY), (ANSWER, 0, 0, ALLOW)]
    program = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *line) for line in lines))
    told = struct.pack("@HxxxxxxP", len(lines), ctypes.addressof(program))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl.argtypes = [ctypes.c_int, ctypes.c_ulong, ctypes.c_char_p, ctypes.c_ulong, ctypes.c_ulong]
    return not libc.prctl(NO_NEW_RIGHTS, 1, None, 0, 0) and not libc.prctl(SECCOMP, FILTER, told, 0, 0)


def closed_in() -> bool:
    """Give up whatever a codec does not need; whether the system filters what is called, beside the limits."""
    Compiled("function decodeUplink(input) { return { data: {} }; }").answer('{"bytes":[]}')  # loads all it needs
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    for kind in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE, resource.RLIMIT_NOFILE, resource.RLIMIT_NPROC):
        resource.setrlimit(kind, (0, 0))
    return filtered()


if __name__ == "__main__":
    sys.stdout.buffer.write(b"\1" if closed_in() else b"\0")
    sys.stdout.buffer.flush()
    serve(sys.stdin.buffer, sys.stdout.buffer)
