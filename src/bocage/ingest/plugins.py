"""Finds the source plug-ins: those that ship by name, those of others by entry point."""

import importlib
import pkgutil
from collections.abc import Iterable, Mapping
from importlib.metadata import EntryPoint, entry_points

from bocage.domain.errors import Conflict, Missing
from bocage.domain.plugin import Plugin
from bocage.domain.text import message as _
from bocage.ingest import json_lines, parquet

SHIPPED = "bocage.sources"
GROUP = "bocage.sources"


def found(others: Iterable[EntryPoint] | None = None) -> Mapping[str, Plugin]:
    """Every plug-in by its id. Conflict when two claim one id: none may replace another in silence."""
    names = [f"{SHIPPED}.{module.name}" for module in pkgutil.iter_modules(importlib.import_module(SHIPPED).__path__)]
    plugins: list[Plugin] = [importlib.import_module(name).PLUGIN for name in sorted(names)]
    plugins.append(parquet.PLUGIN)
    plugins += [entry.load() for entry in (entry_points(group=GROUP) if others is None else others)]
    by_id: dict[str, Plugin] = {}
    for plugin in plugins:
        if plugin.id in by_id:
            raise Conflict("one plug-in for each id", found=plugin.id, remedy="remove one of the two packages")
        by_id[plugin.id] = plugin
    return by_id


def lined(media_type: str) -> bool:
    """Whether what says this form comes in lines, of which there may be any number."""
    return media_type in json_lines.MEDIA_TYPES or media_type in ("text/csv", "text/tab-separated-values")


def choose(plugins: Mapping[str, Plugin], declared: str, media_type: str = "", suffix: str = "") -> Plugin:
    """The plug-in for some bytes: the declared one, unless what was sent says it is a form only another reads."""
    if suffix.lower() in json_lines.SUFFIXES or (not suffix and media_type in json_lines.MEDIA_TYPES):
        return json_lines.by_line(choose(plugins, declared, json_lines.JSON))
    if declared not in plugins:
        raise Missing(_("a known format"), found=declared, remedy=", ".join(sorted(plugins)))
    plugin = plugins[declared]
    if suffix:
        fits, wanted = suffix.lower() in plugin.suffixes, suffix.lower()
        others = [other for other in plugins.values() if wanted in other.suffixes]
    else:
        fits, wanted = media_type in plugin.media_types, media_type
        others = [other for other in plugins.values() if wanted in other.media_types]
    return plugin if fits or not others else others[0]
