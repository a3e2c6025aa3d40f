"""The Table Schemas Bocage writes itself, where schema.data.gouv.fr has none: algorithms, sensors in public space."""

from importlib import resources

from bocage.domain.errors import Missing
from bocage.domain.text import message as _

ALGORITHMS = "algorithmes"
SENSORS = "capteurs-espace-public"
NAMES = (ALGORITHMS, SENSORS)
FILES = {"schema.json": "application/json", "exemple-valide.csv": "text/csv", "exemple-invalide.csv": "text/csv"}


def part(name: str, file: str) -> bytes:
    """A schema, or one of its two examples; Missing when there is none of that name."""
    if name not in NAMES or file not in FILES:
        raise Missing(_("a schema of Bocage"), f"{name}/{file}")
    return resources.files(__package__).joinpath(name, file).read_bytes()
