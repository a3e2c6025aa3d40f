"""Citus, where the extension is there: the log is spread by datastream over several machines."""

from bocage.store.postgres.connections import Connections, Plain

SPREAD = ("observation", "standing")
EVERYWHERE = ("series",)
"""Small tables, whole on every machine."""


def distributed(connections: Connections) -> str:
    """Spread the tables where that was not done yet; the version of Citus, empty where there is none."""
    with connections.lent() as con:
        found = con.execute("SELECT extversion FROM pg_extension WHERE extname = 'citus'").fetchone()
        if found is None:
            return ""
        with con.transaction():
            con.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"{connections.schema} tables",))
            for table in SPREAD:
                if not _spread(con, table):
                    together = "" if table == SPREAD[0] else f", colocate_with => '{SPREAD[0]}'"
                    con.execute(f"SELECT create_distributed_table('{table}', 'datastream'{together})".encode())
            for table in EVERYWHERE:
                if not _spread(con, table):
                    con.execute(f"SELECT create_reference_table('{table}')".encode())
    return str(found[0])


def _spread(con: Plain, table: str) -> bool:
    asked = "SELECT FROM pg_dist_partition WHERE logicalrelid = to_regclass(%s)"
    return con.execute(asked, (table,)).fetchone() is not None
