"""The spreadsheet model of the register of processing that the CNIL publishes, as a plan: purposes and organisations.

Read by its labels, whatever their order, case, accents and the sheets beside them; what was verified against what is
said in docs/imports.md. What no declaration holds is told, never lost. What the model does not ask (the six questions,
the cadence) stays unanswered, and shows as points to mend.
"""

from collections.abc import Sequence
from typing import Final

from bocage.domain.errors import PayloadError
from bocage.domain.organisation import Organisation, Sector
from bocage.domain.purpose import Purpose
from bocage.domain.text import Text
from bocage.domain.text import message as _
from bocage.imports import answers
from bocage.imports.bodies import Bodies, own
from bocage.imports.labels import folded, free, somebody
from bocage.imports.plan import Given, Left, Plan, Proposal, Wrong, shortened
from bocage.imports.sheet import Entry, Sheet, read_sheet
from bocage.ingest import sheets
from bocage.ingest.headings import slug_of
from bocage.registers import official

OUR_OWN: Final = ("commune de ", "ville de ", "mairie de ", "commune d ", "ville d ", "mairie d ")


def read(given: Given) -> Plan:
    """What the workbook would declare. PayloadError when it is no such register."""
    name, content = given.file
    found = [read_sheet(title, lines) for title, lines in sheets.workbook(content)]
    if not any(sheet.entries for sheet in found):
        raise PayloadError(_("a register of processing after the model of the CNIL"), name)
    reading = _Reading(given)
    for sheet in found:
        if not sheet.is_list:
            for entry in sheet.entries:
                reading.take(sheet, entry)
    for sheet in found:
        if sheet.is_list:
            reading.list_of(sheet)
    return reading.plan()


class _Reading:
    """Purposes read so far."""

    def __init__(self, given: Given) -> None:
        self._facts = given.facts
        self._bodies = Bodies(given.facts)
        self._purposes: dict[str, tuple[Purpose, int]] = {}
        self._names: set[str] = set()
        self._texts: list[str] = []
        self._left: list[Left] = []
        self._wrong: list[Wrong] = []
        self._rows = self._same = 0

    def plan(self) -> Plan:
        """Everything so far; organisations before the purposes that name them."""
        held = self._facts.all(Purpose)
        new = {slug: one for slug, one in self._purposes.items() if held.get(slug) != one[0]}
        used = frozenset(slug for body, _row in new.values() for slug in (body.owner, *body.recipients))
        purposes = [
            Proposal(kind=Purpose.kind, slug=slug, bodies=(body,), row=row, before=held.get(slug))
            for slug, (body, row) in new.items()
        ]
        return Plan(
            proposals=(*self._bodies.proposals(used), *purposes),
            wrong=tuple(self._wrong),
            left=tuple(self._left),
            heading=(_("Sheet"), _("Label"), _("Value")),
            rows=self._rows,
            same=self._same + len(self._purposes) - len(new),
        )

    def take(self, sheet: Sheet, entry: Entry) -> None:
        """One activity with its sheet."""
        self._rows += 1
        title = _title(entry)
        if not title:
            told = Wrong(row=entry.row, column=_("Main purpose"), found="", code="empty", file=sheet.name)
            self._wrong.append(told)
            return
        self._texts += [entry.purpose, entry.controller, entry.name]
        self._names |= {folded(entry.name), folded(entry.reference)} - {""}
        where = f"{sheet.name} — {entry.name or shortened(title)}"
        retention = answers.retention([one.duration for one in entry.data])
        basis, unsaid = answers.legal_basis(entry.basis)
        body = Purpose(
            title=Text(fr=title),
            owner=self._controller(entry, where),
            personal=True,
            legal_basis=basis,
            recipients=self._recipients(entry, where),
            retention_months=retention,
        )
        self._put(entry.name or title, body, entry.row)
        self._tell(where, [*entry.unplaced, *unsaid])
        for one in entry.data if retention is None else ():
            self._tell(f"{where} — {one.label}", [(_("Retention period"), one.duration)] if one.duration else [])

    def list_of(self, sheet: Sheet) -> None:
        """Activities of the list that have no sheet of their own; of the others, what their sheet does not say."""
        for entry in sheet.entries:
            if {folded(entry.name), folded(entry.reference)} & (self._names - {""}):
                self._more(sheet, entry)
            else:
                self.take(sheet, entry)

    def _more(self, sheet: Sheet, entry: Entry) -> None:
        told = {one.found for one in self._left}
        said = [*entry.unplaced, (_("Main purpose"), entry.purpose), (_("Controller"), entry.controller)]
        known = " ".join(folded(text) for text in self._texts)
        new = [(what, text) for what, text in said if shortened(text) not in told and folded(text) not in known]
        self._tell(f"{sheet.name} — {entry.name or entry.reference}", new)

    def _put(self, name: str, body: Purpose, row: int) -> None:
        held = {**self._facts.all(Purpose), **{slug: one for slug, (one, _row) in self._purposes.items()}}
        for slug, present in held.items():
            if slug == slug_of(name) or folded(present.title.fr) == folded(body.title.fr):
                self._purposes[slug] = (answers.completed(present, body), row)
                return
        self._purposes[free(slug_of(name) or "traitement", held)] = (body, row)

    def _controller(self, entry: Entry, where: str) -> str:
        name = entry.controller
        if not name:
            return ""
        territory = self._facts.territory
        ours = folded(territory.title.fr) if territory else ""
        plain = folded(name)
        if ours and (plain == ours or any(plain == f"{start}{ours}" for start in OUR_OWN)):
            return self._our_own(territory.title.fr if territory else name, entry.row)
        if somebody(name):
            self._left.append(Left(where=where, what=_("Controller"), found=shortened(name)))
            return ""
        return self._bodies.by_name(name, Sector.PUBLIC, entry.row)

    def _our_own(self, name: str, row: int) -> str:
        """The territory itself, known by its SIREN where the State's files give it."""
        territory = self._facts.territory
        known = own(self._facts)
        for slug, body in self._facts.all(Organisation).items():
            if body.siren and body.siren in known:
                return slug
        siren = official.siren(territory.code) if territory and territory.code else ""
        return (
            self._bodies.by_siren(siren, name, Sector.PUBLIC, row)
            if siren
            else self._bodies.by_name(name, Sector.PUBLIC, row)
        )

    def _recipients(self, entry: Entry, where: str) -> tuple[str, ...]:
        found = []
        for one in entry.recipients:
            name = one.detail or one.text
            if "interne" in folded(one.text) or not one.detail or somebody(name):
                said = " — ".join(part for part in (one.text, one.detail) if part)
                self._left.append(Left(where=where, what=one.label, found=shortened(said)))
            else:
                found.append(self._bodies.by_name(name, Sector.OTHER, entry.row))
                self._tell(where, [(one.label, one.text)])
        return tuple(dict.fromkeys(found))

    def _tell(self, where: str, lines: Sequence[tuple[str, str]]) -> None:
        self._left += [Left(where=where, what=what, found=shortened(found)) for what, found in lines]


def _title(entry: Entry) -> str:
    """What it is for, after the name of the activity where that says something more."""
    if not (entry.name and entry.purpose):
        return entry.purpose or entry.name
    return entry.purpose if folded(entry.name) in folded(entry.purpose) else f"{entry.name} : {entry.purpose}"
