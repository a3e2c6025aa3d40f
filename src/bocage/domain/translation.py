"""What a sign says in other languages than French and English, for those who live here or visit."""

from typing import Annotated

import msgspec

from bocage.domain.declaration import noted
from bocage.domain.label import Labelled
from bocage.domain.text import message as _


class Language(Labelled):
    """Languages the font of signs writes whole (ISO 639): of neighbours, of people who live here, of regions."""

    GERMAN = "de", _("German")
    SPANISH = "es", _("Spanish")
    ITALIAN = "it", _("Italian")
    PORTUGUESE = "pt", _("Portuguese")
    DUTCH = "nl", _("Dutch")
    POLISH = "pl", _("Polish")
    ROMANIAN = "ro", _("Romanian")
    TURKISH = "tr", _("Turkish")
    ALBANIAN = "sq", _("Albanian")
    CROATIAN = "hr", _("Croatian")
    CZECH = "cs", _("Czech")
    DANISH = "da", _("Danish")
    FINNISH = "fi", _("Finnish")
    HUNGARIAN = "hu", _("Hungarian")
    LUXEMBOURGISH = "lb", _("Luxembourgish")
    SLOVAK = "sk", _("Slovak")
    SLOVENE = "sl", _("Slovene")
    SWEDISH = "sv", _("Swedish")
    ALSATIAN = "gsw", _("Alsatian")
    BASQUE = "eu", _("Basque")
    BRETON = "br", _("Breton")
    CATALAN = "ca", _("Catalan")
    CORSICAN = "co", _("Corsican")
    OCCITAN = "oc", _("Occitan")
    GUADELOUPEAN_CREOLE = "gcf", _("Creole of Guadeloupe and Martinique")
    GUIANESE_CREOLE = "gcr", _("Creole of French Guiana")
    REUNION_CREOLE = "rcf", _("Creole of Réunion")


class Translation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """The lines of a sign in one more language."""

    language: Annotated[Language, noted(_("Language"))]
    title: Annotated[str, noted(_("What is measured, in three words"), min_length=1)]
    why: Annotated[str, noted(_("Why, in one line"))] = ""
    contact: Annotated[str, noted(_("Who to ask"))] = ""
