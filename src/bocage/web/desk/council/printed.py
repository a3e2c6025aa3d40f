"""The page for the council on paper: A4, black and white is enough, tagged for who does not see it."""

from typing import Any

from bocage.domain.text import message as _
from bocage.publish import paper
from bocage.web.desk.council.frame import Frame
from bocage.web.desk.council.sheet import Cell, Entry, Section, Sheet, Table


def printed(frame: Frame, sheet: Sheet) -> bytes:
    """The PDF. Unavailable when the machine cannot make it now."""
    return paper.pdf("council", values(frame, sheet))


def values(frame: Frame, sheet: Sheet) -> dict[str, Any]:
    """What `council.typ` shows."""
    return {
        "title": sheet.title,
        "language": frame.lang,
        "territory": sheet.territory,
        "heading": sheet.service,
        "month": sheet.month,
        "summary": sheet.summary,
        "warnings": [one for one in (sheet.invented, *sheet.warnings) if one],
        "sections": [_section(one) for one in sheet.sections],
        "source": sheet.source,
        "made": sheet.made,
        "words": {
            "council": frame.say(_("Page for the council")),
            "seen": frame.say(_("Seen on")),
            "signature": frame.say(_("Signature")),
            "page": frame.say(_("page")),
        },
    }


def _section(one: Section) -> dict[str, Any]:
    table = _table(one.table) if one.table else None
    entries = [_entry(entry) for entry in one.entries]
    return {"title": one.title, "lead": one.lead, "table": table, "entries": entries, "note": one.note}


def _table(one: Table) -> dict[str, Any]:
    return {
        "head": list(one.head),
        "figures": sorted(one.figures),
        "rows": [[_cell(cell) for cell in row] for row in one.rows],
    }


def _cell(one: Cell) -> dict[str, str]:
    return {"text": one.text, "note": one.note}


def _entry(one: Entry) -> dict[str, str]:
    return {"text": one.text, "note": one.note}
