"""Letters put in the outbox, in the transaction of what they tell."""

from datetime import datetime
from typing import Final

import msgspec

from bocage.domain.letter import Letter
from bocage.outbox.parcels import Parcel, put

MAIL: Final = "mail"
ALERT: Final = "alert"


def post(letter: Letter, at: datetime, *, kind: str = MAIL, key: str = "") -> Parcel:
    """Put a letter; with a `key` of its own it is sent once, however often it is put. Only where mail is set up."""
    return put(kind, msgspec.json.encode(letter), at, key=key)
