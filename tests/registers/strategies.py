"""Any declaration of any kind, for properties."""

import functools
import types
import typing
from datetime import UTC, date, datetime
from typing import Any

import msgspec
from hypothesis import strategies as st

from bocage.domain.algorithm_inventory import Inventory
from bocage.domain.broker import Broker
from bocage.domain.codec import Example
from bocage.domain.declaration import Declaration
from bocage.domain.device_fleet import DeviceSheet
from bocage.domain.exception import ReasonedException
from bocage.domain.label import Labelled
from bocage.domain.measure import CIVIL, Aggregate, Measure, Period, Window
from bocage.domain.organisation import Organisation
from bocage.domain.own_factor import OwnFactor
from bocage.domain.replacement import Replacement
from bocage.domain.sensing import Datastream, MultiDatastream
from bocage.domain.sensor_notice import SensorNotice
from bocage.domain.subscription import Subscription
from bocage.domain.text import Text
from bocage.domain.translation import Translation
from bocage.domain.violation import Notified, Violation
from bocage.domain.witness import Witnessed
from bocage.registers.files import WRITTEN

# What is not seen, and what makes a text read otherwise than it is written, is never declared.
_TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_SIGNS = st.characters(
    codec="utf-8", exclude_categories=["Cs", "Cc"], include_characters="\n\t", exclude_characters=_TURNING
)
_words = st.text(_SIGNS, max_size=20)
_said = _words.filter(lambda text: bool(text.strip()))
_numbers = st.floats(allow_nan=False, allow_infinity=False)
_json = st.recursive(
    st.booleans() | st.integers(-(2**53), 2**53) | _numbers | _words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_words, inner, max_size=3),
    max_leaves=6,
)
# Patterns and checks no type tells: a few values that pass.
_known: dict[str, st.SearchStrategy[Any]] = {
    "siren": st.sampled_from(["", "732829320"]),
    "country": st.sampled_from(["FR", "DE"]),
    "origin": st.sampled_from(["", "FR"]),
    "address": st.sampled_from(["", "https://exemple.fr/a?b=c"]),
    "certificate": st.sampled_from(["", "https://exemple.fr/attestation.json"]),
    "certificate_digest": st.sampled_from(["", "a" * 64]),
    "link": st.sampled_from(["", "https://exemple.fr/acte"]),
    "delimiter": st.sampled_from(["", ";", "\t"]),
    "decimal": st.sampled_from([".", ","]),
}


_between = {"least": [0.0], "value": [0.0, 12.5], "most": [12.5, 1e6]}
_passing: dict[Any, dict[str, list[Any]]] = {
    Broker: {
        "host": ["mqtt.exemple.fr", "::1"],
        "port": [None, 8883],
        "topics": [(), ("ville/#", "+/co2")],
        "parts": ["", "ville/{device}/+"],
        "group": ["", "bocage"],
        "client": ["", "ville-1"],
    },
    DeviceSheet: {"least": [None, 0.0], "most": [None, 1e6], "kilograms": [0.0, 12.5, 1e6]},
    Example: {"payload": ["01", "0100d7021e0401f4"]},
    OwnFactor: _between,
    Inventory: {"code": ["", "https://exemple.fr/code"], "link": ["", "https://exemple.fr/acte"]},
    MultiDatastream: {"datastreams": [("co2",), ("direction", "vitesse")]},
    Notified: {"clock": ["", "00:00", "23:59"]},
    Violation: {"aware_clock": ["", "02:30"]},
    Witnessed: {"key": ["A" * 43], "site": ["", "https://exemple.fr/ville"]},
    Subscription: {"address": ["https://exemple.fr/a?b=c"]},
}


def _of(annotation: Any) -> st.SearchStrategy[Any]:
    metas = [m for m in getattr(annotation, "__metadata__", ()) if isinstance(m, msgspec.Meta)]
    if metas:
        return _limited(annotation.__origin__, metas)
    origin, args = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (typing.Union, types.UnionType):
        return st.one_of([st.none() if arg is type(None) else _of(arg) for arg in args])
    if origin is tuple:
        if args[-1] is Ellipsis:
            return st.lists(_of(args[0]), max_size=3).map(tuple)
        return st.tuples(*map(_of, args))
    if origin is dict or annotation is dict:
        return st.dictionaries(_words, _json, max_size=3)
    return _alone(annotation)


