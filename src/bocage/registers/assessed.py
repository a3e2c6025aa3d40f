"""The files assessments were brought in from, kept whole beside the registers; their names of persons can be erased."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec

from bocage import relational
from bocage.domain import pia
from bocage.registers import beside
from bocage.registers.tables import AssessmentFile
from bocage.store import lists

NAME = "assessment-erasures.jsonl"


class Erased(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the list: files of this assessment kept up to that moment name nobody."""

    territory: str
    slug: str
    at: datetime


def keep(territory: str, slug: str, content: bytes, account: str, at: datetime) -> None:
    """Keep a file of an assessment; the newest counts, the others stay as they were brought in."""
    beside.seal(AssessmentFile(territory=territory, slug=slug, body=content, account=account, at=at), account, at)


def newest(territory: str, slug: str) -> bytes | None:
    """The newest file of an assessment, to the byte; None where it was declared by hand."""
    row = AssessmentFile.objects.filter(territory=territory, slug=slug).order_by("-at", "-id").first()
    return bytes(row.body) if row else None


def having(territory: str) -> frozenset[str]:
    """The assessments that were brought in."""
    return frozenset(AssessmentFile.objects.filter(territory=territory).values_list("slug", flat=True))


def forget(folder: Path, territory: str, slug: str, at: datetime) -> int:
    """Erase the names in every file of an assessment; the list first, so that a restored copy forgets again."""
    one = Erased(territory=territory, slug=slug, at=at.astimezone(UTC))
    lists.note(folder / NAME, one)
    return _forget(one)


def again(folder: Path) -> int:
    """Erase what the list names from a restored copy, before anything is served; how many files."""
    return sum(map(_forget, lists.listed(folder / NAME, Erased)))


def _forget(one: Erased) -> int:
    with relational.transaction():
        rows = list(AssessmentFile.objects.filter(territory=one.territory, slug=one.slug, at__lte=one.at))
        for row in rows:
            left = pia.without_names(bytes(row.body))
            if left != bytes(row.body):
                row.body = left
                beside.seal(row, "", one.at)
    return len(rows)
