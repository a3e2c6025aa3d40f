"""Short names for addresses, made from a title once and never changed."""

import re
import unicodedata


def slug(title: str) -> str:
    """Lower-case letters, digits and single hyphens; at most 60 characters."""
    spelled = unicodedata.normalize("NFKD", title.lower().replace("œ", "oe").replace("æ", "ae"))
    plain = "".join(character for character in spelled if not unicodedata.combining(character))
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-")


def free(title: str, taken: set[str]) -> str:
    """A slug of this title that nothing has yet."""
    stem = slug(title) or "x"
    return next(name for name in (stem, *(f"{stem}-{n}" for n in range(2, 10_000))) if name not in taken)