def _alone(annotation: Any) -> st.SearchStrategy[Any]:
    simple: dict[Any, st.SearchStrategy[Any]] = {
        str: _words,
        bool: st.booleans(),
        int: st.integers(-(2**53), 2**53),
        float: _numbers,
        date: st.dates(),
        datetime: st.datetimes(timezones=st.just(UTC)),
        Text: st.builds(Text, fr=_said, en=_words),
    }
    if annotation in simple:
        return simple[annotation]
    if issubclass(annotation, Labelled):
        return st.sampled_from(list(annotation))
    return struct(annotation)


def _limited(annotation: Any, metas: list[msgspec.Meta]) -> st.SearchStrategy[Any]:
    if annotation is int:
        low = max((m.ge for m in metas if m.ge is not None), default=-(2**53))
        high = min((m.le for m in metas if m.le is not None), default=2**53)
        return st.integers(int(low), int(high))
    if annotation is float:
        least = max((float(m.ge) for m in metas if m.ge is not None), default=None)
        most = min((float(m.le) for m in metas if m.le is not None), default=None)
        above = next((float(m.gt) for m in metas if m.gt is not None), None)
        low = above if least is None else least
        return st.floats(
            min_value=low, max_value=most, exclude_min=above is not None, allow_nan=False, allow_infinity=False
        )
    shortest = max((m.min_length or 0 for m in metas), default=0)
    if annotation is str and shortest:
        return st.text(_SIGNS, min_size=shortest, max_size=shortest + 20).filter(lambda text: bool(text.strip()))
    return _of(annotation)


@functools.cache
def struct(kind: type[msgspec.Struct]) -> st.SearchStrategy[Any]:
    """Any value of a struct, defaults included."""
    if kind in _whole:
        return _whole[kind]
    made = {}
    for field in msgspec.structs.fields(kind):
        value = _known.get(field.name, _of(field.type)) if _is_text(field.type) else _of(field.type)
        made[field.name] = value if field.required else st.just(_default(field)) | value
    if kind is ReasonedException:
        made |= {"starts": st.dates(max_value=date(2100, 1, 1)), "ends": st.dates(min_value=date(2100, 1, 2))}
        made["source"] = _said
    made |= {name: st.sampled_from(values) for name, values in _passing.get(kind, {}).items()}
    if kind is Organisation:
        made["siren"] = _known["siren"]
    if kind is SensorNotice:
        made["translations"] = st.lists(struct(Translation), max_size=3, unique_by=lambda one: one.language).map(tuple)
    if kind is Datastream:
        replacements = st.lists(struct(Replacement), max_size=3, unique_by=lambda one: one.at)
        made["replacements"] = replacements.map(lambda all_: tuple(sorted(all_, key=lambda one: one.at)))
    return st.fixed_dictionaries(made).map(lambda values: kind(**values))


def _measure(drawn: tuple[list[str], Aggregate, Period, Window | None, bool]) -> Measure:
    slugs, aggregate, period, window, together = drawn
    alone = period is Period.VALUE or aggregate is Aggregate.LAST
    return Measure(
        datastreams=tuple(slugs),
        aggregate=aggregate,
        period=period,
        window=window if period in CIVIL else None,
        together=together and not alone,
    )


_windows = st.sampled_from([Window(start="22:00", end="06:00"), Window(start="08:30", end="18:00")])
# Structs whose fields must agree with each other.
_whole: dict[Any, st.SearchStrategy[Any]] = {
    Window: _windows,
    Measure: st.tuples(
        st.lists(st.sampled_from(["a", "b-2", "c"]), min_size=1, unique=True),
        st.sampled_from(Aggregate),
        st.sampled_from(Period),
        st.none() | _windows,
        st.booleans(),
    ).map(_measure),
}


def _is_text(annotation: Any) -> bool:
    return annotation is str or getattr(annotation, "__origin__", None) is str


def _default(field: Any) -> Any:
    return field.default if field.default is not msgspec.NODEFAULT else field.default_factory()


def declarations() -> st.SearchStrategy[Declaration]:
    """Any declaration or sensing entity."""
    return st.sampled_from(list(WRITTEN.values())).flatmap(struct)
