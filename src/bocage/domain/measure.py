"""A measure: which series, how their values become one figure, for which periods. Rules and indicators share it."""

from typing import Annotated

import msgspec

from bocage.domain.declaration import noted
from bocage.domain.label import Labelled
from bocage.domain.nature import Nature
from bocage.domain.text import message as _

CLOCK = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"


class Aggregate(Labelled):
    """How the values of a period become one figure. The sum of an index is its difference, restarts known; the mean
    of a state is the share of the time it lasted, 0 to 1; the mean of a direction is circular."""

    SUM = "sum", _("Total")
    MEAN = "mean", _("Mean")
    MINIMUM = "minimum", _("Least value")
    MAXIMUM = "maximum", _("Greatest value")
    LAST = "last", _("Last value")


class Period(Labelled):
    """What one figure is of: hours in UTC; days, weeks (from Monday) and months of the territory's calendar."""

    VALUE = "value", _("Each value")
    HOUR = "hour", _("Hour")
    DAY = "day", _("Day")
    WEEK = "week", _("Week")
    MONTH = "month", _("Month")


CIVIL = (Period.DAY, Period.WEEK, Period.MONTH)

_FITTING: dict[Nature, frozenset[Aggregate]] = {
    Nature.GAUGE: frozenset(Aggregate) - {Aggregate.SUM},
    Nature.AMOUNT: frozenset(Aggregate),
    Nature.INDEX: frozenset({Aggregate.SUM, Aggregate.LAST}),
    Nature.STATE: frozenset(Aggregate) - {Aggregate.SUM},
    Nature.DIRECTION: frozenset({Aggregate.MEAN, Aggregate.LAST}),
}


def fits(nature: Nature, aggregate: Aggregate) -> bool:
    """Whether figures of that kind mean something for values of that nature."""
    return aggregate in _FITTING[nature]


def usual_aggregate(nature: Nature) -> Aggregate:
    """What one asks first of values of that nature."""
    return Aggregate.SUM if nature in (Nature.AMOUNT, Nature.INDEX) else Aggregate.MEAN


class Window(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """The part of each day that counts, by the local clock; it runs over midnight when it ends before it starts.

    A night bears the civil day on which it begins: the night of the 3rd goes on into the 4th.
    """

    start: Annotated[str, noted(_("Begins at"), _("Local time, such as 22:00."), control="clock", pattern=CLOCK)]
    end: Annotated[str, noted(_("Ends at"), _("Local time, such as 06:00."), control="clock", pattern=CLOCK)]

    def __post_init__(self) -> None:
        if self.start == self.end:
            raise ValueError("a part of the day starts and ends at two different times")

    @property
    def over_midnight(self) -> bool:
        """Whether it ends on the day after it begins."""
        return self.end < self.start


class Measure(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Which series, summed up how, over which periods, during which part of the day.

    `together`: one figure for all series (the sum of sums, the mean of means, the least, the greatest), or one each.
    """

    datastreams: Annotated[
        tuple[str, ...],
        noted(_("Series of measurements"), reference="datastream", min_length=1),
    ]
    aggregate: Annotated[Aggregate, noted(_("Figure"))]
    period: Annotated[Period, noted(_("For each"))] = Period.DAY
    window: Annotated[Window | None, noted(_("Only during"), _("A part of each day, such as the night."))] = None
    together: Annotated[bool, noted(_("One figure for all series together?"))] = False

    def __post_init__(self) -> None:
        if len(set(self.datastreams)) < len(self.datastreams):
            raise ValueError("a series is named once")
        if self.window and self.period not in CIVIL:
            raise ValueError("a part of the day goes with days, weeks or months")
        if self.together and (self.period is Period.VALUE or self.aggregate is Aggregate.LAST):
            raise ValueError("several series have no value and no last value together")
