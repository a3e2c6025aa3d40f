"""What the commons say beside a declaration: what resembles it, where it was taken from, whether it was given."""

import msgspec

from bocage import commons
from bocage.commons import Shared
from bocage.commons.contributing import givable
from bocage.commons.searching import Like
from bocage.domain.declaration import Declaration
from bocage.domain.experiment import Experiment
from bocage.web.portal.commons import library
from bocage.web.request import Request


class Beside(msgspec.Struct, frozen=True, kw_only=True):
    """`origin`: what it was taken from, `given`: what it is in the commons, as far as the folder holds them."""

    likes: tuple[Like, ...] = ()
    origin: Shared | None = None
    given: Shared | None = None
    givable: bool = False


def likes(request: Request, body: Declaration | None) -> tuple[Like, ...]:
    """Experiments that resemble one whose protocol is not fixed yet: of others, and of here."""
    if not isinstance(body, Experiment) or body.frozen is not None:
        return ()
    return commons.similar(library(request), body)


def beside(request: Request, kind: str, slug: str, body: Declaration) -> Beside:
    """What the page of a declaration says of the commons."""
    held = library(request)
    return Beside(
        likes=likes(request, body),
        origin=held.named.get(commons.origin(body)),
        given=held.named.get(f"{kind}/{request.slug}/{slug}"),
        givable=givable(kind, body),
    )
