"""The section of the settings about backups: at which hour, how many nights, and where copies are taken to."""

from functools import partial
from typing import Any

import msgspec
from django.http import QueryDict

from bocage import words
from bocage.domain.errors import BocageError
from bocage.domain.instance_settings import Backups
from bocage.web.forms.field import Drawing, drawn, tree_of
from bocage.web.forms.read import Read, read
from bocage.web.request import Request

PREFIX = "backups."


def section(request: Request, found: Read | None = None) -> dict[str, Any]:
    """What the page shows of it; `found` is what was typed."""
    now: Backups = request.parts.chosen.now.backups
    tree = found.tree if found else tree_of(Backups, now)
    errors = found.errors if found else {}
    said = partial(words.translate, lang=request.lang)
    drawing = Drawing(choices=lambda kind: (), errors=errors, translate=said)
    return {
        "backups": now,
        "backups_fields": drawn(Backups, tree, drawing, PREFIX),
        "backups_errors": errors,
        "backups_folder": request.parts.backups,
        "machine_now": request.parts.clock().astimezone(),
    }


def keep(request: Request, sent: QueryDict) -> Read:
    """Keep what was typed; what is wrong with it otherwise."""
    found = read(Backups, sent, prefix=PREFIX)
    if found.errors:
        return found
    chosen = request.parts.chosen
    try:
        chosen.choose(msgspec.structs.replace(chosen.now, backups=found.body))
    except BocageError as failure:
        return Read(body=None, errors={"": failure.expected}, tree=found.tree)
    return found
