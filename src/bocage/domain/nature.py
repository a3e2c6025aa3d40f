"""The nature of a datastream: what its values are, and so how they may be summed up."""

import enum

from bocage.domain.label import Labelled
from bocage.domain.text import message as _


class Nature(Labelled):
    """Fixes rollups, charts and aggregates."""

    GAUGE = "gauge", _("Level read at an instant (temperature, CO2)")
    AMOUNT = "amount", _("Amount over an interval (bicycles in an hour, kWh in 30 minutes)")
    INDEX = "index", _("Index of a meter that only goes up (resets and meter changes are known)")
    STATE = "state", _("State that lasts until the next one (open, closed)")
    DIRECTION = "direction", _("Direction in degrees (wind)")


class Origin(enum.IntEnum):
    """Where an observation comes from; every page, file and API says which."""

    MEASURED = 0
    REPLAYED = 1
    SUPPOSED = 2


class ResultKind(enum.IntEnum):
    """What an observation's result is."""

    NUMBER = 0
    TEXT = 1
    BOOLEAN = 2
    NULL = 3
