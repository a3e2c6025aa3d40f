"""The demonstration: two invented territories, declared from the files beside this one, fed by `ingest.replay`."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import tomli_w

from bocage.assembly.instance import Instance, opened
from bocage.assembly.settings import load
from bocage.cli.demonstration import badges, lamps, lived, offered, radio, shared
from bocage.cli.demonstration.certified import certify
from bocage.domain.role import RoleName

HERE = Path(__file__).parent
WATCHED = timedelta(days=45)
MAIN, BESIDE = "val-de-loire", "marais"
OFFICER = "personne.deleguee@val-de-loire.example"
EMAIL = "premiere.personne@val-de-loire.example"
ROLES = (RoleName.ADMINISTRATOR, RoleName.DATA_ADMINISTRATOR, RoleName.DECIDER, RoleName.AGENT)
PUSHING = "air-ecoles"  # a source that may push and has no datastream yet: what it sends is refused until declared


class Prepared(msgspec.Struct, frozen=True, kw_only=True):
    """What to tell whoever started the demonstration. `token` is one to push with, `radio` that of the invented sensor;
    `link` signs in; `officer` signs the data protection officer in, who is nobody that decides. `key`: the public one
    of what is sent to equipment."""

    settings: Path
    portal: str
    link: str
    officer: str
    token: str
    radio: str
    loaded: int
    key: str


def prepare(folder: Path, port: int) -> Prepared:
    """Make the demonstration in `folder`, or take it up again; history is loaded up to two days ago."""
    settings = folder / "bocage.toml"
    folder.mkdir(parents=True, exist_ok=True)
    shared.prepare(folder)
    plain = {
        "commons": shared.FOLDER,
        "port": port,
        "replay": str(HERE),
        "public_url": f"http://127.0.0.1:{port}",
        "log_level": "warning",
    }
    settings.write_text(tomli_w.dumps(plain), encoding="utf-8")
    with opened(load(settings), upgrading=True) as instance:
        return _prepared(instance, settings, port)


def _prepared(instance: Instance, settings: Path, port: int) -> Prepared:
    from bocage import evidence, registers  # tables: only once the instance is open
    from bocage.accounts import OPERATOR
    from bocage.assembly.working import replaying
    from bocage.publish.subscribers import Signer

    at, present = instance.clock(), registers.territories()
    for territory in (BESIDE, MAIN):
        if territory not in present:
            evidence.apply(HERE / territory, territory, OPERATOR, at, evidence.Choice(rebase=False))
            _watching(territory, at)
    if MAIN not in present:
        evidence.apply(HERE / "lorawan", MAIN, OPERATOR, at, evidence.Choice(rebase=False))
        radio.history(instance, MAIN)
        evidence.apply(HERE / badges.FOLDER, MAIN, OPERATOR, at, evidence.Choice(rebase=False))
        shared.refused(MAIN, at)
        offered.offered(MAIN, BESIDE, at)
    loaded = replaying(instance).history(at, lambda done, of: None)
    if MAIN not in present:
        lived.prepared(MAIN, at)
        lived.asked(MAIN, at)
    if _declared(badges.SOURCE):
        badges.today(instance, MAIN)
    lamps.ordered(MAIN, port, at)
    certify(instance, MAIN, BESIDE)
    portal = f"http://127.0.0.1:{port}/"
    return Prepared(
        settings=settings,
        portal=portal,
        link=_link(instance, portal, EMAIL, ROLES),
        officer=_link(instance, portal, OFFICER, (RoleName.DPO,)),
        token=_token(instance, PUSHING),
        radio=_token(instance, radio.SOURCE) if _declared(radio.SOURCE) else "",
        loaded=loaded,
        key=Signer(instance.places.keys / "webhooks.pem").public(),
    )


def _declared(source: str) -> bool:
    from bocage import registers
    from bocage.domain.declaration import Key

    return registers.find(Key(territory=MAIN, kind="source", slug=source)) is not None


def _watching(territory: str, at: datetime) -> None:
    """Its rules look at the weeks before too, so that there are alerts to read from the first minute on."""
    from bocage import evidence, registers
    from bocage.accounts import OPERATOR
    from bocage.domain.rule import Rule

    since = (at - WATCHED).date()
    rules = [(one, one.body) for one in registers.current(territory, Rule.kind) if isinstance(one.body, Rule)]
    puts = [
        evidence.Put(key=one.key, body=msgspec.structs.replace(rule, since=since), expected=one.version)
        for one, rule in rules
        if rule.since is None
    ]
    if puts:
        evidence.change(territory, OPERATOR, puts, at)


def _link(instance: Instance, portal: str, email: str, roles: Sequence[RoleName]) -> str:
    from bocage.accounts import people
    from bocage.assembly.commands import run

    person: Any = next((one for one in people.listed() if one.email == email), None)
    if person is None:
        name = "Première personne" if email == EMAIL else "Personne déléguée"
        values = {"email": email, "name": name, "roles": [role.value for role in roles]}
        return str(run(instance, "account-create", values | {"territory": MAIN}, lambda told: None)["link"])
    if person.has_password:
        return f"{portal}sign-in"
    return str(run(instance, "account-link", {"email": email}, lambda told: None)["link"])


def _token(instance: Instance, source: str) -> str:
    at = instance.clock()
    for issued in instance.tokens.listed(MAIN, source=source):
        if not issued.revoked_at:
            instance.tokens.revoke(MAIN, issued.token, at)
    return str(instance.tokens.issue(MAIN, "operator", at, source=source, title="Démonstration"))
