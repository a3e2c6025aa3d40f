"""Who reads the logs gets in nowhere."""

import json
import logging
import sys

import pytest

from bocage.assembly import logs


@pytest.mark.parametrize(
    "secret",
    [
        "/welcome/z-7mmY7GP3buJTV38dVeHcWJiSgUa1kzRKdYnFfDwuI",
        "bocage_9nd1aTzmY0AneXmJ0-YgJx1wsI-tQMJ8RKLaQIp5Trc",
        "https://data.example/feed?a=1&key=s3cretS3cret",
        "https://data.example/feed?TOKEN=s3cretS3cret",
    ],
)
def test_a_log_holds_nothing_that_opens_anything(secret: str) -> None:
    record = logging.LogRecord("x", logging.WARNING, "x", 1, "Bad Request: %s", (secret,), None)
    record.request = f"<ASGIRequest: POST '{secret}'>"
    try:
        raise ValueError(secret)
    except ValueError:
        record.exc_info = sys.exc_info()
    said = logs._Formatter("%(message)s").format(record)
    assert json.loads(said)
    assert secret[-12:] not in said


def test_a_log_says_what_happened() -> None:
    record = logging.LogRecord("x", logging.INFO, "x", 1, "Not Found: %s", ("/ville/data/air?from=3",), None)
    assert json.loads(logs._Formatter("%(message)s").format(record))["message"] == "Not Found: /ville/data/air?from=3"
