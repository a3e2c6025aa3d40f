"""A waiting file as it would be read: on the series it goes on, else as its form says, else as guessed."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from bocage import registers
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.declaration import Key
from bocage.domain.instant import to_datetime
from bocage.domain.plugin import Plugin
from bocage.domain.quantity import folded
from bocage.domain.sensing import Datastream, Thing
from bocage.domain.source import Source
from bocage.imports.deliveries import recognised
from bocage.imports.plan import Given
from bocage.ingest import plugins, sheets
from bocage.ingest.guessing import Guess, called, guess
from bocage.ingest.sheets import WORKBOOKS
from bocage.ingest.waiting import Notes, Waiter
from bocage.web.desk.asking import Case
from bocage.web.desk.first import continuing, making, reading
from bocage.web.desk.first.continuing import NEW, Next
from bocage.web.desk.proposals import Hints
from bocage.web.desk.reach import facts_of
from bocage.web.request import Request

AT_ONCE: Final = 4_000_000  # bytes read while the person waits
EACH: Final = 256 * 1024  # bytes looked at, at each end of a larger file
_SPEAKING: Final = (
    "ecole",
    "mairie",
    "salle",
    "gymnase",
    "eglise",
    "stade",
    "creche",
    "mediatheque",
    "cantine",
    "piscine",
)


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """A waiting file as it would be read, and the case its measurements make.

    `nexts`: what it may go on; `going`: what it goes on, None when it is something new or nobody said yet; `part`:
    whether only its first and last lines were read.
    """

    waiter: Waiter
    read: reading.Read
    made: making.Made
    case: Case
    places: Mapping[str, str]
    nexts: tuple[Next, ...] = ()
    going: Next | None = None
    part: bool = False

    @property
    def unsaid(self) -> bool:
        """Whether it has to be said first what it goes on."""
        return bool(self.nexts) and self.going is None and self.waiter.notes.answers.get("next") != NEW

    @property
    def streams(self) -> tuple[str, ...]:
        """The series it brings values to."""
        known = self.going.streams.values() if self.going else ()
        return (*known, *self.made.streams.values())


def readable(request: Request, name: str, content: bytes, usual: str) -> None:
    """PayloadError when it is no table of measurements that anything here reads."""
    file = (name, part(name, content))
    if _form(request, *file) is None:
        guess(*file, usual)


def opened(request: Request, waiter: Waiter) -> Opened:
    """Read the file, and see what its measurements would make of the territory."""
    notes, facts = waiter.notes, facts_of(request)
    whole = waiter.content
    file = (notes.name, part(notes.name, whole))
    known = _form(request, *file) or _guessed(notes, file)
    nexts = continuing.found(request, facts, file, known if isinstance(known, Guess) else None)
    if len(file[1]) < len(whole):
        nexts = tuple(msgspec.structs.replace(one, counted=None) for one in nexts)
    going = continuing.proposed(nexts, notes.answers.get("next", ""))
    read = _read(request, file, known, going)
    places = _places(facts, read, notes, going)
    slug = going.slug if going else ""
    made = making.made(facts, read.source, read.lines, places, slug=slug, version=version(request.slug, slug))
    zone = request.territory.time_zone if request.territory else "UTC"
    first = to_datetime(read.preview.first, zone).date() if read.preview.total else None
    hints = Hints(quantity=read.quantity, pace_seconds=read.pace // 1000, first=first)
    keys = (*(line.key for line in read.lines), *(going.streams if going else ())) or ("",)
    case = Case(facts=facts, source=made.source, keys=keys, base=made.changes, hints=hints).after(made.changes)
    return Opened(
        waiter=waiter,
        read=read,
        made=made,
        case=case,
        places=places,
        nexts=nexts,
        going=going,
        part=len(file[1]) < len(whole),
    )


def version(territory: str, source: str) -> int:
    """The version of a source that stands; 0 without one."""
    entry = registers.find(Key(territory=territory, kind=Source.kind, slug=source)) if source else None
    return entry.version if entry else 0


def _form(request: Request, name: str, content: bytes) -> Plugin | None:
    """The form that knows the file by itself: what operators of networks give."""
    return recognised(Given(files=((name, content),), facts=facts_of(request)), plugins.found())


def part(name: str, content: bytes) -> bytes:
    """The first and the last lines of a large text or sheet, which tell how it is read and what time it spans; what is
    not large as it is."""
    if len(content) <= AT_ONCE:
        return content
    if Path(name).suffix.lower() in WORKBOOKS:
        return sheets.ends(content)
    head, tail = content[:EACH], content[-EACH:]
    return head[: head.rfind(b"\n") + 1] + tail[tail.find(b"\n") + 1 :]


def _guessed(notes: Notes, file: reading.File) -> Guess:
    """How it may be read, as somebody corrected it."""
    typed = {name.removeprefix("read."): text for name, text in notes.answers.items()}
    return reading.corrected(guess(*file, notes.usual), typed)


def _read(request: Request, file: reading.File, known: Plugin | Guess, going: Next | None) -> reading.Read:
    intake = request.parts.intake
    if going is not None:
        lines = reading.columned(known, going.fresh) if isinstance(known, Guess) else reading.said(known, going.fresh)
        return reading.Read(
            guess=None, source=going.source, preview=going.preview, lines=lines, pace=reading.paced(going.preview)
        )
    if isinstance(known, Guess):
        return reading.read(intake, request.slug, file, known)
    return reading.known(intake, request.slug, file, known)


def _places(facts: TerritoryFacts, read: reading.Read, notes: Notes, going: Next | None) -> dict[str, str]:
    """The name of each place: as typed, else where the same meter stands already, else as the file says; the name of
    the file, where it speaks of a building. A number of a meter names no place."""
    stem, numbered = reading.lasting(called(notes.name)), {line.site for line in read.lines if line.said}
    speaks = len(read.sites) == 1 and any(word in folded(stem).split() for word in _SPEAKING)
    standing = _standing(facts, going) if going else {}
    found = {}
    for place, site in enumerate(read.sites):
        told = site if site not in numbered else ""
        found[site] = notes.answers.get(f"place.{place}", standing.get(site) or told or (stem if speaks else ""))
    return found


def _standing(facts: TerritoryFacts, going: Next) -> dict[str, str]:
    """The name of the place where each meter of a source stands."""
    found = {}
    for (source, key), slug in facts.keys.items():
        stream = facts.one(Datastream, slug)
        thing = facts.one(Thing, stream.thing) if stream else None
        if source == going.slug and thing is not None:
            found[key.rpartition("/")[0]] = thing.title.fr
    return found
