"""The roadmap as files: JSON for programs, CSV with a line for each event, iCalendar for the days to come and past."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from bocage.domain.text import Text
from bocage.publish import rows
from bocage.publish.portfolio.events import Event
from bocage.publish.portfolio.roadmap import Lane, Roadmap

COLUMNS = (
    *("project", "project_title", "trajectory", "phase", "service", "starts", "ends"),
    *("nature", "title", "planned", "done", "late", "kind", "slug"),
)
LONGEST = 74
"""Octets of a line of iCalendar before it is folded (RFC 5545, section 3.1: 75, the first of a folded one a space)."""


def as_plain(found: Roadmap) -> dict[str, Any]:
    """Everything drawn, for JSON: days in ISO 8601, titles in each language that is declared."""
    undated = [{"slug": slug, "title": one.title, "phase": one.phase} for slug, one in found.undated]
    return {
        "today": found.today,
        "projects": [_lane(lane, found.today) for lane in found.all],
        "undated": undated,
        "decisions": [_event(one, found.today) for one in found.decisions],
        "prototypes": list(found.prototypes),
    }


def _lane(lane: Lane, today: date) -> dict[str, Any]:
    project = lane.project
    return {
        "slug": lane.slug,
        "title": project.title,
        "trajectory": project.trajectory,
        "phase": project.phase,
        "scale": project.scale,
        "service": project.service,
        "starts": project.starts,
        "ends": project.ends,
        "follows": project.follows,
        "experiments": [{"slug": slug, "starts": first, "ends": last} for slug, first, last in lane.tests],
        "events": [_event(one, today) for one in lane.events],
    }


def _event(one: Event, today: date) -> dict[str, Any]:
    told = {"nature": one.nature, "title": one.title, "kind": one.kind, "slug": one.slug}
    return {**told, "planned": one.planned, "done": one.done, "late": one.late(today)}


def as_csv(found: Roadmap, lang: str) -> Iterator[str]:
    """A header, then a line for each event, and one for a project without any; RFC 4180."""
    yield rows.line(*COLUMNS)
    for lane in found.all:
        project = lane.project
        own = (lane.slug, _read(project.title, lang), project.trajectory, project.phase, project.service)
        for cells in _cells(lane.events, found.today, lang):
            yield rows.line(*own, project.starts, project.ends, *cells)
        if not lane.events:
            yield rows.line(*own, project.starts, project.ends, *("" for _column in COLUMNS[7:]))
    for slug, project in found.undated:
        own = (slug, _read(project.title, lang), project.trajectory, project.phase, project.service)
        yield rows.line(*own, None, project.ends, *("" for _column in COLUMNS[7:]))
    for cells in _cells(found.decisions, found.today, lang):
        yield rows.line(*("" for _column in COLUMNS[:7]), *cells)


def _cells(events: tuple[Event, ...], today: date, lang: str) -> Iterator[tuple[Any, ...]]:
    for one in events:
        late = str(int(one.late(today)))
        yield one.nature, _read(one.title, lang), one.planned, one.done, late, one.kind, one.slug


def _read(text: Text, lang: str) -> str:
    return text.read(lang)[0]


def as_calendar(found: Roadmap, territory: tuple[str, str], at: datetime, lang: str) -> Iterator[str]:
    """Every event as a whole day, the steps of projects with their project's name (RFC 5545).

    `territory`: its slug and its name. `at`: aware, UTC.
    """
    (slug, name), stamp = territory, f"{at:%Y%m%dT%H%M%SZ}"
    yield from _lines(
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Bocage//Roadmap//FR", f"X-WR-CALNAME:{_quoted(name)}"
    )
    named = Counter[str]()
    for title, one in _told(found, lang):
        place = "/".join((slug, one.kind, one.slug, one.nature, one.title.fr))
        named[place] += 1
        place += f"/{named[place]}" if named[place] > 1 else ""  # steps may bear the same title
        yield from _lines(
            "BEGIN:VEVENT",
            f"UID:{hashlib.sha256(place.encode()).hexdigest()[:32]}@bocage",
            f"DTSTAMP:{stamp}",
            f"DTSTART;VALUE=DATE:{one.day.isoformat().replace('-', '')}",
            f"SUMMARY:{_quoted(title)}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        )
    yield from _lines("END:VCALENDAR")


def _told(found: Roadmap, lang: str) -> Iterator[tuple[str, Event]]:
    for lane in found.all:
        named = _read(lane.project.title, lang)
        yield from ((f"{named} · {_read(one.title, lang)}", one) for one in lane.events)
    yield from ((_read(one.title, lang), one) for one in found.decisions)


def _quoted(text: str) -> str:
    """A text of iCalendar: commas, semicolons, backslashes and line ends written out."""
    for sign, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n"), ("\r", "\\n")):
        text = text.replace(sign, written)
    return text


def _lines(*lines: str) -> Iterator[str]:
    """Each line ended and folded, never within a character."""
    for line in lines:
        held = b""
        for sign in line:
            if len(held) + len(sign.encode()) > LONGEST:
                yield held.decode() + "\r\n"
                held = b" "
            held += sign.encode()
        yield held.decode() + "\r\n"
