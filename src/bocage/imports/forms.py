"""The forms in which what exists may come in, and how each is read."""

from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from bocage.domain.contract import Contract
from bocage.domain.errors import Missing
from bocage.domain.organisation import Organisation
from bocage.domain.purpose import Purpose
from bocage.domain.sensing import Datastream, ObservedProperty, Sensor, Thing
from bocage.domain.text import message as _
from bocage.imports import contracts, processing_register, things
from bocage.imports.plan import Given, Plan


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """One form. `title`, `about`, `takes`: English messages; `kinds` it declares, whoever does it must be allowed to.

    `read` is None for measurements, which need the gate besides (see `deliveries`). `several` files at once.
    """

    id: str
    title: str
    about: str
    takes: str
    suffixes: tuple[str, ...]
    kinds: tuple[str, ...]
    read: Callable[[Given], Plan] | None = None
    several: bool = False


REGISTER: Final = "register"
THINGS: Final = "things"
CONTRACTS: Final = "contracts"
MEASUREMENTS: Final = "measurements"

FORMS: Final[Mapping[str, Form]] = {
    form.id: form
    for form in (
        Form(
            id=MEASUREMENTS,
            title=_("Readings of meters"),
            about=_(
                "The files you download from Enedis or GRDF, or those of any source you declared; several at once."
            ),
            takes=_("CSV, TXT, JSON, Parquet, XLSX or ODS files, or a ZIP archive of them; 32 MB at most, unpacked."),
            suffixes=(".csv", ".tsv", ".txt", ".json", ".ndjson", ".parquet", ".xlsx", ".xls", ".ods", ".zip"),
            kinds=(),
            several=True,
        ),
        Form(
            id=THINGS,
            title=_("Things from a spreadsheet"),
            about=_("One line per series: the thing, its position, what is measured, its unit."),
            takes=_("CSV, XLSX, XLS or ODS; its first line holds the names of the columns."),
            suffixes=(".csv", ".tsv", ".txt", ".xlsx", ".xls", ".ods"),
            kinds=(Thing.kind, Sensor.kind, ObservedProperty.kind, Datastream.kind),
            read=things.read,
        ),
        Form(
            id=REGISTER,
            title=_("Register of processing"),
            about=_("The spreadsheet after the model of the CNIL: its activities become purposes."),
            takes=_("ODS or XLSX, one sheet for each activity, as the model has it."),
            suffixes=(".ods", ".xlsx", ".xls"),
            kinds=(Purpose.kind, Organisation.kind),
            read=processing_register.read,
        ),
        Form(
            id=CONTRACTS,
            title=_("Contracts"),
            about=_("The essential data of your public contracts (DECP), as your buyer profile gives them."),
            takes=_("JSON of the official format, 2.0 or the one before it, or CSV of data.gouv.fr."),
            suffixes=(".json", ".csv", ".txt"),
            kinds=(Contract.kind, Organisation.kind),
            read=contracts.read,
            several=True,
        ),
    )
}


def form_of(name: str) -> Form:
    """The form of that name; Missing when there is none."""
    try:
        return FORMS[name]
    except KeyError:
        raise Missing(_("a form in which something may come in"), name) from None
