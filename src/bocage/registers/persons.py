"""What the registers hold of one person: what names them, what they wrote, which opinions they gave."""

from bocage.registers.tables import BESIDE, OpinionRow, Personal, Version

Row = dict[str, object]


def naming(territory: str, text: str) -> list[Row]:
    """Every version whose fields that name persons hold this text, capitals or not, oldest first."""
    rows, wanted = Personal.objects.filter(version__territory=territory).select_related("version"), text.casefold()
    return [
        {**_place(row.version), "field": row.field, "value": row.value}
        for row in rows.defer("version__sealed").order_by("version__sequence")
        if wanted in row.value.casefold()  # SQLite knows no capitals with accents
    ]


def written(territory: str, account: str) -> list[Row]:
    """Every version this account wrote, oldest first."""
    rows = Version.objects.filter(territory=territory, author=account).exclude(kind__in=BESIDE).order_by("sequence")
    return [_place(row) for row in rows.defer("sealed")]


def opinions(territory: str, account: str) -> list[Row]:
    """The opinions this account gave, those taken back too."""
    rows = OpinionRow.objects.filter(territory=territory, account=account).order_by("at", "id")
    return [{"kind": row.kind, "slug": row.slug, "at": row.at, "verdict": row.verdict} for row in rows]


def _place(row: Version) -> Row:
    return {"kind": row.kind, "slug": row.slug, "version": row.version, "at": row.at}
