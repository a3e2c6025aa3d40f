"""Which rules are in force, and from which position of the log on: written down, so that the log can be judged again.

Declarations change by the calendar, the log by positions. A turn says from which position on a rule was in force in
which form; everything its judgement needs is in it, so that what is judged again later is judged by the same form.
"""

from datetime import date

import msgspec

from bocage import registers, sensing
from bocage.domain.algorithm import Algorithm
from bocage.domain.declaration import Key
from bocage.domain.instant import day_bounds
from bocage.domain.rule import Comparison, Rule
from bocage.domain.sensing import Datastream
from bocage.domain.territory import Territory
from bocage.domain.text import Text
from bocage.steer.tables import RuleTurn

Place = tuple[str, str]
"""Territory and slug of a rule."""


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """A rule as it is judged. `version` of its declaration, 0 when it is not in force; `since`: only periods that end
    later, UTC ms; `streams`: what is known of its series, by slug, without their names."""

    version: int = 0
    service: str = ""
    tells: tuple[str, ...] = ()
    condition: Comparison | None = None
    zone: str = "UTC"
    since: int = 0
    streams: dict[str, Datastream] = {}

    @property
    def names(self) -> list[str]:
        """What is judged by itself: each of its series by slug, or all together, without a name."""
        together = self.condition is not None and self.condition.measure.together
        return [""] if together else list(self.streams)

    def judged(self, name: str) -> Comparison | None:
        """What is compared with what for one of these; None for what it does not look at."""
        if self.condition is None or name not in self.names:
            return None
        if not name:
            return self.condition
        alone = msgspec.structs.replace(self.condition.measure, datastreams=(name,))
        return msgspec.structs.replace(self.condition, measure=alone)


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """From this position on, the rule has this form. Turns follow one another by id."""

    id: int
    position: int
    place: Place
    form: Form


STOPPED = Form()


def in_force(territory: str) -> dict[Place, Form]:
    """The rules of a territory that are in force now and have a series to look at."""
    rules = [entry for entry in registers.current(territory, Rule.kind) if isinstance(entry.body, Rule)]
    if not any(isinstance(entry.body, Rule) and entry.body.active for entry in rules):
        return {}
    days = {
        entry.key.slug: entry.body.since
        for entry in registers.current(territory, Algorithm.kind)
        if isinstance(entry.body, Algorithm)
    }
    streams = {
        one.slug: _bare(one.id, one.entity)
        for one in sensing.all(territory, Datastream.kind)
        if isinstance(one.entity, Datastream)
    }
    zone = _zone(territory)
    found = {}
    for entry in rules:
        body = entry.body
        if isinstance(body, Rule) and body.active:
            known = {slug: streams[slug] for slug in body.condition.measure.datastreams if slug in streams}
            day = body.since or days.get(entry.key.slug) or entry.at.date()
            if known:
                found[territory, entry.key.slug] = _form(entry.version, body, known, zone, day)
    return found


def _form(version: int, body: Rule, streams: dict[str, Datastream], zone: str, since: date) -> Form:
    return Form(
        version=version,
        service=body.service,
        tells=body.told,
        condition=body.condition,
        zone=zone,
        since=day_bounds(since, zone)[0],
        streams=streams,
    )


def _bare(number: int, stream: Datastream) -> Datastream:
    """What judging needs of a series: nothing that only names it."""
    return Datastream(
        id=number,
        title=Text(fr="-"),
        thing="",
        observed_property="",
        nature=stream.nature,
        cadence_seconds=stream.cadence_seconds,
        replacements=stream.replacements,
    )


def _zone(territory: str) -> str:
    entry = registers.find(Key(territory=territory, kind=Territory.kind, slug=territory))
    return entry.body.time_zone if entry and isinstance(entry.body, Territory) else "Europe/Paris"


def turns() -> list[Turn]:
    """All turns there ever were, in order."""
    return [_turn(row) for row in RuleTurn.objects.order_by("id")]


def record(place: Place, form: Form, position: int) -> Turn:
    """Write a turn down, in the transaction of whoever follows the log."""
    territory, rule = place
    body = msgspec.json.encode(form)
    return _turn(
        RuleTurn.objects.create(territory=territory, rule=rule, position=position, version=form.version, body=body)
    )


def _turn(row: RuleTurn) -> Turn:
    form = msgspec.json.decode(bytes(row.body), type=Form)
    return Turn(id=row.pk, position=row.position, place=(row.territory, row.rule), form=form)


def stamp() -> tuple[tuple[str, int, int], ...]:
    """What moves when a rule, or what it rests on, may have changed."""
    return tuple((one, registers.revision(one), sensing.revision(one)) for one in registers.territories())
