"""An instance: its data folder opened by one process, every part wired to the others."""

import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from bocage import relational
from bocage.assembly import databases
from bocage.assembly.forgetting import erased_again
from bocage.assembly.lock import held
from bocage.assembly.places import Places
from bocage.assembly.settings import Loaded
from bocage.domain.errors import Conflict
from bocage.domain.instance_settings import InstanceSettings
from bocage.domain.instant import to_ms
from bocage.domain.text import message as _
from bocage.store.protocol import Store
from bocage.store.withholding import Withholding
from bocage.web.settings import settings as page_settings


class Instance(msgspec.Struct, frozen=True, kw_only=True):
    """What runs: where it lies, its log, what takes readings in, the tokens of machines."""

    loaded: Loaded
    places: Places
    store: Any  # Store; msgspec would read the protocol
    intake: Any  # Intake
    tokens: Any  # Tokens
    chosen: Any  # Chosen
    mailer: Any  # Mailer
    first: Any  # First
    hearing: Any  # Hearing
    uses: Any  # Uses
    subscribers: Any  # Subscribers
    watching: Any  # Watching
    commons: Any  # Shelf

    @staticmethod
    def clock() -> datetime:
        """The present."""
        return datetime.now(UTC)


@contextmanager
def opened(
    loaded: Loaded, *, upgrading: bool = False, mirrored: bool = True, shared: bool = False
) -> Iterator[Instance]:
    """The instance of a folder, every part wired; everything is closed on the way out.

    Conflict when the folder was written by an earlier version and `upgrading` is not said. Not `mirrored`: the
    registers are not read, for whoever must open them although they were altered. `shared`: see `unwired`.
    """
    with unwired(loaded, shared=shared) as (places, everything, new):
        waiting = relational.pending()
        if waiting and not (new or upgrading):
            raise Conflict(_("a data folder of this version"), ", ".join(waiting), _("run: bocage upgrade"))
        if waiting:
            brought_up_to_date()
        log = Withholding(everything)
        if mirrored:
            from bocage import evidence  # tables: only after `configure`

            evidence.connect(log)
            if relational.on_server():  # others may have restored it from before, with tools of their own
                erased_again(places)
                evidence.withhold()
        instance = _wired(loaded, places, log)
        try:
            yield instance
        finally:
            instance.intake.close()
            if mirrored:
                evidence.count_declined(instance.clock())


def brought_up_to_date() -> None:
    """Bring the tables to this version, and seal in the chain what an earlier one left outside it, as it is now."""
    relational.migrate()
    from bocage.registers import beside  # tables: only after `configure`

    beside.note(Instance.clock())


@contextmanager
def unwired(loaded: Loaded, *, shared: bool = False) -> Iterator[tuple[Places, Store, bool]]:
    """Take the folder's lock and open its databases as they are; whether the folder is new.

    `shared`: one of several processes whose lock another one holds for all; they need a database.
    """
    places, settings = Places(data=loaded.data), loaded.settings
    places.data.mkdir(parents=True, exist_ok=True)
    with ExitStack() as closing:
        if not shared:
            closing.enter_context(held(places.lock))
        places.make()
        extra = page_settings(public_url=settings.public_url, hosts=settings.allowed_hosts, tiles=settings.tiles)
        url = databases.address(loaded)
        secret = _secret(places.keys / "sessions")
        relational.configure(places.data, secret=secret, server=databases.server(url), extra=extra)
        new = not relational.applied()
        log = databases.log(loaded, url, places, to_ms(Instance.clock()))
        closing.callback(log.close)
        yield places, log, new


def _secret(path: Path) -> bytes:
    if not path.exists():
        path.touch(0o600)
        path.write_bytes(secrets.token_bytes(48))
    return path.read_bytes()


def _wired(loaded: Loaded, places: Places, log: Store) -> Instance:
    from bocage.accounts.chosen import Chosen
    from bocage.accounts.first import First
    from bocage.accounts.sessions import Uses
    from bocage.accounts.tokens import Tokens
    from bocage.assembly.watching import Watching
    from bocage.ingest.intake import Intake
    from bocage.outbox import Mailer
    from bocage.upkeep.clock import Hearing

    intake = Intake(log, Instance.clock, places.data, quarantine_days=loaded.settings.quarantine_days)
    chosen = Chosen(places.data, InstanceSettings(public_url=loaded.settings.public_url))
    mailer = Mailer(lambda: chosen.now.mail, lambda: chosen.secret("mail"), Instance.clock)
    hearing = Hearing()
    intake.hear(hearing.answered)
    watching = Watching(places.data, loaded.backups, chosen, hearing)
    wired = {"store": log, "intake": intake, "tokens": Tokens(), "chosen": chosen, "mailer": mailer, "first": First()}
    wired["subscribers"] = _subscribers(places, log)
    wired |= {"hearing": hearing, "watching": watching, "uses": Uses(), "commons": _commons(loaded)}
    return Instance(loaded=loaded, places=places, **wired)


def _commons(loaded: Loaded) -> Any:
    from bocage import evidence
    from bocage.commons import Shelf

    shelf = Shelf(loaded.commons)
    evidence.share(shelf)
    return shelf


def _subscribers(places: Places, log: Store) -> Any:
    from bocage.evidence.facts import today
    from bocage.publish.knowledge import Memory
    from bocage.publish.subscribers import Signer, Subscribers

    memory = Memory()
    return Subscribers(
        log,
        lambda territory, at: memory.known(territory, today(territory, at)),
        Signer(places.keys / "webhooks.pem"),
        Instance.clock,
    )
