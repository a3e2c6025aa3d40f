"""Short names for addresses, made from a title once and never changed."""

from bocage.domain.declaration import slug_of


def slug(title: str) -> str:
    """Lower-case letters, digits and single hyphens; at most 60 characters."""
    return slug_of(title)[:60].strip("-")


def free(title: str, taken: set[str]) -> str:
    """A slug of this title that nothing has yet."""
    stem = slug(title) or "x"
    return next(name for name in (stem, *(f"{stem}-{n}" for n in range(2, 10_000))) if name not in taken)
