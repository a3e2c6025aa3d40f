"""Writes docs/registers.md from the code and its short table of readers; `--check` only says whether they agree."""

import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from bocage.domain.declaration import Declaration, Notes, fields
from bocage.domain.kinds import KINDS
from bocage.domain.label import Labelled
from bocage.domain.sensing import ENTITIES
from bocage.domain.text import Text
from bocage.domain.themes import THEMES
from bocage.web.forms.field import UNSEEN
from bocage.web.forms.shape import shape
from bocage.words import translate

DOCS = Path(__file__).parent.parent / "docs"
PAGE, READERS = DOCS / "registers.md", DOCS / "registers.toml"
HEAD = """# Registers

Every kind of declaration: what it holds, what its fields name, and who reads it. `scripts/write_registers.py` writes
this page from the structs of `bocage.domain` and from `registers.toml`, which says who reads each kind: a *gate*
before something happens, a *duty* that looks at the whole territory, a *page*. A reader marked *to come* is asked for
by the model and not built yet.

A field in bold is required. `-> kind` names another declaration, which must exist. Fields marked *person* are kept
outside the chain and can be erased. What ends does not end before it starts: a gate (`coherence`) looks at every pair
of dates. An amendment, a new text of a clause, the next phase of a project are new versions of the same declaration.
"""


def page() -> str:
    """The whole page."""
    readers = tomllib.loads(READERS.read_text("utf-8"))
    return HEAD + "".join(_theme(theme.title, theme.about, theme.kinds, readers) for theme in THEMES)


def _theme(title: str, about: str, kinds: tuple[str, ...], readers: dict[str, list[str]]) -> str:
    all_kinds = {**KINDS, **{one.kind: one for one in ENTITIES}}
    own = "".join(_kind(all_kinds[name], readers.get(name, [])) for name in kinds)
    return f"\n## {title}\n\n{about}\n{own}"


def _kind(kind: type[Declaration], readers: list[str]) -> str:
    seen = "everyone" if kind.public else "agents"
    french = translate(kind.plural, "fr")
    lines = "\n".join(_lines(kind))
    read = "".join(f"- {one}\n" for one in readers) or "- pages of the register\n"
    return (
        f"\n### {kind.plural} (`{kind.kind}`)\n\n{kind.about} In French: {french}. Read by {seen}.\n\n"
        f"| field | what it says | holds |\n|---|---|---|\n{lines}\n\nRead by:\n\n{read}"
    )


def _lines(kind: type[msgspec.Struct], before: str = "") -> Iterator[str]:
    for note in fields(kind):
        if note.name in UNSEEN:
            continue
        name = f"{before}{note.name}"
        said = f"{note.label}. {note.help}".removesuffix(" ").replace("..", ".").replace("?.", "?").replace("|", "/")
        yield f"| {f'**{name}**' if note.required else name} | {said} | {_held(note)} |"
        inner = shape(note.type).of
        if isinstance(inner, type) and issubclass(inner, msgspec.Struct) and inner is not Text:
            yield from _lines(inner, f"{name}.")


def _held(note: Notes) -> str:
    found = shape(note.type)
    if note.reference:
        return f"-> {note.reference}" + (", several" if found.control == "lines" else "")
    if isinstance(found.of, type) and issubclass(found.of, Labelled):
        values = ", ".join(f"`{one.value}`" for one in found.of)
        return values if len(found.of) <= 14 else f"closed list `{found.of.__name__}`"
    words = {"rows": "rows", "group": "group", "text": "text", "answer": "yes, no, not said", "check": "yes or no"}
    said = words.get(found.control, found.control) + (f" ({note.unit})" if note.unit else "")
    return said + (", *person*" if note.personal else "")


def main() -> int:
    """Rewrite the page, or compare it."""
    wanted = page()
    if "--check" in sys.argv:
        return int(not PAGE.exists() or PAGE.read_text("utf-8") != wanted)
    PAGE.write_text(wanted, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
