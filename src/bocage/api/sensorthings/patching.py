"""JSON Patch (RFC 6902): what a document becomes by the operations of a patch."""

import copy
from collections.abc import Sequence
from typing import Any

from bocage.api.problem import Stopped
from bocage.domain.text import message as _

MEDIA_TYPE = "application/json-patch+json"


def patched(document: Any, operations: Any) -> Any:
    """A copy of the document with all operations done; 400 when one cannot be, 409 when a test fails."""
    if not isinstance(operations, list):
        raise _unfit()
    held = copy.deepcopy(document)
    for one in operations:
        if not isinstance(one, dict) or not isinstance(one.get("path"), str):
            raise _unfit()
        held = _done(held, one)
    return held


def _done(document: Any, one: dict[str, Any]) -> Any:
    operation, path = one.get("op"), _parts(one["path"])
    if operation in ("move", "copy"):
        source = _parts(str(one.get("from", "")))
        value = copy.deepcopy(_found(document, source))
        document = _removed(document, source) if operation == "move" else document
        return _added(document, path, value)
    if operation == "remove":
        return _removed(document, path)
    if operation == "test":
        if _found(document, path) != one.get("value"):
            raise Stopped(409, _("The patch tests for another value than the one that is there."))
        return document
    if operation in ("add", "replace") and "value" in one:
        if operation == "replace":
            _found(document, path)
            document = _removed(document, path) if path else document
        return _added(document, path, one["value"])
    raise _unfit()


def _parts(pointer: str) -> list[str]:
    if pointer and not pointer.startswith("/"):
        raise _unfit()
    return [one.replace("~1", "/").replace("~0", "~") for one in pointer.split("/")[1:]]


def _found(document: Any, path: Sequence[str]) -> Any:
    for name in path:
        if isinstance(document, dict) and name in document:
            document = document[name]
        elif isinstance(document, list) and name.isdigit() and int(name) < len(document):
            document = document[int(name)]
        else:
            raise _unfit()
    return document


def _removed(document: Any, path: Sequence[str]) -> Any:
    if not path:
        return None
    _found(document, path)
    holder = _found(document, path[:-1])
    del holder[int(path[-1]) if isinstance(holder, list) else path[-1]]
    return document


def _added(document: Any, path: Sequence[str], value: Any) -> Any:
    if not path:
        return value
    holder, name = _found(document, path[:-1]), path[-1]
    if isinstance(holder, dict):
        holder[name] = value
    elif isinstance(holder, list) and (name == "-" or (name.isdigit() and int(name) <= len(holder))):
        holder.insert(len(holder) if name == "-" else int(name), value)
    else:
        raise _unfit()
    return document


def _unfit() -> Stopped:
    return Stopped(400, _("A JSON Patch is a list of operations (RFC 6902) on what is there."))
