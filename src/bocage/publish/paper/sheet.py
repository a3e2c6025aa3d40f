"""What is to be printed, before it is: the template, its values, its pictures."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

TEMPLATES = Path(__file__).with_name("templates")


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a document depends on; `values` and `pictures` as `pdf` takes them."""

    template: str
    values: Mapping[str, Any]
    pictures: Mapping[str, bytes] = {}

    @property
    def tag(self) -> str:
        """A digest that changes when the document would: of values, pictures and templates."""
        seen = hashlib.sha256(msgspec.msgpack.encode([self.template, self.values, dict(self.pictures)]))
        for path in sorted(TEMPLATES.glob("*.typ")):
            seen.update(path.read_bytes())
        return seen.hexdigest()[:32]
