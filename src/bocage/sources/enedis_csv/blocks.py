"""A file of Enedis as the blocks it is made of: what stands above each table, and the table itself."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

import msgspec

Line = tuple[int, list[str]]

METER = re.compile(r"[0-9]{14}\Z")
_METERS = ("identifiant prm", "point reference mesure prm", "prm", "pdl", "point de livraison")


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """One table: its heading as folded words, the rows below it with their numbers, and what was said above.

    `said`: folded label to value, of the lines above (a heading and its values below it, or label and value in turn).
    """

    heading: tuple[str, ...]
    written: tuple[str, ...]
    rows: tuple[Line, ...]
    said: Mapping[str, str]

    def at(self, *names: str) -> int:
        """The place of the first column of these names, -1 when none is there."""
        return next((self.heading.index(name) for name in names if name in self.heading), -1)

    def told(self, *names: str) -> str:
        """What was said above under the first of these labels."""
        return next((self.said[name] for name in names if self.said.get(name)), "")

    @property
    def meter(self) -> str:
        """The number of the delivery point that stands above, if one does."""
        return self.told(*_METERS)


def folded(text: str) -> str:
    """Lower-case words with single spaces; accents and signs off."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", " ", plain).strip()


def blocks(lines: Sequence[list[str]]) -> Iterator[Block]:
    """Every table of a file, in order. A line that begins a table ends the one above it."""
    said: dict[str, str] = {}
    open_heading: tuple[str, list[str]] | None = None
    heading: list[str] = []
    rows: list[Line] = []
    for number, cells in enumerate(lines, start=1):
        plain = [cell.strip() for cell in cells]
        words = [folded(cell) for cell in plain]
        kind = _kind(words)
        if kind:
            if heading:
                yield _block(heading, rows, said)
            heading, rows = (plain if kind == "table" else []), []
            open_heading = ("", words) if kind == "labels" else None
        elif open_heading is not None and any(plain):
            said = {label: cell for label, cell in zip(open_heading[1], plain, strict=False) if label and cell}
            open_heading = None
        elif heading:
            if any(plain):
                rows.append((number, plain))
        else:
            said |= _pairs(words, plain)
    if heading:
        yield _block(heading, rows, said)


def _block(heading: list[str], rows: list[Line], said: Mapping[str, str]) -> Block:
    return Block(
        heading=tuple(folded(cell) for cell in heading), written=tuple(heading), rows=tuple(rows), said=dict(said)
    )


def _kind(words: list[str]) -> str:
    """Whether a line begins a table of values, a table of nothing we keep, or labels whose values stand below."""
    named = set(words)
    if named & {"horodate", "horodate iso fin de pas"} or ("date" in named and any(map(_measured, words))):
        return "table"
    if "periode" in named and any(word.startswith("identifiant calendrier") for word in words):
        return "calendar"
    return "labels" if "identifiant prm" in named and "type de donnees" in named and not _values(words) else ""


def _measured(word: str) -> bool:
    return word.startswith(("valeur", "consommation", "production", "injection"))


def _values(words: list[str]) -> bool:
    """Whether label and value stand in turn on one line, as "Identifiant PRM;12345678901234;Type de donnees;..."."""
    return any(METER.match(word) for word in words)


def _pairs(words: list[str], plain: list[str]) -> dict[str, str]:
    """Labels and values in turn on one line."""
    filled = [(word, cell) for word, cell in zip(words, plain, strict=True) if cell]
    return {label: cell for (label, _said), (_word, cell) in zip(filled[0::2], filled[1::2], strict=False) if label}
