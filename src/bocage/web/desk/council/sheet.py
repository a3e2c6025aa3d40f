"""The page for the council as it is read, in words: the screen and the paper show the same."""

import msgspec


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """One cell of a table: what it says, a few smaller words, where it leads on the screen."""

    text: str
    note: str = ""
    link: str = ""


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """Words of its head, then its rows; the first cell of a row names it. `figures`: columns that hold numbers."""

    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    figures: frozenset[int] = frozenset()


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a list; `mark` is the sign of its state (`web.marks`), which its words say too."""

    text: str
    note: str = ""
    link: str = ""
    mark: str = ""


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the page. `ways`: what can be done about it, on the screen only."""

    code: str
    title: str
    lead: str = ""
    table: Table | None = None
    entries: tuple[Entry, ...] = ()
    note: str = ""
    ways: tuple[Entry, ...] = ()


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """The whole page. `invented`: that the territory is, empty for a real one (the screen says it above
    every page). `warnings` stand above everything: the month is not over, figures are closed, replayed.
    """

    territory: str
    service: str
    month: str
    title: str
    summary: str
    invented: str
    warnings: tuple[str, ...]
    sections: tuple[Section, ...]
    source: str
    made: str
