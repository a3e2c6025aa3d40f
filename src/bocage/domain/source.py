"""A source: where measurements come from, who runs it, and how its bytes are read."""

from datetime import date
from typing import Annotated, ClassVar

import msgspec

from bocage.domain.broker import Broker
from bocage.domain.declaration import Declaration, noted
from bocage.domain.label import Labelled
from bocage.domain.text import Text
from bocage.domain.text import message as _


class Transport(Labelled):
    """How measurements arrive."""

    PUSH = "push", _("The sender pushes them (HTTP)")
    FILE = "file", _("Files are dropped")
    POLL = "poll", _("An address is read at intervals")
    MQTT = "mqtt", _("A broker passes them on (MQTT)")


class Series(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One measured column of a wide file: the column, and the part of the key it gives; `text` when it holds words."""

    column: Annotated[str, noted(_("Column"), _("payload.* stands for every column of numbers below payload."))]
    key: Annotated[str, noted(_("Part of the key it gives"), _("The name of the column when empty."))] = ""
    factor: Annotated[float, noted(_("Multiplied by"))] = 1.0
    offset: Annotated[float, noted(_("Then added"))] = 0.0
    text: Annotated[bool, noted(_("Does it hold words?"))] = False


class Mapping(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """How rows become readings: declared once, tried in the preview, kept with the source.

    The key of a reading is `key` with {column} replaced by the row's values, then the series' own key.
    Units are brought to the datastream's by factor and offset (value * factor + offset).
    """

    key: Annotated[str, noted(_("Key of the series"), _("May hold column names in braces: {channel_id}."))] = ""
    time: Annotated[
        str,
        noted(
            _("Column of the time"),
            _("Several columns are joined with braces around each name. Empty: the time of arrival."),
        ),
    ] = "time"
    end: Annotated[str, noted(_("Column of the end of the interval"))] = ""
    time_format: Annotated[
        str, noted(_("Form of the time"), _("ISO 8601 when empty; %d/%m/%Y %H:%M for French dates."))
    ] = ""
    zone: Annotated[str, noted(_("Time zone of times without one"))] = ""
    interval_seconds: Annotated[int, noted(_("Length of an interval whose end is not written"), unit="s", ge=0)] = 0
    interval_months: Annotated[
        int, noted(_("Length of an interval whose end is not written, in whole months"), unit="months", ge=0)
    ] = 0
    series: Annotated[tuple[Series, ...], noted(_("Measured columns"))] = ()
    delimiter: Annotated[str, noted(_("Column separator"), _("Found by itself when empty."), max_length=1)] = ""
    decimal: Annotated[str, noted(_("Decimal sign"), max_length=1)] = "."
    encoding: Annotated[str, noted(_("Encoding"), _("Found by itself when empty: UTF-8 or Windows-1252."))] = ""
    sheet: Annotated[str, noted(_("Sheet of the workbook"))] = ""
    rows: Annotated[
        str, noted(_("Path of the list inside a JSON document"), _("Dots between names: counts, or data.items."))
    ] = ""
    missing: Annotated[tuple[str, ...], noted(_("Words that mean: no value"))] = ("", "NA", "null", "mq")


class Source(Declaration, frozen=True, kw_only=True):
    """A sender, a folder, an address or the topics of a broker, under one purpose."""

    kind: ClassVar[str] = "source"
    label: ClassVar[str] = _("Source")
    plural: ClassVar[str] = _("Sources")
    about: ClassVar[str] = _("Where measurements come from and who runs it.")

    title: Annotated[Text, noted(_("Name"), listed=True)]
    plugin: Annotated[str, noted(_("Format"), listed=True)] = "bocage-json"
    transport: Annotated[Transport, noted(_("How measurements arrive"), listed=True)] = Transport.PUSH
    purpose: Annotated[str, noted(_("Purpose"), reference="purpose", listed=True)] = ""
    operator: Annotated[
        str, noted(_("Run by"), _("Empty when the territory runs it itself."), reference="organisation")
    ] = ""
    hosting: Annotated[str, noted(_("Hosted at"), reference="hosting-site")] = ""
    dataset: Annotated[
        str,
        noted(_("Dataset of new series"), _("Series that the sender makes itself belong to it."), reference="dataset"),
    ] = ""
    may_correct: Annotated[bool, noted(_("May it correct what it sent?"))] = False
    pseudonyms: Annotated[
        bool,
        noted(
            _("Do its words name a person, a vehicle or a device?"),
            _(
                "Badge, plate, address of a device: each word becomes a pseudonym of the day before anything is kept, "
                "and its key is destroyed within the hour once the day is over. That is still personal data."
            ),
        ),
    ] = False
    mapping: Annotated[Mapping, noted(_("Reading of the rows"))] = Mapping()
    address: Annotated[str, noted(_("Address to read"), pattern=r"^(https?://.*)?$")] = ""
    every_seconds: Annotated[int, noted(_("Read every"), unit="s", ge=10)] = 900
    broker: Annotated[
        Broker | None, noted(_("Broker listened to"), _("User, password and certificates are given on its page."))
    ] = None
    running_since: Annotated[date | None, noted(_("Runs since (date), when it ran before Bocage"))] = None
    licence: Annotated[str, noted(_("Licence of what it gives"))] = ""
    attribution: Annotated[str, noted(_("Attribution to show"))] = ""
    replayed: Annotated[
        bool, noted(_("Measurements of elsewhere, replayed"), _("Only in an invented territory; shown on every page."))
    ] = False
