"""Looking for words over everything that is public of a territory."""

from bocage.publish.search.finding import Found, Hit, found
from bocage.publish.search.gathering import Entry
from bocage.publish.search.index import Index, indexed

__all__ = ["Entry", "Found", "Hit", "Index", "found", "indexed"]
