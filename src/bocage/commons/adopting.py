"""From resources of the commons to declarations of one's own, with where they come from written in them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import msgspec

from bocage.commons.library import Library
from bocage.commons.pack import Pack
from bocage.commons.portable import measure_of, measuring, portable
from bocage.commons.resource import Shared, Wanted
from bocage.domain.call_for_projects import CallForProjects
from bocage.domain.challenge import Challenge
from bocage.domain.declaration import Declaration
from bocage.domain.errors import Invalid
from bocage.domain.experiment import Experiment, ExperimentForm
from bocage.domain.indicator import Indicator
from bocage.domain.rule import Rule
from bocage.domain.text import Text
from bocage.domain.text import message as _
from bocage.words import translate


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """What only whoever adopts can say: the public service it is for, and which series here is each that it needs."""

    service: str = ""
    series: Mapping[str, str] = {}


class Adopted(msgspec.Struct, frozen=True, kw_only=True):
    """A declaration that comes of a resource; `slug` is the short name it had there."""

    kind: str
    slug: str
    body: Declaration


class Needs(msgspec.Struct, frozen=True, kw_only=True):
    """What must be said before something is adopted."""

    service: bool = False
    series: tuple[Wanted, ...] = ()


def origin(body: Declaration) -> str:
    """The name in the commons that a declaration says it comes from; empty when it says none."""
    said = str(getattr(body, "commons" if isinstance(body, Challenge) else "origin", "")).partition(" ")[0]
    return said if said.count("/") == 2 else ""


def adoptable(library: Library, shared: Shared) -> bool:
    """Whether it becomes a declaration here: a call is answered, not adopted; a pack needs all it names."""
    if isinstance(shared.body, Pack):
        parts = [library.named.get(name) for name in shared.body.holds]
        return bool(parts) and all(one is not None and one.kind in _TAKEN for one in parts)
    return not isinstance(shared.body, CallForProjects)


def parts(library: Library, shared: Shared) -> tuple[Shared, ...]:
    """The resource itself, or what a pack holds; Missing when the commons do not hold all of it."""
    return tuple(library.one(name) for name in shared.body.holds) if isinstance(shared.body, Pack) else (shared,)


def needs(found: Sequence[Shared]) -> Needs:
    """What must be said to adopt all of these."""
    series = {wanted.name: wanted for one in found for wanted in _asked(one, found).values()}
    return Needs(service=any(isinstance(one.body, Rule) for one in found), series=tuple(series.values()))


def _asked(one: Shared, found: Sequence[Shared]) -> dict[str, Wanted]:
    """The series a resource needs, by the name it has for each. In a pack, two may call different series the same: each
    is then asked for by whose it is."""
    others = [_wanted(other) for other in found if other is not one]
    asked = {}
    for name, wanted in _wanted(one).items():
        clash = any(other.get(name, wanted) != wanted for other in others)
        asked[name] = _of(one, wanted) if clash else wanted
    return asked


def _wanted(one: Shared) -> dict[str, Wanted]:
    known = {wanted.name: wanted for wanted in one.card.series}
    measure = measure_of(one.body)
    names = measure.datastreams if measure else ()
    return {name: known.get(name, Wanted(name=name, title=Text(fr=name))) for name in names}


def _of(one: Shared, wanted: Wanted) -> Wanted:
    """The same, with whose it is in its name and title."""
    said = {lang: f"{one.title.read(lang)[0]} ({wanted.title.read(lang)[0]})" for lang in ("fr", "en")}
    return msgspec.structs.replace(wanted, name=f"{one.card.territory}.{one.slug}.{wanted.name}", title=Text(**said))


def adopted(found: Sequence[Shared], choice: Choice) -> tuple[Adopted, ...]:
    """The declarations that come of them, all or none. Invalid names the `field` that lacks."""
    asked = needs(found)
    if asked.service and not choice.service:
        raise Invalid(_("the public service it is for"), field="service")
    for wanted in asked.series:
        if not choice.series.get(wanted.name):
            raise Invalid(_("which series it is here"), wanted.title.fr, field=f"series.{wanted.name}")
    return tuple(Adopted(kind=one.kind, slug=one.slug, body=_adopted(one, found, choice)) for one in found)


def _adopted(shared: Shared, found: Sequence[Shared], choice: Choice) -> Declaration:
    if shared.kind not in _TAKEN:
        raise Invalid(_("a resource that becomes a declaration"), shared.name, _("read it, and answer its author"))
    said = f"{shared.name} ({shared.card.version})"
    series = {name: choice.series[wanted.name] for name, wanted in _asked(shared, found).items()}
    body = measuring(portable(shared.body), series)
    return _TAKEN[shared.kind](body, said, choice)


def _as_it_is(body: Any, said: str, choice: Choice) -> Declaration:
    found: Declaration = msgspec.structs.replace(body, origin=said)
    return found


def _rule(body: Rule, said: str, choice: Choice) -> Declaration:
    """Switched off: it is tried on the past before it tells anyone anything."""
    return msgspec.structs.replace(body, service=choice.service, tells=(), since=None, active=False, origin=said)


def _indicator(body: Indicator, said: str, choice: Choice) -> Declaration:
    """Without target, starting point and price, which are those of elsewhere."""
    return msgspec.structs.replace(
        body, service=choice.service, target=None, baseline=None, unit_cost=None, origin=said
    )


def _challenge(body: Challenge, said: str, choice: Choice) -> Declaration:
    return msgspec.structs.replace(body, service=choice.service, commons=said)


def _experiment(body: Experiment, said: str, choice: Choice) -> Declaration:
    """A light one, which takes up the result of another territory: dates and cost are still to be said."""
    protocol = msgspec.structs.replace(body.protocol, starts=None, ends=None, cost=None, public_percent=None)
    learns = Text(**{lang: translate(_LEARNS, lang).format(name=said) for lang in ("fr", "en")})
    return msgspec.structs.replace(
        body,
        form=ExperimentForm.LIGHT,
        service=choice.service,
        learns_from=learns,
        protocol=protocol,
        frozen=None,
        outcome=None,
        origin=said,
    )


_LEARNS = _("Takes up the result shared by another territory: {name}.")
_TAKEN: Final[Mapping[str, Callable[[Any, str, Choice], Declaration]]] = {
    "clause": _as_it_is,
    "data-schema": _as_it_is,
    "shared-specification": _as_it_is,
    "rule": _rule,
    "indicator": _indicator,
    "challenge": _challenge,
    "experiment": _experiment,
}
