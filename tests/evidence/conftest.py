"""The small invented territory; tables are imported only once Django is configured."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest


@pytest.fixture
def marais(db: Path) -> Iterator[str]:
    """The small invented territory, and no log connected."""
    from bocage import evidence
    from bocage.accounts import OPERATOR

    folder = Path(evidence.__file__).parent.parent / "cli" / "demonstration" / "marais"
    at = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    evidence.apply(folder, "", OPERATOR, at, evidence.Choice(rebase=False))
    yield "marais"
    evidence.connect(None)
