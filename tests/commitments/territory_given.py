"""Builds the facts of a test from plain tables: a territory in order, and what a case changes in it."""

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec

from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.flow import Sign
from bocage.commitments.measured import Arrived, OrderState, Past, RequestState, Resource, Usage
from bocage.domain.declaration import Declaration
from bocage.domain.kinds import KINDS
from bocage.domain.sensing import ENTITIES

HERE = Path(__file__).parent
ALL = {**KINDS, **{kind.kind: kind for kind in ENTITIES}}
TODAY = date(2026, 11, 23)
WITHOUT = "sans"

Tables = dict[str, Any]


def in_order() -> Tables:
    """The tables of a territory in which every promise is kept."""
    return tomllib.loads((HERE / "given.toml").read_text(encoding="utf-8"))


def changed(tables: Tables, given: Mapping[str, Any]) -> Tables:
    """The tables with what a case says: fields replaced, a field or a whole declaration taken away by "sans"."""
    out = {name: dict(fields) for name, fields in tables.items()}
    for name, fields in given.items():
        if fields == WITHOUT:
            out.pop(name, None)
            continue
        body = {**out.get(name, {}), **fields}
        out[name] = {field: value for field, value in body.items() if value != WITHOUT}
    return out


def copied(tables: Tables, copies: Mapping[str, int]) -> Tables:
    """The tables with so many series more like one of them, each of its own name."""
    out = dict(tables)
    for name, count in copies.items():
        out |= {f"{name}-{n}": {**tables[name], "key": f"{name}-{n}"} for n in range(count)}
    return out


def body(name: str, fields: Mapping[str, Any]) -> Declaration:
    """One declaration from its table."""
    kind = ALL[name.partition("/")[0]]
    return msgspec.convert(_plain(fields), kind)


def facts(
    tables: Tables, *, today: date = TODAY, signs: Mapping[str, Any] | None = None, beside: Mapping[str, Any] = {}
) -> TerritoryFacts:
    """The facts of these tables; `signs`: what the values of the series showed, pattern and count; `beside`: what
    arrived of sources, what the commons hold, what persons ask, at which moment."""
    declared: dict[str, dict[str, Declaration]] = {}
    for name, fields in tables.items():
        kind, _, slug = name.partition("/")
        declared.setdefault(kind, {})[slug] = body(name, fields)
    shown = tuple(Sign(pattern=pattern, count=count) for pattern, count in (signs or {}).items())
    signs = {"co2-ecole": shown} if shown else {}
    return TerritoryFacts(slug="bourg", today=today, declared=declared, signs=signs, **_beside(beside))


def _beside(given: Mapping[str, Any]) -> dict[str, Any]:
    """`silent_seconds` is "sans" where nothing ever arrived."""
    arrived = {
        slug: Arrived(**{name: None if value == WITHOUT else value for name, value in fields.items()})
        for slug, fields in given.get("arrived", {}).items()
    }
    requests = tuple(RequestState(**one) for one in given.get("requests", ()))
    commons = tuple(Resource(**one) for one in given.get("commons", ()))
    orders = tuple(OrderState(**one) for one in given.get("orders", ()))
    usage = Usage(**given["usage"]) if "usage" in given else None
    past = {slug: Past(**fields) for slug, fields in given["past"].items()} if "past" in given else None
    told = {"requests": requests, "orders": orders, "moment": given.get("moment"), "usage": usage, "past": past}
    told["orders_given"] = given.get("orders_given", 0)
    return {"arrived": arrived, "commons": commons, **told}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date | datetime) else value
