"""Structured logs: one JSON object a line on the error stream."""

import logging
import sys

from pythonjsonlogger.json import JsonFormatter


def logging_to_json(level: str) -> None:
    """Send every log record to the error stream as JSON: at, level, logger, message and its fields."""
    handler = logging.StreamHandler(sys.stderr)
    names = {"asctime": "at", "levelname": "level", "name": "logger"}
    handler.setFormatter(JsonFormatter("%(asctime)s %(levelname)s %(name)s %(message)s", rename_fields=names))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
