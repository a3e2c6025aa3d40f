"""A technology in use or wanted: for what, for how long, how important, from where, open or not."""

from datetime import date
from typing import Annotated, ClassVar

import msgspec

from bocage.domain.declaration import Declaration, noted
from bocage.domain.label import Labelled
from bocage.domain.text import Text
from bocage.domain.text import message as _


class TechnologyFamily(Labelled):
    """Which part of the chain it is."""

    SENSOR = "sensor", _("Sensor or equipment")
    NETWORK = "network", _("Network")
    SOFTWARE = "software", _("Software")
    HOSTING = "hosting", _("Hosting")


class Horizon(Labelled):
    """For how long it is chosen."""

    SHORT = "short", _("Less than two years")
    MEDIUM = "medium", _("Two to five years")
    LONG = "long", _("More than five years")


class Importance(Labelled):
    """What would happen without it."""

    LOW = "low", _("It can be replaced at once")
    MEDIUM = "medium", _("The service would be poorer")
    STRATEGIC = "strategic", _("The service would stop")


class Maturity(Labelled):
    """How far it is known."""

    RESEARCH = "research", _("Research")
    PROTOTYPE = "prototype", _("Prototype")
    PROVEN = "proven", _("Proven in a few places")
    MATURE = "mature", _("Mature: in everyday use elsewhere")


class Origin(Labelled):
    """Where its maker is."""

    LOCAL = "local", _("The territory or its region")
    NATIONAL = "national", _("France")
    EUROPEAN = "european", _("European Union")
    OTHER = "other", _("Elsewhere")


class Technology(Declaration, frozen=True, kw_only=True):
    """One technology, with what one must know to replace it in time."""

    kind: ClassVar[str] = "technology"
    label: ClassVar[str] = _("Technology")
    plural: ClassVar[str] = _("Technologies")
    about: ClassVar[str] = _("Sensors, networks, software, hosting: for what use, for how long, from whom.")

    title: Annotated[Text, noted(_("Name"), listed=True)]
    family: Annotated[TechnologyFamily, noted(_("Part of the chain"), listed=True)]
    use: Annotated[Text | None, noted(_("Used for"))] = None
    supplier: Annotated[str, noted(_("Supplier"), reference="organisation", listed=True)] = ""
    origin: Annotated[Origin | None, noted(_("Where its maker is"), listed=True)] = None
    open_source: Annotated[
        bool | None, noted(_("Is its source code open?"), _("Published under a free licence."), listed=True)
    ] = None
    maturity: Annotated[Maturity | None, noted(_("Maturity"), listed=True)] = None
    horizon: Annotated[Horizon | None, noted(_("Chosen for"))] = None
    importance: Annotated[Importance | None, noted(_("Without it"))] = None
    since: Annotated[date | None, noted(_("In use since"))] = None
    amortisation_months: Annotated[
        Annotated[int, msgspec.Meta(ge=1, le=1200)] | None, noted(_("Paid off over"), unit="months")
    ] = None
    support_ends: Annotated[
        date | None, noted(_("End of support"), _("After that day nobody mends its faults."), listed=True)
    ] = None
    sources: Annotated[
        tuple[str, ...],
        noted(_("Sources that use it"), _("Their series weigh in the share of each supplier."), reference="source"),
    ] = ()
