"""A model as a folder of files, `<kind>/<slug>.toml`, written like declarations with places to fill."""

from pathlib import Path

from bocage.domain.declaration import is_slug, slug_of
from bocage.domain.errors import Invalid, Missing
from bocage.domain.text import Text
from bocage.domain.text import message as _
from bocage.evidence.models import sizes
from bocage.evidence.models.draft import Model, checked, read


def named(name: str) -> Model:
    """The model of a folder, or the starting set of that name; Missing when there is neither."""
    for size in sizes.sizes():
        if size.code == name:
            return sizes.model(size)
    folder = Path(name)
    if not folder.is_dir():
        known = ", ".join(size.code for size in sizes.sizes())
        raise Missing(_("a folder, or a starting set"), name, _("there is: {there}"), there=known)
    return _read(folder, folder.resolve().name)


def _read(folder: Path, title: str) -> Model:
    files = sorted(folder.glob("*/*.toml"))
    if not files:
        raise Invalid(_("a folder of files <kind>/<slug>.toml"), str(folder))
    drafts = [read(path.parent.name, path.stem, _text(path)) for path in files]
    slug = slug_of(title)[:100]
    if not is_slug(slug):
        raise Invalid(_("a title with letters or digits"), title, field="title")
    return Model(slug=slug, title=Text(fr=title), drafts=checked(drafts))


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (UnicodeDecodeError, OSError) as error:
        raise Invalid(_("a text in UTF-8"), f"{path}: {error}") from error
