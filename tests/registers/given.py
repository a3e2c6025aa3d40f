"""Declarations tests are written with; invented, as their names say."""

import random
from datetime import UTC, date, datetime, timedelta

from bocage.domain.act import Act
from bocage.domain.declaration import Declaration, Key
from bocage.domain.organisation import Organisation
from bocage.domain.purpose import ClosedQuestions, Purpose
from bocage.domain.role import Role, RoleName
from bocage.domain.sensor_notice import SensorNotice
from bocage.domain.source import Source
from bocage.domain.territory import Territory
from bocage.domain.text import Text
from bocage.registers import Entry, Put, record

TOWN = "bourg-invente"
AT = datetime(2026, 11, 23, 9, 30, 15, 123456, tzinfo=UTC)
SEED = random.Random(38)


def key(body: Declaration, slug: str = "", territory: str = TOWN) -> Key:
    return Key(territory=territory, kind=body.kind, slug=slug or f"un-{body.kind}")


def put(body: Declaration, slug: str = "", expected: int | None = -1, territory: str = TOWN) -> Entry:
    change = Put(key=key(body, slug, territory), body=body, expected=expected)
    return record([change], "a-17", AT, territory, SEED.randbytes)[0]


def later(days: int) -> datetime:
    return AT + timedelta(days=days)


TERRITORY = Territory(title=Text(fr="Bourg-Inventé"), population=4200, demonstration=True, centre=(-1.55, 47.2))
OWNER = Organisation(title=Text(fr="Commune de Bourg-Inventé"), contact="accueil@bourg.example")
SERVICE_ACT = Act(
    title=Text(fr="Création du service", en="The service is set up"), number="2026-12", date=date(2026, 3, 1)
)
PURPOSE = Purpose(
    title=Text(fr="Savoir combien de vélos passent"),
    owner="un-organisation",
    personal=False,
    retention_months=24,
    cadence_seconds=900,
    questions=ClosedQuestions(scoring=False),
)
SOURCE = Source(title=Text(fr="Compteurs"), purpose="un-purpose", operator="un-organisation")
ROLE = Role(title=Text(fr="Déléguée"), role=RoleName.DPO, holder="camille@bourg.example", since=date(2026, 1, 1))
NOTICE = SensorNotice(title=Text(fr="Passages de vélos"), things=("un-mat",))
ALL = (TERRITORY, OWNER, SERVICE_ACT, PURPOSE, SOURCE, ROLE, NOTICE)
