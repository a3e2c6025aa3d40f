"""Every page by its route: a new route is read by these tests without being named in them."""

import importlib
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta

import msgspec
from django.urls import URLPattern, URLResolver
from tests.browser.demonstration import BESIDE, SOURCE, TERRITORY

from bocage.domain.kinds import KINDS
from bocage.domain.sensing import ENTITIES

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
    "indicator": ("velos-a-mauves", "temperature-de-l-air", "electricite-de-la-nuit"),
    "service": ("mobilites", "energie"),
    "month": (f"{datetime.now(UTC).replace(day=1) - timedelta(days=1):%Y-%m}",),
    "account": ("nobody",),
    "token": ("used-already",),
    "form": ("measurements", "things", "register", "contracts"),
    "file": ("nothing",),
    "sensor": ("nothing",),
    "source": ("station-meteo",),
    "codec": ("nothing",),
}
ALL = (*KINDS, *(entity.kind for entity in ENTITIES))
# What a route alone does not show: every kind's form and list, the second territory, a page that lacks.
ALSO = (
    *(f"/{TERRITORY}/desk/registers/{kind}/new" for kind in ALL if kind not in {"territory", "purpose"}),
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
