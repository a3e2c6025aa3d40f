"""Facts of the demonstration territories, read from their files; no database."""

from datetime import date
from pathlib import Path

import pytest

import bocage.cli
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.declaration import Declaration

DEMONSTRATION = Path(bocage.cli.__file__).parent / "demonstration"


@pytest.fixture(scope="session")
def facts() -> TerritoryFacts:
    from bocage.registers import files  # tables: only once Django is configured

    declared: dict[str, dict[str, Declaration]] = {}
    for filed in files.read(DEMONSTRATION / "val-de-loire").filed:
        declared.setdefault(filed.kind, {})[filed.slug] = filed.body
    return TerritoryFacts(slug="val-de-loire", today=date(2026, 11, 23), declared=declared)
