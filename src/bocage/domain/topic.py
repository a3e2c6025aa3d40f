"""Topics of MQTT: what the levels of one are called, and whether a filter takes it in."""

import re
from collections.abc import Mapping
from typing import Final

_LEVEL: Final = {"+": r"[^/]*", "#": r".*"}
_NAME: Final = re.compile(r"\{([a-z][a-z0-9_]*)\}")


class Naming:
    """Reads the levels of topics by a declared form: `town/{device}/{property}`; + and # stand for what has no name."""

    def __init__(self, form: str) -> None:
        self._pattern = re.compile("/".join(_level(one) for one in form.split("/"))) if form else None

    @property
    def names(self) -> tuple[str, ...]:
        """What its levels are called."""
        return tuple(self._pattern.groupindex) if self._pattern else ()

    def parts(self, topic: str) -> Mapping[str, str] | None:
        """What each named level holds; None when the topic is not of this form."""
        if self._pattern is None:
            return {}
        found = self._pattern.fullmatch(topic)
        return found.groupdict() if found else None


def takes(wanted: str, topic: str) -> bool:
    """Whether a filter takes a topic in (MQTT 5, 4.7): a wildcard at its head takes no topic that begins with $."""
    if topic.startswith("$") and wanted[:1] in ("+", "#"):
        return False
    form = wanted.removesuffix("/#") if wanted != "#" else ""
    pattern = "/".join(_LEVEL.get(one, re.escape(one)) for one in form.split("/"))
    if wanted.endswith("#"):
        pattern = f"{pattern}(/.*)?" if form else ".*"
    return re.fullmatch(pattern, topic, re.DOTALL) is not None


def _level(written: str) -> str:
    named = _NAME.fullmatch(written)
    return f"(?P<{named[1]}>[^/]+)" if named else _LEVEL.get(written, re.escape(written))
