"""A file of the first hour is taken in while the person waits, and what became of it is said; a large one goes on."""

from bocage import words
from bocage.domain.errors import Unavailable
from bocage.domain.sensing import Datastream
from bocage.domain.text import message as _
from bocage.ingest.answer import Answer
from bocage.web.desk import connect
from bocage.web.desk.first.opening import AT_ONCE, Opened
from bocage.web.desk.reach import facts_of
from bocage.web.page import say
from bocage.web.request import Request


def take(request: Request, found: Opened) -> None:
    """Take the values in, and say what became of them; Unavailable where the file is too large to wait for it."""
    waiter, intake = found.waiter, request.parts.intake
    if waiter.path.stat().st_size > AT_ONCE:
        raise Unavailable(_("a smaller file"), words.size(waiter.path.stat().st_size, request.lang))
    report = intake.load(request.slug, found.made.source, waiter.path, progress=lambda read: None)
    intake.waiting.drop(request.slug, waiter.number)
    say(request, " ".join(_told(request, found, report.answer)))


def later(request: Request, found: Opened) -> None:
    """Leave it where files are read from one after the other; the page of those files tells what became of it."""
    waiter, source = found.waiter, found.made.source
    connect.keep(request.parts.data / "drop" / request.slug / source, waiter.notes.name, waiter.content)
    request.parts.intake.waiting.drop(request.slug, waiter.number)
    told = words.translate(_("Recorded. %(name)s will be read within a minute; its report appears here."), request.lang)
    say(request, told % {"name": waiter.notes.name})


def _told(request: Request, found: Opened, answer: Answer) -> list[str]:
    """What became of the values, a sentence each."""
    kept, known = answer.accepted + answer.corrected, answer.known
    lost = answer.unreadable + answer.refused
    if found.going is None and not known:
        told = [(_("Taken in: %(kept)s values."), {"kept": kept})]
    elif found.going is None:
        told = [(_("Taken in: %(kept)s values; %(known)s were known already."), {"kept": kept, "known": known})]
    else:
        told = [
            (_("“%(series)s” goes on: %(kept)s new values, %(known)s known already."), {"kept": kept, "known": known})
        ]
    if answer.conflicts:
        told.append(
            (_("%(lost)s are not those kept at the same times: those stay as they were."), {"lost": answer.conflicts})
        )
    if lost:
        told.append((_("Not taken: %(lost)s, which stand on the page of refusals."), {"lost": lost}))
    name = named(request, found)
    return [
        words.translate(text, request.lang)
        % {"series": name, **{key: words.number(number, request.lang) for key, number in counts.items()}}
        for text, counts in told
    ]


def named(request: Request, found: Opened) -> str:
    """The series that goes on, by its name; of several, their source."""
    if found.going is None:
        return ""
    streams = list(found.going.streams.values())
    stream = facts_of(request).one(Datastream, streams[0]) if len(streams) == 1 else None
    title = stream.title if stream else found.going.source.title
    return title.read(request.lang)[0]
