"""How a command reaches its instance: the process that serves it, or the folder itself."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bocage.assembly import channel
from bocage.assembly.places import Places
from bocage.assembly.settings import load

ON_ALTERED = ("verify", "backup")  # what must work on registers that nobody can read any more
Tell = Callable[[dict[str, Any]], None]


def _silent(told: dict[str, Any]) -> None:
    """For commands that have nothing to tell on the way."""


def call(path: Path, command: str, values: Mapping[str, Any], tell: Tell = _silent) -> dict[str, Any]:
    """Run a command where the instance is: through the socket while it serves, else with the lock taken."""
    loaded = load(path)
    places = Places(data=loaded.data)
    if channel.served(places.socket):
        return channel.ask(places.socket, command, values, tell)
    from bocage.assembly.instance import opened  # heavy, and of no use while somebody serves

    with opened(loaded, mirrored=command not in ON_ALTERED) as instance:
        from bocage.assembly.commands import run  # tables: only once the instance is open

        return run(instance, command, dict(values), tell)
