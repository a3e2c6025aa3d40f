"""What somebody else kept, from a file or from an address."""

from pathlib import Path

from bocage.domain.errors import Missing
from bocage.domain.text import message as _

LARGEST = 16 * 1024 * 1024


def taken(where: str) -> bytes:
    """The bytes of a file, or of an address that begins with http; Missing when there is no such file."""
    if where.startswith(("http://", "https://")):
        from bocage.publish.certificate.reaching import Reach  # heavy: only for who asks elsewhere

        home, slash, path = where.partition("://")[2].partition("/")
        return Reach(f"{where.partition('://')[0]}://{home}").get(slash + path)
    path_of = Path(where)
    if not path_of.is_file():
        raise Missing(_("a file or an address"), where)
    with path_of.open("rb") as opened:
        return opened.read(LARGEST)
