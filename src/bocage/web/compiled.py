"""Templates as Jinja compiled them, kept beside them where that can be written, as Python keeps its own modules."""

import contextlib
import sys
from hashlib import sha256
from pathlib import Path

from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket


class Compiled(FileSystemBytecodeCache):
    """Compiled once for all processes; anew when a template, or the module its environment is made in, changed."""

    def __init__(self, templates: Path, made_in: Path) -> None:
        folder = templates / "__pycache__"
        if not sys.dont_write_bytecode:
            with contextlib.suppress(OSError):
                folder.mkdir(exist_ok=True)
        super().__init__(str(folder))
        self._environment = sha256(made_in.read_bytes()).hexdigest()

    def get_source_checksum(self, source: str) -> str:
        """What the compiled form was made from."""
        return super().get_source_checksum(source + self._environment)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it; where it may not be written each process compiles for itself."""
        if not sys.dont_write_bytecode:
            with contextlib.suppress(OSError):
                super().dump_bytecode(bucket)
