"""Which packages have tables, and how Django finds them: in `tables`, not in `models`."""

from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import cast

from django.apps import AppConfig

PACKAGES = (
    "accounts",
    "outbox",
    "jobs",
    "upkeep",
    "registers",
    "sensing",
    "ingest",
    "steer",
    "civic",
    "orders",
    "evidence",
    "imports",
    "publish",
)


class TablesConfig(AppConfig, str):
    """One package with tables, imported only when Django has read all names.

    So the package's own face may import its tables, which Django forbids while it is still listing apps.
    It is a string too, its name: tools that list the installed apps write them down.
    """

    def __new__(cls, name: str, folder: Path) -> "TablesConfig":
        return str.__new__(cls, name)

    def __init__(self, name: str, folder: Path) -> None:
        self.path = str(folder)
        super().__init__(name, cast(ModuleType, None))

    def import_models(self) -> None:
        """Load `tables`, and then the package as Django expects to know it."""
        if self.apps is None:
            raise LookupError(f"{self.name} is not yet listed")
        self.models = self.apps.all_models[self.label]
        self.models_module = import_module(f"{self.name}.tables")
        self.module = import_module(self.name)


def with_tables() -> list[TablesConfig]:
    """The packages of this installation that have tables."""
    root = Path(__file__).parent.parent
    return [
        TablesConfig(f"bocage.{package}", root / package)
        for package in PACKAGES
        if (root / package / "tables.py").exists()
    ]
