"""What was erased because its import was undone is kept as a proof of its own, beside those of retention."""

from datetime import UTC, datetime
from pathlib import Path

from bocage.domain.instant import EARLIEST, LATEST
from bocage.evidence import retention
from bocage.store.protocol import Erasure, ErasureProof

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def proof(erased: int, corrections: int = 0) -> ErasureProof:
    erasure = Erasure(datastreams=(3, 4), start=EARLIEST, end=LATEST)
    return ErasureProof(erasure=erasure, erased=erased, corrections=corrections, covers=("memory",), position=7)


def test_it_names_no_purpose_but_the_series_and_how_many(db: Path) -> None:
    retention.taken_back("ici", proof(12), AT)
    [kept] = retention.proofs("ici")
    assert (kept.purpose, kept.count, kept.datastreams, kept.at) == ("", 12, (3, 4), AT)
    assert retention.proofs("ailleurs") == []


def test_nothing_is_kept_of_nothing(db: Path) -> None:
    retention.taken_back("ici", proof(0), AT)
    assert retention.proofs("ici") == []
    retention.taken_back("ici", proof(0, corrections=2), AT)
    assert len(retention.proofs("ici")) == 1
