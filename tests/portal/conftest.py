"""The demonstration territories in a database and a log of their own, for tests that only read."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import call_command
from django.test import Client, override_settings

from bocage.domain.observation import ObservationBatch
from bocage.store.memory import MemoryStore

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MS = int(AT.timestamp() * 1000)
DAY = 86_400_000


def filled(store: MemoryStore, number: int) -> None:
    """A hundred days of one series, replayed from four years before."""
    start = MS - DAY * np.arange(1, 101, dtype=np.int64)[::-1]
    store.append(
        ObservationBatch(
            datastream=np.full(100, number, np.int32),
            start=start,
            end=start,
            kind=np.zeros(100, np.uint8),
            number=np.linspace(10, 20, 100),
            origin=np.ones(100, np.uint8),
            original=start - 208 * 7 * DAY,
        )
    ).result()


@pytest.fixture(scope="module")
def store(relational_folder: Path) -> Iterator[MemoryStore]:
    from bocage import cli, evidence, registers, sensing
    from bocage.accounts import OPERATOR

    call_command("flush", verbosity=0, interactive=False)
    kept = MemoryStore()
    for name in ("val-de-loire", "marais"):
        folder = Path(cli.__file__).parent / "demonstration" / name
        evidence.apply(folder, "", OPERATOR, AT, evidence.Choice(rebase=False))
    evidence.connect(kept)
    for territory in registers.territories():
        for placed in sensing.all(territory, "datastream"):
            filled(kept, placed.id)
    yield kept
    evidence.connect(None)
    call_command("flush", verbosity=0, interactive=False)


@pytest.fixture(scope="module")
def pages(store: MemoryStore, relational_folder: Path) -> Iterator[None]:
    from bocage.accounts.tokens import Tokens
    from bocage.web.parts import Parts

    wired: dict[str, Any] = {"data": relational_folder, "backups": relational_folder, "tokens": Tokens()}
    parts = Parts(store=store, clock=lambda: AT, **wired)
    with override_settings(BOCAGE_PARTS=parts):
        yield


@pytest.fixture
def client(pages: None) -> Client:
    """A reader who has never been here."""
    return Client()
