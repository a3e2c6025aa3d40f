"""Run as a process of its own: reads frames, runs the codec of each, writes what it made of them. Knows nothing else.

A codec gets the bytes and nothing of the machine: no file, no network, no clock but the frame's, little memory and
time. The process itself may open nothing once it has begun, so that not even a fault of the engine gets further.
Each message is its length (4 bytes, network order) and msgpack. Every frame finds the script as it was written: what it
remembered of the frame before is gone.
"""

import resource
import struct
import sys
from collections import OrderedDict
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
;return {
  uplink: typeof decodeUplink === 'function' ? decodeUplink : module.exports.decodeUplink,
  decoder: typeof Decoder === 'function' ? Decoder : module.exports.Decoder,
  decode: typeof Decode === 'function' ? Decode : module.exports.Decode,
}; })"""


class Compiled:
    """One codec, and how many frames it has read."""

    def __init__(self, script: str) -> None:
        self.context = quickjs.Context()
        self.context.set_memory_limit(MEMORY)
        self.context.set_max_stack_size(STACK)
        self.context.set_time_limit(SECONDS)
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

    def answer(self, asked: dict[str, Any]) -> dict[str, Any]:
        """What the codec of a frame made of it; `unknown` when its script must be sent first."""
        digest, script = asked["digest"], asked["script"]
        try:
            codec = self._kept.get(digest)
            if codec is None:
                if not script:
                    return {"unknown": True}
                codec = self._kept[digest] = Compiled(script)
            self._kept.move_to_end(digest)
            told = codec.answer(asked["frame"])
            if codec.frames >= RENEWED:
                del self._kept[digest]
            return told
        except (quickjs.JSException, UnicodeError, MemoryError) as error:
            self._kept.pop(digest, None)
            return {"failure": "said", "said": str(error)[:2000].encode("utf-8", "replace").decode()}
        finally:
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)


def serve(asked: BinaryIO, told: BinaryIO) -> None:
    """Answer until nobody asks any more."""
    shelf = Shelf()
    while len(head := asked.read(4)) == 4:
        [length] = struct.unpack("!I", head)
        answer = msgspec.msgpack.encode(shelf.answer(msgspec.msgpack.decode(asked.read(length))))
        told.write(struct.pack("!I", len(answer)) + answer)
        told.flush()


if __name__ == "__main__":
    Compiled("function decodeUplink(input) { return { data: {} }; }").answer('{"bytes":[]}')  # loads all it needs
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    for kind in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE, resource.RLIMIT_NOFILE, resource.RLIMIT_NPROC):
        resource.setrlimit(kind, (0, 0))
    serve(sys.stdin.buffer, sys.stdout.buffer)
