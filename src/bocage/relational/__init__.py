"""The relational database: its settings, its migrations, its transactions; nothing else.

`configure` comes first: modules named `tables` can only be imported after it.
"""

from bocage.relational.copying import Table, copied, on_server
from bocage.relational.failures import FAILURES, unavailable
from bocage.relational.places import applied, configure, configured, migrate, pending
from bocage.relational.rows import add
from bocage.relational.threads import in_thread
from bocage.relational.transactions import CHANNEL, after_commit, forget, say, transaction

__all__ = [
    "CHANNEL",
    "FAILURES",
    "Table",
    "add",
    "after_commit",
    "applied",
    "configure",
    "configured",
    "copied",
    "forget",
    "in_thread",
    "migrate",
    "on_server",
    "pending",
    "say",
    "transaction",
    "unavailable",
]
