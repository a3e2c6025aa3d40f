"""Every page by its route: a new route is read by these tests without being named in them."""

import importlib
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta

import msgspec
from django.urls import URLPattern, URLResolver
from tests.browser.demonstration import BESIDE, SOURCE, TERRITORY

from bocage.domain.declaration import Declaration, fields
from bocage.domain.kinds import KINDS
from bocage.domain.sensing import ENTITIES
from bocage.web.forms.field import UNSEEN
from bocage.web.forms.shape import shape

PARAMETER = re.compile(r"<\w+:(\w+)>")
SAMPLES: Mapping[str, tuple[str, ...]] = {
    "thing": ("mauves", "station-meteo"),
    "notice": ("comptage-bords-de-loire",),
    "dataset": ("comptages-loire", "energie-des-logements"),
    "kind": ("purpose",),
    "declaration": ("frequentation-velo-pieton",),
    "entry": ("frequentation-velo-pieton",),
    "datastream": ("mauves-velos-vers-nantes", "meteo-temperature"),
    "version": ("1",),
    "number": ("1",),
    "rule": ("velos-en-baisse", "nuits-d-electricite"),
    "promise": ("gdpr_05_minimisation",),
    "algorithm": ("aide-a-l-achat-d-un-velo", "velos-en-baisse"),
    "indicator": ("velos-a-mauves", "temperature-de-l-air", "electricite-de-la-nuit"),
    "service": ("mobilites", "energie"),
    "month": (f"{datetime.now(UTC).replace(day=1) - timedelta(days=1):%Y-%m}",),
    "account": ("nobody",),
    "token": ("used-already",),
    "form": ("measurements", "things", "register", "contracts"),
    "file": ("nothing",),
    "sensor": ("nothing",),
    "source": ("station-meteo", "capteurs-lorawan"),
    "codec": ("nothing", "capteur-invente"),
    "contract": ("comptages",),
    "assessment": ("logements-donnees-personnelles",),
    "purpose": ("conseil-energie-logements",),
    "project": ("rives-a-velo",),
    "sort": ("experiment", "rule"),
    "giver": ("haut-plateau",),
    "resource": ("bourg-eteint-la-nuit", "nuits-trop-gourmandes"),
    "given": ("experiment",),
    "offer": ("arrosage-connecte",),
    "slip": ("nothing",),
    "model": ("base-des-communes",),
    "code": ("marais",),
    "choice": ("chirpstack", "tts", "broker", "sensorthings", "curl", "file", "address"),
}
ALL: Mapping[str, type[Declaration]] = {**KINDS, **{entity.kind: entity for entity in ENTITIES}}


def _controls(kind: type[msgspec.Struct], above: str = "") -> frozenset[str]:
    """What a form of this kind is made of: its controls, each with the groups and rows around it."""
    found = set()
    for note in fields(kind):
        one = shape(note.type) if note.name not in UNSEEN else None
        if one is not None:
            found.add(f"{above}{'named ' if note.reference else ''}{note.control or one.control}{' ?' * one.optional}")
            if one.control in ("group", "rows"):
                found |= _controls(one.of, f"{above}{one.control}/")
    return frozenset(found)


def _telling() -> Iterator[str]:
    """Kinds whose forms hold, between them, every control there is, richest first; each adds some."""
    seen: set[str] = set()
    for name, held in sorted(((n, _controls(k)) for n, k in ALL.items()), key=lambda pair: -len(pair[1])):
        if held - seen:
            seen |= held
            yield name


# What a route alone does not show: a form of each make, lists, the second territory, a page that lacks.
ALSO = (
    *(f"/{TERRITORY}/desk/registers/{kind}/new" for kind in _telling() if kind not in {"territory", "purpose"}),
    f"/{TERRITORY}/desk/registers/contract",
    f"/{TERRITORY}/desk/registers/contract/comptages",
    f"/{TERRITORY}/desk/registers/checklist/mesures-de-base",
    f"/{TERRITORY}/desk/registers/shared-specification",
    f"/{TERRITORY}/registers/experiment",
    f"/{TERRITORY}/registers/experiment/arrosage-connecte",
    f"/{TERRITORY}/registers/experiment/extinction-de-nuit",
    f"/{TERRITORY}/registers/clause/donnees-livrees",
    f"/{TERRITORY}/registers/economics/rives-a-velo",
    f"/{BESIDE}/registers/charter",
    *(f"/{TERRITORY}/desk/registers/{entity.kind}" for entity in ENTITIES),
    f"/{TERRITORY}/desk/registers/territory/{TERRITORY}/edit",
    f"/{TERRITORY}/desk/registers/source/station-meteo",
    f"/{TERRITORY}/desk/declare?source={SOURCE}&key=co2-du-preau",
    "/start?q=saint-denis",
    "/start?code=44214",
    f"/{TERRITORY}/search?q=velo",
    f"/{TERRITORY}/search?q=mesures&kind=promise",
    f"/{TERRITORY}/data/meteo?series=meteo-temperature&series=meteo-point-de-rosee&step=month",
    f"/{TERRITORY}/refusals?month=2026-01",
    f"/{TERRITORY}/desk/alerts?state=all",
    f"/{TERRITORY}/desk/rules/new?series=meteo-temperature",
    f"/{TERRITORY}/desk/things/mauves/merge?with=station-meteo",
    f"/{BESIDE}/",
    f"/{BESIDE}/sensors",
    f"/{BESIDE}/desk/",
    f"/{BESIDE}/desk/proposed",
    "/territories?promise=r47_data_standards&state=mend&sort=-population",
    f"/{TERRITORY}/no-such-page",
)


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """One page: its route, its path, and whether one must be signed in."""

    route: str
    path: str

    @property
    def for_agents(self) -> bool:
        return "/desk/" in self.path or self.path.startswith(("/account", "/sign-out", "/start"))


def addresses() -> tuple[Address, ...]:
    """Every page of portal and desk at every sample."""
    found = [
        Address(route=name, path=path)
        for name, pattern in _patterns(importlib.import_module("bocage.web.urls").urlpatterns)
        for path in _filled(pattern)
    ]
    return (*found, *(Address(route="", path=path) for path in ALSO))


def _patterns(found: Iterable[URLPattern | URLResolver], before: str = "/") -> Iterator[tuple[str, str]]:
    for one in found:
        if isinstance(one, URLResolver):
            yield from _patterns(one.url_patterns, before + str(one.pattern))
        else:
            yield str(one.name), before + str(one.pattern)


def _filled(pattern: str) -> Iterator[str]:
    """The pattern with its territory, and one sample after the other of what else it asks."""
    names = [name for name in PARAMETER.findall(pattern) if name != "territory"]
    for turn in range(max((len(SAMPLES[name]) for name in names), default=1)):
        values = {name: SAMPLES[name][turn % len(SAMPLES[name])] for name in names}
        yield PARAMETER.sub(lambda m, v=values: {"territory": TERRITORY, **v}[m[1]], pattern)
