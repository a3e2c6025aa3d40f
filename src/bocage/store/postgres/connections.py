"""Connections to the database: some kept open, lent one at a time, opened again after the server went away."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from bocage.domain.errors import SettingError, Unavailable, unnamed
from bocage.domain.text import message as _
from bocage.store.postgres import binary

KEPT = 8  # open connections that wait for the next question
PATIENCE = 10  # seconds to reach the server
# Whatever the server says by default: an answer means durable, and what was locked is read as it is now.
SET_UP = """SELECT set_config('search_path', %s, false), set_config('timezone', 'UTC', false),
  set_config('jit', 'off', false), set_config('default_transaction_isolation', 'read committed', false),
  CASE current_setting('synchronous_commit') WHEN 'off' THEN set_config('synchronous_commit', 'on', false) END"""

Found = TypeVar("Found")
Plain = psycopg.Connection[tuple[Any, ...]]


class Connections:
    """Safe for threads. A connection that broke is not lent again."""

    def __init__(self, url: str, schema: str) -> None:
        self.url, self.schema = checked(url), schema
        self._idle: list[Plain] = []
        self._lock = threading.Lock()
        self._closed = False

    def opened(self) -> Plain:
        """A new connection for whoever keeps it: every statement by itself, names found in the schema of the log."""
        try:
            con = psycopg.connect(
                self.url, autocommit=True, connect_timeout=PATIENCE, application_name="bocage", cursor_factory=_Cursor
            )
        except psycopg.Error as error:
            raise unreachable(error) from error
        try:
            con.execute(SET_UP.encode(), (self.schema,))
        except psycopg.Error as error:
            con.close()
            raise unreachable(error) from error
        binary.registered(con)
        return con

    @contextmanager
    def lent(self) -> Iterator[Plain]:
        """A connection for a moment; what the database refuses or cannot do is Unavailable."""
        con = self._taken()
        try:
            yield con
        except psycopg.Error as error:
            raise unreachable(error) from error
        finally:
            self._given_back(con)

    def asked(self, call: Callable[[Plain], Found]) -> Found:
        """What a question that changes nothing answers; asked again when the server had gone away meanwhile."""
        try:
            with self.lent() as con:
                return call(con)
        except Unavailable as error:
            if not isinstance(error.__cause__, psycopg.OperationalError):
                raise
        self.forget()
        with self.lent() as con:
            return call(con)

    def _taken(self) -> Plain:
        with self._lock:
            if self._closed:
                raise Unavailable(_("an open log"), found="closed")
            if self._idle:
                return self._idle.pop()
        return self.opened()

    def _given_back(self, con: Plain) -> None:
        idle = con.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
        with self._lock:
            if idle and not self._closed and len(self._idle) < KEPT:
                self._idle.append(con)
                return
        con.close()

    def forget(self) -> None:
        """Close what waits: the server may have been started again."""
        with self._lock:
            idle, self._idle = self._idle, []
        for con in idle:
            con.close()

    def close(self) -> None:
        """Lend no more."""
        with self._lock:
            self._closed = True
        self.forget()


class _Cursor(psycopg.Cursor[tuple[Any, ...]]):
    """Values come in binary: numbers are then read without being parsed."""

    def __init__(self, connection: Any, **more: Any) -> None:
        super().__init__(connection, **more)
        self.format = psycopg.pq.Format.BINARY


def checked(url: str) -> str:
    """The address of a database, if it is one; SettingError otherwise. It is never shown: it may hold a password."""
    try:
        conninfo_to_dict(url)
    except psycopg.Error as error:
        said = unnamed(str(error))  # what it quotes is the address, with its password
        raise SettingError(_("the address of a database: postgresql://user@host/name"), said) from None
    return url


def parts(url: str) -> dict[str, str]:
    """The address by its parts, under libpq's names: host, port, user, password, dbname..."""
    return {name: str(value) for name, value in conninfo_to_dict(checked(url)).items()}


def with_password(url: str, password: str) -> str:
    """The address with a password, where it has none of its own and there is one."""
    return make_conninfo(url, password=password) if password and not parts(url).get("password") else checked(url)


def shown(url: str) -> str:
    """The address without its password, to be shown."""
    return make_conninfo("", **{name: value for name, value in parts(url).items() if name != "password"})


def unreachable(error: psycopg.Error) -> Unavailable:
    """What a failure of the database becomes."""
    remedy = _("try again; if it lasts, look at the PostgreSQL server")
    return Unavailable(_("a PostgreSQL database that answers"), found=unnamed(str(error)), remedy=remedy)
