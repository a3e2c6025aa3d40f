"""Somebody recorded another version while one was writing: theirs, yours, and the choice."""

from collections.abc import Mapping

from django.http import HttpResponse

from bocage.domain.declaration import Declaration
from bocage.web.desk import registers
from bocage.web.desk.reach import facts_of
from bocage.web.forms.field import tree_of
from bocage.web.page import page
from bocage.web.request import Request

_OURS = frozenset({"csrfmiddlewaretoken", "expected", "again"})


def compared(
    request: Request, yours: Declaration, present: registers.Held, form: str, said: Mapping[str, str] | None = None
) -> HttpResponse:
    """What is recorded now beside what was sent; `form`: the address both ways out lead to.

    `said`: "theirs" and "yours" as one sentence each, where a declaration has one.
    """
    struct = type(yours)
    trees = tree_of(struct, present.body), tree_of(struct, yours)
    labels = {note.name: note for note in registers.notes(struct)}
    differing = [
        (labels[name], getattr(present.body, name), getattr(yours, name))
        for name in labels
        if trees[0].get(name) != trees[1].get(name) and name != "id"
    ]
    values = {
        "struct": struct,
        "present": present,
        "form": form,
        "said": said,
        "differing": differing,
        "declared": facts_of(request).declared,
        "sent": [(name, value) for name, held in request.POST.lists() for value in held if name not in _OURS],
    }
    return page(request, "desk/conflict.html", values, status=409)
