"""A spreadsheet of things and series, as a plan: read by `ingest.inventory`, column by column as the person says."""

from bocage.domain.reading import RowError
from bocage.imports.plan import Given, Plan, Proposal, Wrong
from bocage.ingest import inventory
from bocage.ingest.headings import Heading
from bocage.ingest.sheets import cells

COLUMN = "column."


def read(given: Given) -> Plan:
    """What the spreadsheet would declare. PayloadError when it is none, or names no thing."""
    name, content = given.file
    found = inventory.read(name, content, given.facts, declared(given))
    lines = cells(name, content)
    told = [error for error in found.errors if error.code != "more"]
    return Plan(
        proposals=tuple(
            Proposal(
                kind=body.kind, slug=slug, bodies=(body,), before=given.facts.declared.get(body.kind, {}).get(slug)
            )
            for slug, body in found.entities
        ),
        wrong=tuple(_wrong(error, lines) for error in told),
        more_wrong=sum(int(error.found) for error in found.errors if error.code == "more"),
        heading=tuple(lines[0]),
        rows=found.rows,
    )


def declared(given: Given) -> dict[str, str]:
    """The cell of the first line that the person says stands for each column."""
    return {name.removeprefix(COLUMN): cell for name, cell in given.choices.items() if name.startswith(COLUMN)}


def heading(given: Given) -> Heading:
    """What each cell of the first line stands for."""
    name, content = given.file
    return inventory.heading(name, content, declared(given))


def _wrong(error: RowError, lines: list[list[str]]) -> Wrong:
    line = lines[error.row - 1] if 0 < error.row <= len(lines) else []
    return Wrong(row=error.row, column=error.column, found=error.found, code=error.code, cells=tuple(line))
