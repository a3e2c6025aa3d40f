"""What a database that cannot be used becomes: one failure of the domain, whoever met it."""

from typing import Final

from django.db import InterfaceError, OperationalError, connection

from bocage.domain.errors import Unavailable, unnamed
from bocage.domain.text import message as _
from bocage.relational.transactions import POSTGRES

FAILURES: Final = (OperationalError, InterfaceError)
"""A server that is away or going, a full disk, a file that is locked."""


def unavailable(error: Exception) -> Unavailable:
    """The failure that senders, readers and commands are told."""
    if connection.vendor == POSTGRES:
        remedy = _("try again; if it lasts, look at the PostgreSQL server")
        return Unavailable(_("a PostgreSQL database that answers"), unnamed(str(error)), remedy)
    return Unavailable(_("a database that can be written"), unnamed(str(error)), _("free some space, then try again"))
