"""The statements of the hot path. Each names the datastream, by which Citus knows the machine that holds the rows.

A test reads them: a statement on `observation` or `standing` that names no datastream is refused.
"""

from bocage.store.postgres.binary import COLUMNS

NAMES = ", ".join(f'"{name}"' for name in COLUMNS)
"""The columns of a row, as they travel."""

INTRODUCED = """INSERT INTO standing (datastream) SELECT number FROM unnest(%s::integer[]) AS given (number)
  ORDER BY number ON CONFLICT (datastream) DO NOTHING"""
"""A line for each datastream that is new, in one order for everybody."""

STOOD = 'SELECT datastream, next, held, first, "start", span FROM standing WHERE datastream = ANY(%s)'
"""What the judge must know; the same with LOCKED."""

LOCKED = f"{STOOD} ORDER BY datastream FOR NO KEY UPDATE"
"""Nobody else judges these until the transaction has ended; locked in one order, so that nobody waits in a circle."""

KEPT = f"COPY observation ({NAMES}) FROM STDIN (FORMAT BINARY)"
"""Rows come in; the datastream is their first column."""

COUNTED = """UPDATE standing SET next = given.next, held = given.held, first = given.first
  FROM unnest(%s::integer[], %s::bigint[], %s::bigint[], %s::bigint[]) AS given (datastream, next, held, first)
  WHERE standing.datastream = given.datastream AND standing.datastream = ANY(%s)"""
"""Late rows: counts change, the newest does not."""

RENEWED = """UPDATE standing SET next = given.next, held = given.held, first = given.first, "start" = given."start",
    span = given.span, number = given.number, position = given.position, counter = given.counter,
    version = given.version, kind = given.kind, origin = given.origin, original = NULL, text = NULL, reason = NULL,
    beside = NULL
  FROM unnest(%s::integer[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[],
    %s::double precision[], %s::bigint[], %s::integer[], %s::integer[], %s::integer[], %s::integer[])
    AS given (datastream, next, held, first, "start", span, number, position, counter, version, kind, origin)
  WHERE standing.datastream = given.datastream AND standing.datastream = ANY(%s)"""
"""The newest row of each changes too."""

SAID = """UPDATE standing SET original = given.original, text = given.text, beside = given.beside
  FROM unnest(%s::integer[], %s::bigint[], %s::bytea[], %s::bytea[]) AS given (datastream, original, text, beside)
  WHERE standing.datastream = given.datastream AND standing.datastream = ANY(%s)"""
"""What few newest rows hold beside."""

RESERVED = """UPDATE standing SET next = greatest(standing.next, given.next)
  FROM unnest(%s::integer[], %s::bigint[]) AS given (datastream, next)
  WHERE standing.datastream = given.datastream AND standing.datastream = ANY(%s)"""
"""Counters that go on from where another log was."""

TWINS = f"""SELECT {", ".join(f'kept."{name}"' for name in COLUMNS)} FROM observation AS kept
  JOIN unnest(%s::integer[], %s::bigint[], %s::bigint[]) AS asked (datastream, "start", span)
  ON kept.datastream = asked.datastream AND kept."start" = asked."start" AND kept.span = asked.span
  WHERE kept.datastream = ANY(%s) AND kept."start" BETWEEN %s AND %s"""
"""Every version of some identities."""

WITHIN = f'SELECT {NAMES} FROM observation WHERE datastream = ANY(%s) AND "start" >= %s AND "start" < %s'
"""Rows of a range; followed by an order and a limit."""

BEFORE = f"""SELECT {NAMES} FROM unnest(%s::integer[]) AS asked (series) CROSS JOIN LATERAL (
  SELECT {NAMES} FROM observation WHERE datastream = asked.series AND "start" < %s
  ORDER BY "start" DESC, span DESC, version DESC LIMIT 1) AS found"""
"""The newest observation of each before an instant."""

AFTER = f"""SELECT {NAMES} FROM unnest(%s::integer[]) AS asked (series) CROSS JOIN LATERAL (
  SELECT {NAMES} FROM observation WHERE datastream = asked.series AND "start" >= %s
  ORDER BY "start", span, version DESC LIMIT 1) AS found"""
"""The oldest observation of each from an instant on."""

NEWEST = f"SELECT {NAMES} FROM standing WHERE datastream = ANY(%s) AND version > 0 ORDER BY datastream"
"""The newest row of each."""

EXTENTS = 'SELECT datastream, held, first, "start" FROM standing WHERE datastream = ANY(%s) AND version > 0'
"""How much each holds."""

HELD = """SELECT count(*) FILTER (WHERE version = 1), count(*), coalesce(max(position), 0) FROM observation
  WHERE datastream = ANY(%s) AND "start" >= %s AND "start" < %s"""
"""What they hold of a range."""

HOT = (
    INTRODUCED,
    STOOD,
    LOCKED,
    KEPT,
    COUNTED,
    RENEWED,
    SAID,
    RESERVED,
    TWINS,
    WITHIN,
    BEFORE,
    AFTER,
    NEWEST,
    EXTENTS,
    HELD,
)
