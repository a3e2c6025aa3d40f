"""Rule of Bocage, from its first version on: declarations hold together, and measurements keep their meaning."""

from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from bocage.commitments.answers import FEW, refusal
from bocage.commitments.change import Change
from bocage.commitments.measures import faults, within
from bocage.commitments.promise import Basis, Moment, Promise
from bocage.commitments.standings import always, chosen
from bocage.commitments.texts import house
from bocage.domain.actuator import Actuator
from bocage.domain.decision import Refusal, WayOut
from bocage.domain.declaration import Declaration, names, references
from bocage.domain.network_address import in_clear
from bocage.domain.sensing import Datastream
from bocage.domain.source import Source, Transport
from bocage.domain.subscription import Subscription
from bocage.domain.territory import Territory
from bocage.domain.text import message as _
from bocage.domain.witness import Witness

CODE = "coherence"
# First parts of addresses that pages and programs use: a territory of that name could not be reached.
RESERVED = frozenset(
    [
        "api",
        "desk",
        "static",
        "media",
        "sign-in",
        "sign-out",
        "welcome",
        "first",
        "start",
        "territories",
        "heads",
        "healthz",
        "metrics",
        "admin",
        "account",
        "accounts",
        "settings",
        "jobs",
        "demo",
        "about",
        "legal",
        "accessibility",
        "help",
        "search",
        "robots",
        "favicon",
        "sta",
    ]
)

SPANS = (
    *(("starts", "ends"), ("opens", "closes"), ("since", "until"), ("opened", "closed"), ("granted", "ends")),
    *(("granted", "withdrawn"), ("closes", "answered"), ("closes", "published"), ("done", "review")),
    ("aware", "closed"),
)
"""Fields that are days in this order, wherever a declaration has both."""


def asked_before_declaring(change: Change) -> tuple[Refusal, ...]:
    """References lead somewhere, nothing named is taken away, and what has data keeps its nature."""
    first = () if change.facts.territory or not _something(change) else (_refuse(change, "territory-first", ""),)
    if change.after is None:
        return (*first, *_still_named(change), *_still_holding(change))
    found = [*first, *_missing(change, change.after), *_of_measures(change, change.after)]
    found += [_refuse(change, "dates-reversed", field) for field in reversed_dates(change.after)]
    if isinstance(change.after, Territory):
        found += _of_territory(change, change.after)
    if isinstance(change.after, Datastream):
        found += _of_datastream(change, change.after)
    if isinstance(change.after, Source):
        found += _of_source(change, change.after)
    if isinstance(change.after, Actuator | Subscription | Witness) and in_clear(change.after.address):
        found.append(_refuse(change, "address-in-clear", "address"))
    return tuple(found)


def _of_source(change: Change, body: Source) -> list[Refusal]:
    listens = body.broker is not None and bool(body.broker.topics)
    faults = {
        "replay-elsewhere": ("replayed", body.replayed and not _invented(change)),
        "broker-missing": ("broker", body.transport is Transport.MQTT and not listens),
    }
    return [_refuse(change, code, field) for code, (field, fault) in faults.items() if fault]


def _something(change: Change) -> bool:
    """Whether anything would be declared."""
    return any(change.facts.declared.values())


def reversed_dates(body: msgspec.Struct, before: str = "") -> Iterator[str]:
    """The last day of every pair whose first day comes after it, in groups of fields too."""
    for first, last in SPANS:
        start, end = getattr(body, first, None), getattr(body, last, None)
        if isinstance(start, date) and isinstance(end, date) and end < start:
            yield f"{before}{last}"
    for name in body.__struct_fields__:
        value = getattr(body, name)
        for inner in value if isinstance(value, tuple) else (value,):
            if isinstance(inner, msgspec.Struct):
                yield from reversed_dates(inner, f"{before}{name}.")


def _missing(change: Change, body: Declaration) -> Iterator[Refusal]:
    """References to nothing. Lists kept outside the registers (DTPR words) are checked where they are read."""
    for field, kind, slug in references(type(body), body):
        if ":" not in kind and slug not in change.facts.declared.get(kind, {}):
            way_out = WayOut(kind=kind, slug=slug)
            values = {"kind": change.kind, "slug": change.slug, "field": field, "reference": slug}
            yield refusal(CODE, "reference-missing", way_out, overridable=False, **values)


