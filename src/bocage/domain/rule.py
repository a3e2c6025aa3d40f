"""A rule: when a figure is out of its bounds for some time, people are told. Kept as a syntax tree."""

from datetime import date
from typing import Annotated, ClassVar

import msgspec

from bocage.domain.declaration import Declaration, noted
from bocage.domain.label import Labelled
from bocage.domain.measure import Measure
from bocage.domain.text import Text
from bocage.domain.text import message as _


class Operator(Labelled):
    """On which side of its bound a figure is out of it."""

    ABOVE = "above", _("Above")
    BELOW = "below", _("Below")


class _Part(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, tag_field="is"):
    """A part of the tree; `is` tells which one in a file."""


class Constant(_Part, frozen=True, kw_only=True, tag="constant"):
    """A bound that is always the same, in the unit of the series."""

    value: Annotated[float, noted(_("Value"), ge=-1e12, le=1e12)]


class Usual(_Part, frozen=True, kw_only=True, tag="usual"):
    """A bound so many percent away from the usual value of the same series: the median of the same period (the same
    night of the week, the same hour of the same day) over the weeks before."""

    percent: Annotated[float, noted(_("Away from the usual value by"), unit="%", ge=0, le=1000)] = 30.0
    weeks: Annotated[int, noted(_("Usual over the last weeks"), unit=_("weeks"), ge=3, le=52)] = 4

    @property
    def needed(self) -> int:
        """How many whole periods of the past make a usual value: half of the weeks, three at least."""
        return max(3, -(-self.weeks // 2))


Bound = Constant | Usual


class Comparison(_Part, frozen=True, kw_only=True, tag="comparison"):
    """A figure on one side of a bound, for so many periods in a row."""

    measure: Annotated[Measure, noted(_("What is watched"))]
    operator: Annotated[Operator, noted(_("When it is"))] = Operator.ABOVE
    than: Annotated[Bound, noted(_("Bound"))]
    lasting: Annotated[int, noted(_("Periods in a row"), ge=1, le=60)] = 1


class Rule(Declaration, frozen=True, kw_only=True):
    """One readable sentence; `words.rules` says it. Writing it publishes it as an algorithm."""

    kind: ClassVar[str] = "rule"
    label: ClassVar[str] = _("Alert rule")
    plural: ClassVar[str] = _("Alert rules")
    about: ClassVar[str] = _("What is watched in the measurements, and who is told.")

    title: Annotated[Text, noted(_("Name"), listed=True)]
    called: Annotated[
        Text | None,
        noted(
            _("What is watched, in words"),
            _("As in: the electricity of the school. Made from the names of the series when empty."),
        ),
    ] = None
    service: Annotated[str, noted(_("Public service"), reference="public-service", listed=True)]
    condition: Annotated[Comparison, noted(_("Condition"))]
    tells: Annotated[
        tuple[str, ...],
        noted(_("Services told"), _("The service of the rule when empty."), reference="public-service", listed=True),
    ] = ()
    since: Annotated[
        date | None,
        noted(_("Looks at periods that end from"), _("The day the rule is written when empty."), listed=True),
    ] = None
    active: Annotated[bool, noted(_("Is it in force?"), listed=True)] = True
    origin: Annotated[
        str, noted(_("Taken from"), _("Its name in the shared resources, or the guide it comes from."), max_length=400)
    ] = ""

    @property
    def told(self) -> tuple[str, ...]:
        """The services it tells."""
        return self.tells or (self.service,)
