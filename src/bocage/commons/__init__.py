"""What territories share: a folder of plain files, read, searched, adopted and contributed to."""

from bocage.commons.adopting import Adopted, Choice, adopted, needs, origin
from bocage.commons.contributing import Offer, offered, put, take_out
from bocage.commons.folder import read
from bocage.commons.library import Library
from bocage.commons.pack import Pack
from bocage.commons.resource import LICENCES, SHARED, Card, Shared, Wanted
from bocage.commons.searching import found, similar
from bocage.commons.shelf import Shelf

__all__ = [
    "LICENCES",
    "SHARED",
    "Adopted",
    "Card",
    "Choice",
    "Library",
    "Offer",
    "Pack",
    "Shared",
    "Shelf",
    "Wanted",
    "adopted",
    "found",
    "needs",
    "offered",
    "origin",
    "put",
    "read",
    "similar",
    "take_out",
]
