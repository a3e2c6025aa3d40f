"""A data schema: how a dataset is written, so that others read it without asking."""

from typing import Annotated, ClassVar

from bocage.domain.declaration import Declaration, noted
from bocage.domain.label import Labelled
from bocage.domain.text import Text
from bocage.domain.text import message as _


class SchemaForm(Labelled):
    """In which language a schema is written."""

    TABLE_SCHEMA = "table-schema", _("Table Schema")
    JSON_SCHEMA = "json-schema", _("JSON Schema")
    NGSI_LD = "ngsi-ld", _("NGSI-LD data model")
    SENSORTHINGS = "sensorthings", _("OGC SensorThings")
    XML_SCHEMA = "xml-schema", _("XML Schema")


class DataSchema(Declaration, frozen=True, kw_only=True):
    """One schema; datasets name the one they follow."""

    kind: ClassVar[str] = "data-schema"
    label: ClassVar[str] = _("Data schema")
    plural: ClassVar[str] = _("Data schemas")
    about: ClassVar[str] = _("How the data are written, so that everyone reads them the same way.")

    title: Annotated[Text, noted(_("Name"), listed=True)]
    form: Annotated[SchemaForm, noted(_("Form"), listed=True)]
    edition: Annotated[str, noted(_("Version"), _("The one that is followed."), max_length=40, listed=True)] = ""
    publisher: Annotated[str, noted(_("Published by"), reference="organisation")] = ""
    link: Annotated[str, noted(_("Link to the text"), pattern=r"^(https?://.*)?$")] = ""
    semantics: Annotated[
        Text | None, noted(_("What its words mean"), _("Units, identifiers, vocabularies it rests on."))
    ] = None
    origin: Annotated[
        str, noted(_("Taken from"), _("Its name in the shared resources, or the guide it comes from."), max_length=400)
    ] = ""
