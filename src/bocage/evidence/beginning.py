"""The first declarations of a territory, from the files of the State: itself, its organisation, a hosting site."""

import re
import unicodedata
from pathlib import Path

from bocage.domain.errors import Invalid
from bocage.domain.hosting_site import HostingSite
from bocage.domain.organisation import Organisation, luhn
from bocage.domain.territory import Territory
from bocage.domain.text import Text
from bocage.domain.text import message as _
from bocage.registers import files, official
from bocage.registers.files import Filed

OWN_SITE = "salle-informatique"


def slug_of(name: str) -> str:
    """A name as a slug: Saint-Étienne gives saint-etienne."""
    plain = unicodedata.normalize("NFKD", name.replace("œ", "oe").replace("Œ", "Oe"))
    letters = plain.encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")


def init(insee: str, folder: Path) -> Territory:
    """Write the first files of a territory into an empty folder; Missing when no file knows the code."""
    if folder.exists() and any(folder.glob("*/*.toml")):
        raise Invalid(_("a folder without declarations"), str(folder), _("choose another folder"))
    territory = official.territory(insee)
    files.write(folder, first(insee, territory))
    return territory


def first(insee: str, territory: Territory) -> list[Filed]:
    """The first declarations. The hosting site is a guess everybody starts from: the page says to correct it."""
    slug, siren = slug_of(territory.title.fr), official.siren(insee)
    own = Organisation(title=territory.title, siren=siren if len(siren) == 9 and luhn(siren) else "")
    site = HostingSite(
        title=Text(fr="Salle informatique de la collectivité", en="Own server room"), country="FR", operator=slug
    )
    return [
        Filed(kind=Territory.kind, slug=slug, body=territory),
        Filed(kind=Organisation.kind, slug=slug, body=own),
        Filed(kind=HostingSite.kind, slug=OWN_SITE, body=site),
    ]
