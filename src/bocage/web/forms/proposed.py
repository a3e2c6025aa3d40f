"""Fields as they are proposed, in the form in which a browser would send them back untouched."""

from collections.abc import Iterable

from django.http import QueryDict

from bocage.web.forms.field import Field


def sent(fields: Iterable[Field]) -> QueryDict:
    """What would be sent of these fields."""
    out = QueryDict(mutable=True)
    for field in fields:
        _put(out, field)
    return out


def _put(out: QueryDict, field: Field) -> None:
    if field.control in ("group", "rows", "row", "unit"):
        for part in field.parts:
            _put(out, part)
    if field.control == "unit":
        out[f"{field.path}.usual"] = field.value
    elif field.control == "text":
        out.update({f"{field.path}.{lang}": said for lang, said in field.value.items()})
    elif field.control == "position":
        out.update({f"{field.path}.{place}": number for place, number in enumerate(field.value)})
    elif field.control in ("choices", "many"):
        out[f"{field.path}.any"] = "1"
        out.setlist(field.path, list(field.value))
    elif not field.parts and (field.control != "check" or field.value in ("yes", "True")):
        out[field.path] = field.value
