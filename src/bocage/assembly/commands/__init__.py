"""What commands do inside an instance, in the serving process or with the lock taken; each gives plain values."""

from collections.abc import Callable, Mapping
from typing import Any

from bocage import relational
from bocage.assembly.commands import certificates, declared, models, people, shared, upkeep
from bocage.assembly.instance import Instance
from bocage.domain.errors import Missing, Unavailable
from bocage.domain.text import message as _

Tell = Callable[[dict[str, Any]], None]
Command = Callable[[Instance, dict[str, Any], Tell], dict[str, Any]]

COMMANDS: Mapping[str, Command] = {
    **declared.COMMANDS,
    **certificates.COMMANDS,
    **models.COMMANDS,
    **people.COMMANDS,
    **shared.COMMANDS,
    **upkeep.COMMANDS,
}


def run(instance: Instance, name: str, values: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """Run a command by its name; Missing when there is none of that name."""
    if name not in COMMANDS:
        raise Missing(_("a command"), name)
    try:
        return COMMANDS[name](instance, values, tell)
    except relational.FAILURES as error:
        raise relational.unavailable(error) from error
    except (PermissionError, FileNotFoundError) as error:
        remedy = _("put it under the folder of the instance: the process that serves has rights of its own")
        raise Unavailable(_("a file this process can reach"), str(error), remedy) from error
