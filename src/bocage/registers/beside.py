"""Opinions and files that stand beside declarations, sealed in the same chain: once when written, again at each change.

The chain holds a salted digest and what it is about, never the text: the salt goes when the row changes, so that
nothing can be tried on a digest of before, which everyone may read.
"""

import base64
import secrets
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

import msgspec

from bocage import relational
from bocage.registers import chain
from bocage.registers.recording import row_of
from bocage.registers.revisions import REVISIONS
from bocage.registers.tables import BESIDE, AssessmentFile, Chain, OpinionRow, Version

Row = OpinionRow | AssessmentFile
TABLES: Final[dict[str, type[Row]]] = dict(zip(BESIDE, (OpinionRow, AssessmentFile), strict=True))
_UNSAID: Final = frozenset({"id", "salt"})


def seal(row: Row, author: str, at: datetime, random: chain.Random = secrets.token_bytes, **said: bool) -> None:
    """Write the row as it is now, and its digest at the end of the chain. `said`: more that the chain tells of it."""
    with relational.transaction():
        head = Chain.objects.get_or_create(territory=row.territory)[0]
        kind = next(kind for kind, table in TABLES.items() if isinstance(row, table))
        row.name, row.salt = row.name or random(16).hex(), random(chain.SALT)
        row.save()
        sealed = chain.Sealed(
            territory=row.territory,
            kind=kind,
            slug=row.name,
            version=Version.objects.filter(territory=row.territory, kind=kind, slug=row.name).count() + 1,
            sequence=head.sequence + 1,
            schema=1,
            author=author,
            at=at.astimezone(UTC),
            withdrawn=False,
            previous=head.digest,
            body={"digest": digest(row), "kind": about(row)[0], "slug": about(row)[1], **said},
            personal={},
            salt=random(chain.SALT).hex(),
        )
        version = row_of(chain.encode(sealed), sealed)
        version.save(force_insert=True)
        head.sequence, head.digest, head.revision = sealed.sequence, version.digest, head.revision + 1
        head.save()
        REVISIONS.follow(row.territory)


def note(at: datetime) -> int:
    """Seal what earlier versions wrote outside the chain, as it is now; how many rows. Nothing says what they were."""
    older = [row for table in TABLES.values() for row in table.objects.filter(name="").order_by("id")]
    for row in older:
        seal(row, "", at, noted=True)
    return len(older)


def noted() -> Counter[str]:
    """How many rows of each territory were sealed only once an upgrade noted them; of these, nothing older is known."""
    rows = Version.objects.filter(kind__in=BESIDE, version=1, author="")
    return Counter(rows.values_list("territory", flat=True))


def about(row: Row) -> tuple[str, str]:
    """The declaration it stands beside, by kind and slug."""
    return (row.kind, row.slug) if isinstance(row, OpinionRow) else ("assessment", row.slug)


def rows(territory: str) -> Iterator[tuple[str, Row]]:
    """All that stands beside the declarations of a territory, with its kind in the chain."""
    for kind, table in TABLES.items():
        for row in table.objects.filter(territory=territory).order_by("id").iterator(chunk_size=20):
            yield kind, row


def newest(territory: str) -> dict[tuple[str, str], Version]:
    """The last version of each that the chain knows, by kind and name."""
    held = Version.objects.filter(territory=territory, kind__in=TABLES).order_by("sequence")
    return {(version.kind, version.slug): version for version in held}


def digest(row: Row) -> str:
    """The salted digest of all that a row says."""
    return sha256(bytes(row.salt) + msgspec.json.encode(values(row), order="sorted")).hexdigest()


def values(row: Row) -> dict[str, Any]:
    """All that a row says, as JSON holds it, its number and its salt left out."""
    said = {field.name: getattr(row, field.name) for field in row._meta.fields if field.name not in _UNSAID}
    return {name: _plain(value) for name, value in said.items()}


def carried(version: Version) -> dict[str, Any]:
    """The row of a version with its salt, to be put back elsewhere; empty where a later version tells it."""
    table = TABLES.get(version.kind)
    row = table.objects.filter(territory=version.territory, name=version.slug).first() if table else None
    later = Version.objects.filter(territory=version.territory, kind=version.kind, slug=version.slug)
    if row is None or later.filter(version__gt=version.version).exists():
        return {}
    return {**values(row), "salt": _plain(row.salt)}


def put_back(kind: str, territory: str, told: dict[str, Any]) -> None:
    """The row again, from what was carried; whether it is the one that was sealed is asked by `verify`."""
    table = TABLES[kind]
    read: dict[str, Any] = {"at": datetime.fromisoformat, "salt": base64.b64decode, "body": base64.b64decode}
    fields = {field.name for field in table._meta.fields} - {"id"}
    said = {name: read[name](value) if name in read else value for name, value in told.items() if name in fields}
    table.objects.create(**{**said, "territory": territory})


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return base64.b64encode(bytes(value)).decode() if isinstance(value, bytes | memoryview | bytearray) else value
