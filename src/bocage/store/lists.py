"""Lists of what was erased, kept outside databases and backups: one line of JSON each, durable before it counts."""

import os
from pathlib import Path
from typing import TypeVar

import msgspec

L = TypeVar("L", bound=msgspec.Struct)


def listed(path: Path, line: type[L]) -> list[L]:
    """The lines, oldest first; a last one that a crash cut short was never acted on."""
    lines = path.read_bytes().split(b"\n")[:-1] if path.exists() else []
    return [msgspec.json.decode(one, type=line) for one in lines if one]


def note(path: Path, line: msgspec.Struct) -> None:
    """Add a line before anything is erased, so that a crash between the two erases too much rather than too little."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab+") as file:
        file.seek(0)
        held = file.read()
        file.truncate(held.rfind(b"\n") + 1)
        file.write(msgspec.json.encode(line) + b"\n")
        file.flush()
        os.fsync(file.fileno())
