"""Structured logs: one JSON object a line on the error stream, with nothing in them that opens anything."""

import logging
import re
import sys
from datetime import UTC, datetime

from pythonjsonlogger.core import RESERVED_ATTRS
from pythonjsonlogger.json import JsonFormatter

_OPENING = re.compile(
    r"(/welcome/|/first/|bocage_|[?&](?:key|token|password|secret|apikey|api_key)=)[\w.~%-]+", re.IGNORECASE
)


class _Formatter(JsonFormatter):
    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")

    def format(self, record: logging.LogRecord) -> str:
        """The record without what opens something: one-time links, tokens of machines, keys in addresses."""
        return _OPENING.sub(r"\1…", super().format(record))


def logging_to_json(level: str) -> None:
    """Send every log record to the error stream as JSON: at (UTC), level, logger, message and its fields."""
    handler = logging.StreamHandler(sys.stderr)
    names = {"asctime": "at", "levelname": "level", "name": "logger"}
    unsaid = [*RESERVED_ATTRS, "color_message"]  # the message again, with the colours of a terminal
    fields = "%(asctime)s %(levelname)s %(name)s %(message)s"
    handler.setFormatter(_Formatter(fields, rename_fields=names, reserved_attrs=unsaid))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
