"""Where an instance keeps its registers and its log: in its folder, or in a PostgreSQL database."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bocage import store
from bocage.assembly.leading import Place
from bocage.assembly.places import Places
from bocage.assembly.settings import Loaded
from bocage.domain.errors import Unavailable
from bocage.domain.text import message as _
from bocage.store.protocol import Store

ENVIRONMENT = "BOCAGE_SECRET_DATABASE"  # as the other secrets are named in the environment
FILE = "database.secret"


def address(loaded: Loaded) -> str:
    """The address of the database, with its password; empty where everything lies in the folder.

    The password is that of the environment, else of the file of the keys, else what libpq knows by itself.
    """
    url = loaded.settings.database.url
    if not url:
        return ""
    from bocage.store.postgres.connections import with_password  # psycopg is loaded where there is a server only

    return with_password(url, _secret(Places(data=loaded.data).keys / FILE))


def _secret(path: Path) -> str:
    kept = path.read_text(encoding="utf-8").strip() if path.exists() else ""
    return os.environ.get(ENVIRONMENT, "") or kept


def server(url: str) -> dict[str, str] | None:
    """The address as the tables take it; None where they lie in the folder."""
    if not url:
        return None
    from bocage.store.postgres.connections import parts

    return parts(url)


def shown(url: str) -> str:
    """The address without its password; empty for the folder."""
    if not url:
        return ""
    from bocage.store.postgres.connections import shown as without_password

    return without_password(url)


def keeping(places: Places, url: str) -> str:
    """The address with its password, which is kept with the keys of the instance from now on."""
    if not url:
        return ""
    from bocage.store.postgres.connections import parts, with_password

    given, path = parts(url).get("password", ""), places.keys / FILE
    if given:
        path.touch(0o600)
        path.write_text(given, encoding="utf-8")
    return with_password(url, _secret(path))


@contextmanager
def alone(url: str) -> Iterator[None]:
    """Hold the place of the leader, so that no process of another machine works on the database; Unavailable when
    one does."""
    place = lead(url)
    try:
        if not place.taken():
            _reached(url)
            raise Unavailable(_("a database nobody works on"), shown(url), _("stop every process that does"))
        yield
    finally:
        place.let_go()


def idle(url: str) -> None:
    """Unavailable while any process is connected to the database: one that takes in only leads nothing, and what it
    took in during a move would be left behind."""
    if not url:
        return
    from bocage.store.postgres.targets import at_work

    if at_work(url):
        raise Unavailable(_("a database nobody works on"), shown(url), _("stop every process that does"))


def _reached(url: str) -> None:
    """Unavailable, with what the server says, when it does not let us in: then nobody works there either."""
    from bocage.store.postgres.targets import opened

    opened(url).close()


def lead(url: str) -> Place:
    """The place of the one process that does the scheduled work."""
    from bocage.store.postgres.leading import Lead

    return Lead(url)


def log(loaded: Loaded, url: str, places: Places, now: int) -> Store:
    """The observation log of an instance, opened; `now` in UTC milliseconds."""
    if not url:
        return store.opened(places.log, memory=f"{loaded.settings.memory_mib}MB", lists=places.erasures)
    opened = store.connected(url, lists=places.erasures, now=now)
    logging.getLogger(__name__).info("the log is kept by %s", getattr(opened, "server", "a folder"))
    return opened
