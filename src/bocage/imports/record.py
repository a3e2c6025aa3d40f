"""The record of imports: who, when, with which files, what was written, and what state each is in."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from bocage import relational
from bocage.domain.errors import Conflict, Missing
from bocage.domain.label import Labelled
from bocage.domain.text import Text
from bocage.domain.text import message as _
from bocage.imports import tables
from bocage.ingest.answer import Reason
from bocage.store import runs
from bocage.store.protocol import Run


class State(Labelled):
    """How far an import is."""

    PREVIEWED = "previewed", _("looked at, nothing done")
    DOING = "doing", _("being done")
    STOPPED = "stopped", _("stopped half way")
    DONE = "done", _("done")
    UNDOING = "undoing", _("being taken back")
    UNDONE = "undone", _("taken back")


class File(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was handed over: its name, its size and its SHA-256. What it said is not here."""

    name: str
    size: int
    digest: str


class Written(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One declaration or entity an import wrote: its version before (0: there was none) and after.

    `former`, `latter`: the bodies before and after of an entity, which has no history; in the shape of number `schema`.
    """

    kind: str
    slug: str
    title: Text | str
    before: int
    after: int
    former: bytes = b""
    latter: bytes = b""
    schema: int = 1


class LeftAs(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an undo leaves as it is, and why: changed since, gone already, still named by `by`, holds other values."""

    written: Written
    reason: str
    by: str = ""


class Told(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the record says of one import beside its columns.

    `began`: the position of the log that its first value could have, 0 before; `reasons`: refusals of its last run.
    """

    files: tuple[File, ...]
    account: str
    choices: Mapping[str, str] = {}
    counts: Mapping[str, int] = {}
    written: tuple[Written, ...] = ()
    left: tuple[LeftAs, ...] = ()
    began: int = 0
    done_at: datetime | None = None
    undone_at: datetime | None = None
    undone_by: str = ""
    covers: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()


class Import(msgspec.Struct, frozen=True, kw_only=True):
    """One import. `rows`: how many observations of the log are its own."""

    number: int
    territory: str
    form: str
    state: State
    source: str
    at: datetime
    told: Told
    rows: int = 0

    @property
    def names(self) -> str:
        """The names of its files, as a line shows them."""
        return ", ".join(one.name for one in self.told.files)


def begin(territory: str, form: str, told: Told, at: datetime, source: str = "") -> Import:
    """Note an import that was looked at."""
    row = tables.Import(territory=territory, form=form, state=State.PREVIEWED.value, source=source, at=at)
    row.body = msgspec.json.encode(told)
    row.save()
    return _read(row, 0)


def find(territory: str, number: int) -> Import:
    """One import of a territory; Missing when there is none of that number here."""
    row = tables.Import.objects.filter(territory=territory, id=number).first()
    if row is None:
        raise Missing(_("an import of this number"), str(number))
    return _read(row, _rows(row.id))


def listed(territory: str, limit: int = 200) -> list[Import]:
    """The imports of a territory, newest first."""
    rows = tables.Import.objects.filter(territory=territory).order_by("-at", "-id")[:limit]
    return [_read(row, _rows(row.id)) for row in rows]


def move(one: Import, state: State, told: Told | None = None) -> Import:
    """Bring an import from the state it was read in to another; Conflict when somebody moved it meanwhile."""
    changed = {"state": state.value, **({"body": msgspec.json.encode(told)} if told else {})}
    if not tables.Import.objects.filter(id=one.number, state=one.state.value).update(**changed):
        raise Conflict(_("an import that nobody touched meanwhile"), one.names, _("read it again, then decide"))
    return msgspec.structs.replace(one, state=state, told=told or one.told, rows=_rows(one.number))


def choose(one: Import, choices: Mapping[str, str], source: str = "") -> Import:
    """Keep what the person chose on the page."""
    told = msgspec.structs.replace(one.told, choices=choices)
    with relational.transaction():
        tables.Import.objects.filter(id=one.number).update(source=source)
        return msgspec.structs.replace(move(one, one.state, told), source=source)


def drop(one: Import) -> None:
    """Forget an import that was only looked at, or never happened."""
    tables.Import.objects.filter(id=one.number, state=State.PREVIEWED.value).delete()


def keep(one: Import, found: Sequence[Run]) -> None:
    """Note rows of the log as this import's own."""
    if found:
        tables.Kept.objects.create(of_id=one.number, runs=msgspec.json.encode(found), rows=runs.count(found))


def kept(one: Import) -> tuple[Run, ...]:
    """The rows of the log that are this import's own."""
    parts = tables.Kept.objects.filter(of_id=one.number).order_by("id").values_list("runs", flat=True)
    return tuple(run for part in parts for run in msgspec.json.decode(bytes(part), type=tuple[Run, ...]))


def let_go(one: Import) -> None:
    """The log no longer holds anything of this import."""
    tables.Kept.objects.filter(of_id=one.number).delete()


def older(state: State, before: datetime) -> list[Import]:
    """Imports of every territory in this state that began before an instant."""
    return [_read(row, 0) for row in tables.Import.objects.filter(state=state.value, at__lt=before)]


def stopped() -> int:
    """Say of imports that a stop of the machine cut short that they were; how many. Nothing runs yet when it starts."""
    undone = tables.Import.objects.filter(state=State.UNDOING.value).update(state=State.DONE.value)
    return undone + tables.Import.objects.filter(state=State.DOING.value).update(state=State.STOPPED.value)


def _rows(number: int) -> int:
    return sum(tables.Kept.objects.filter(of_id=number).values_list("rows", flat=True))


def _read(row: tables.Import, rows: int) -> Import:
    return Import(
        number=row.id,
        territory=row.territory,
        form=row.form,
        state=State.of(row.state),
        source=row.source,
        at=row.at,
        told=msgspec.json.decode(bytes(row.body), type=Told),
        rows=rows,
    )
