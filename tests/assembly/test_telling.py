"""An alert that is news puts one mail for each person who works on its service, with the alert or not at all."""

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
from tests.steer.town import declared, followed, following, founded, ruled
from tests.steer.watched import DAY, Constant, filled, paris, rule, stream

from bocage import outbox
from bocage.accounts import people
from bocage.assembly.telling import telling
from bocage.domain.instance_settings import InstanceSettings, Mail
from bocage.domain.instant import to_datetime
from bocage.domain.letter import Letter
from bocage.domain.role import Role, RoleName
from bocage.domain.text import Text
from bocage.evidence.changing import follow_roles
from bocage.steer.alerts import alerts
from bocage.store.memory import MemoryStore

BEGIN = paris(2026, 5, 4)
AT = to_datetime(BEGIN + 2 * DAY)


def instance(mail: bool = True) -> Any:
    settings = InstanceSettings(
        public_url="https://bocage.bourg.fr",
        mail=Mail(host="mail.bourg.fr", sender="bocage@bourg.fr") if mail else None,
    )
    return SimpleNamespace(chosen=SimpleNamespace(now=settings))


def town() -> tuple[MemoryStore, int]:
    number = founded({"ecole": stream(0)})["ecole"]
    for name, role, services in (
        ("agathe", RoleName.STEWARD, ("batiments",)),
        ("bruno", RoleName.AGENT, ()),
        ("chloe", RoleName.DECIDER, ()),
        ("d,d", RoleName.AGENT, ()),
    ):
        body = Role(title=Text(fr=name), role=role, holder=f"{name}@bourg.fr", services=services)
        declared(body, name.replace(",", "-"))
        people.create(f"{name}@bourg.fr", name, AT)
    follow_roles("bourg")
    ruled(rule(Constant(value=30)), since=date(2026, 5, 1))
    return filled(number, BEGIN, [2.0] * 25), number


def letters() -> list[Letter]:
    return [msgspec.json.decode(one.payload, type=Letter) for one in outbox.parcels(kind=outbox.ALERT)]


def test_each_person_of_the_service_is_written_to_once(db: Path) -> None:
    store, number = town()
    follower = followed(store, following(store, telling(instance()), AT))
    assert sorted(one.to for one in letters()) == ["agathe@bourg.fr", "bruno@bourg.fr"]
    assert all("https://bocage.bourg.fr/bourg/desk/alerts/1" in one.text for one in letters())
    filled(number, BEGIN + 25 * 3_600_000, [2.0] * 23, store)
    followed(store, follower)
    assert len(letters()) == 2


def test_without_mail_the_alert_is_on_the_desk_only(db: Path) -> None:
    store, _number = town()
    followed(store, following(store, telling(instance(mail=False)), AT))
    assert len(alerts("bourg")) == 1
    assert letters() == []