def _still_named(change: Change) -> Iterator[Refusal]:
    """Each declaration that names what would go; where very many of a kind do, the first of them and how many more."""
    for kind, bodies in change.facts.declared.items():
        naming = [slug for slug, body in bodies.items() if names(body, change.kind, change.slug)]
        many = len(naming) > FEW
        for slug in naming[:1] if many else naming:
            code, more = ("often-named", {"count": len(naming) - 1}) if many else ("still-named", {})
            values = {"kind": change.kind, "slug": change.slug, "reference": slug}
            yield refusal(CODE, code, WayOut(kind=kind, slug=slug), overridable=False, **values, **more)


def _still_holding(change: Change) -> tuple[Refusal, ...]:
    return (_refuse(change, "holds-data", "", count=change.stored),) if change.stored else ()


def _of_measures(change: Change, body: Declaration) -> Iterator[Refusal]:
    """Measures that would mean nothing: those it holds, and, of a series that changes, those of others that name it."""
    for code, field, stream in faults(change.facts, body):
        yield _refuse(change, code, field, reference=stream)
    if not isinstance(body, Datastream) or not isinstance(change.before, Datastream):
        return
    if (body.nature, body.unit) == (change.before.nature, change.before.unit):
        return
    for kind, holders in change.facts.declared.items():
        for slug, holder in holders.items():
            named = any(change.slug in measure.datastreams for _path, measure in within(holder))
            if named and any(faults(change.facts, holder)):
                way_out = WayOut(kind=kind, slug=slug)
                values = {"kind": change.kind, "slug": change.slug, "reference": slug}
                yield refusal(CODE, "measured-otherwise", way_out, overridable=False, **values)


def _of_territory(change: Change, body: Territory) -> list[Refusal]:
    replayed = any(source.replayed for source in change.facts.all(Source).values())
    faults = {
        "slug-reserved": ("", change.slug in RESERVED),
        "other-territory": ("", change.slug != change.facts.slug),
        "zone-unknown": ("time_zone", not _zone_exists(body.time_zone)),
        "replay-elsewhere": ("demonstration", replayed and not body.demonstration),
    }
    return [_refuse(change, code, field) for code, (field, fault) in faults.items() if fault]


def _of_datastream(change: Change, body: Datastream) -> list[Refusal]:
    before = change.before if isinstance(change.before, Datastream) else None
    changed = before is not None and before.nature is not body.nature
    found = []
    if changed and change.stored:
        found.append(_refuse(change, "nature-fixed", "nature", count=change.stored))
    claimants = change.facts.claims.get((body.source, body.key or change.slug), ())
    others = [slug for slug in claimants if slug != change.slug]
    if body.source and others:
        found.append(_refuse(change, "key-taken", "key", reference=others[0]))
    return found


def _invented(change: Change) -> bool:
    territory = change.facts.territory
    return territory is not None and territory.demonstration


def _zone_exists(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return False
    return True


def _refuse(change: Change, code: str, field: str, **values: str | int) -> Refusal:
    way_out = WayOut(kind=change.kind, slug=change.slug, field=field)
    return refusal(CODE, code, way_out, overridable=False, kind=change.kind, slug=change.slug, **values)


PROMISE = Promise(
    code=CODE,
    number="",
    title=_("What is declared holds together"),
    text=_(
        "A declaration points only at what is declared, nothing that others point at is taken away, a series keeps its "
        "nature once it holds measurements, figures fit the series they are made of, a source that listens to a broker "
        "says which and to what, what ends does not end before it starts, only an invented territory replays "
        "measurements of elsewhere, and nothing is sent in the clear over the public network."
    ),
    why=_(
        "Statements that contradict each other promise nothing. The software holds them together, so that the "
        "other promises can be checked at all."
    ),
    unseen=_("Software cannot see whether what was written is true."),
    basis=Basis.MODEL,
    references=(house(),),
    effect=date(2021, 10, 1),
    codes=(
        "reference-missing",
        "still-named",
        "often-named",
        "holds-data",
        "territory-first",
        "slug-reserved",
        "other-territory",
        "zone-unknown",
        "replay-elsewhere",
        "broker-missing",
        "dates-reversed",
        "nature-fixed",
        "key-taken",
        "figure-unfit",
        "directions-together",
        "units-differ",
        "cost-without-total",
        "measured-otherwise",
        "address-in-clear",
    ),
    standing=always(chosen("by-house")),
    gates={Moment.DECLARE: asked_before_declaring},
    liftable=False,
)
