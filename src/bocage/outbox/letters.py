"""Letters put in the outbox, in the transaction of what they tell."""

from datetime import datetime
from typing import Final

import msgspec

from bocage.domain.letter import Letter
from bocage.outbox.parcels import Parcel, State, put
from bocage.outbox.tables import ParcelRow

MAIL: Final = "mail"
ALERT: Final = "alert"
PERSONAL: Final = (MAIL, ALERT, "password")
"""Kinds whose parcels hold the address of a person."""


def post(letter: Letter, at: datetime, *, kind: str = MAIL, key: str = "") -> Parcel:
    """Put a letter; with a `key` of its own it is sent once, however often it is put. Only where mail is set up."""
    return put(kind, msgspec.json.encode(letter), at, key=key)


def forget_letters(before: datetime) -> int:
    """Erase letters made before this instant that were given up: they hold addresses of persons."""
    return ParcelRow.objects.filter(kind__in=PERSONAL, state=State.GIVEN_UP, made_at__lt=before).delete()[0]
