"""The tables of the log in its schema, made once, and brought up to date when a later version opens them."""

import secrets
from collections.abc import Callable, Mapping

from psycopg import sql

from bocage.domain.errors import Conflict
from bocage.domain.text import message as _
from bocage.store import letters
from bocage.store.latest import ALWAYS, NEVER
from bocage.store.postgres.connections import Connections, Plain
from bocage.store.postgres.frames import TABLE

OLDEST = 150_000  # server_version_num: PostgreSQL 15
VERSION = 2

ROW = """datastream integer NOT NULL, "start" bigint NOT NULL, span bigint NOT NULL, number double precision NOT NULL,
  position bigint NOT NULL, counter integer NOT NULL, version integer NOT NULL, kind smallint NOT NULL,
  origin smallint NOT NULL, original bigint, text bytea, reason bytea, beside bytea"""

# The primary key is the identity: what the judge says holds even if he erred. Positions rise as rows come in, so that
# their index grows at its right end only, and one commit is one entry of it.
TABLES = (
    f"""CREATE TABLE observation ({ROW}, PRIMARY KEY (datastream, "start", span, version))
      PARTITION BY RANGE ("start")""",
    "CREATE INDEX observation_position ON observation (position)",
    f"""CREATE TABLE standing (datastream integer PRIMARY KEY, next bigint NOT NULL DEFAULT 1,
      held bigint NOT NULL DEFAULT 0, first bigint NOT NULL DEFAULT {ALWAYS},
      "start" bigint NOT NULL DEFAULT {NEVER}, span bigint NOT NULL DEFAULT 0,
      number double precision NOT NULL DEFAULT 0, position bigint NOT NULL DEFAULT 0,
      counter integer NOT NULL DEFAULT 0, version integer NOT NULL DEFAULT 0, kind smallint NOT NULL DEFAULT 0,
      origin smallint NOT NULL DEFAULT 0, original bigint, text bytea, reason bytea, beside bytea)
      WITH (fillfactor = 50)""",
    """CREATE TABLE series (number integer PRIMARY KEY, territory text NOT NULL, nature text NOT NULL,
      zone text NOT NULL, thing bigint NOT NULL, changes text NOT NULL)""",
    "CREATE TABLE erased (body text PRIMARY KEY, position bigint NOT NULL)",
    "CREATE TABLE sealed (month text PRIMARY KEY, position bigint NOT NULL)",
    "CREATE TABLE mark (name text NOT NULL, version integer NOT NULL, position bigint NOT NULL) WITH (fillfactor = 10)",
    "CREATE SEQUENCE next_position",
)


# What each version after the first one added.
LATER = (("ALTER TABLE observation ADD COLUMN beside bytea", "ALTER TABLE standing ADD COLUMN beside bytea"),)

# A position is taken together with a lock of its own, which its transaction holds until it has ended.
TAKEN = """
CREATE FUNCTION taken_position(door bigint, turns integer) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE given bigint;
BEGIN
  PERFORM pg_advisory_lock(door);
  given := nextval('next_position');
  PERFORM pg_advisory_xact_lock(turns, (given % 2147483647)::integer);
  PERFORM pg_advisory_unlock(door);
  RETURN given;
EXCEPTION WHEN OTHERS THEN
  PERFORM pg_advisory_unlock(door);
  RAISE;
END $$"""


def prepared(connections: Connections, new: Callable[[], str] = lambda: secrets.token_hex(8)) -> str:
    """Make the tables where there are none; the name of the log. One process does it, the others wait."""
    with connections.lent() as con:
        _supported(con)
        with con.transaction():
            con.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"{connections.schema} tables",))
            if con.execute("SELECT to_regclass('mark')").fetchone() == (None,):
                _made(con, connections.schema, new())
            if con.execute("SELECT to_regclass('frame')").fetchone() == (None,):  # logs of before have none
                con.execute(TABLE.encode())
            found = con.execute("SELECT name, version FROM mark").fetchone()
            _brought_up(con, found[1] if found else VERSION)
    name, version = found or ("", 0)
    if version > VERSION:
        raise Conflict(_("a log of this version"), str(version), _("run the newer version that wrote it"))
    return str(name)


def _brought_up(con: Plain, version: int) -> None:
    """Bring the tables of an earlier version up to this one."""
    for statements in LATER[version - 1 :]:
        for statement in statements:
            con.execute(statement.encode())
    if version < VERSION:
        _lettered(con)
        con.execute("UPDATE mark SET version = %s", (VERSION,))


def _letters(name: str, plain: str, pairs: Mapping[str, str]) -> str:
    """A function over letters: what a server makes of those beyond ASCII hangs on how it was built."""
    return f"""CREATE OR REPLACE FUNCTION {name}(word text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
  AS $$
  SELECT CASE WHEN octet_length(word) = length(word) THEN {plain}(word COLLATE "C")
    ELSE translate(word, '{"".join(pairs)}', '{"".join(pairs.values())}') END $$"""


def _lettered(con: Plain) -> None:
    con.execute(_letters("small_letters", "lower", letters.small()).encode())
    con.execute(_letters("capital_letters", "upper", letters.capital()).encode())


def _supported(con: Plain) -> None:
    if con.info.server_version < OLDEST:
        found = con.info.parameter_status("server_version") or ""
        raise Conflict(_("PostgreSQL 15 or newer"), found, _("bring the PostgreSQL server up to date"))


def _made(con: Plain, schema: str, name: str) -> None:
    con.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(schema)))
    for statement in (*TABLES, TAKEN):
        con.execute(statement.encode())
    _lettered(con)
    con.execute("INSERT INTO mark VALUES (%s, %s, 0)", (name, VERSION))
