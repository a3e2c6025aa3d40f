"""Holds the catalogues to the messages in use: `python -m bocage.words.check` fails on the first list of faults.

A fault is a message without French, a doubtful (fuzzy) or unused entry, a placeholder that differs, one message said
in two files, or a symbolic sentence that one language lacks.
"""

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from bocage.words.catalogue import sources

PACKAGE = Path(__file__).parent.parent
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "message": None}
OPTIONS = {"**/templates/**.html": {"extensions": "jinja2.ext.i18n,jinja2.ext.do,jinja2.ext.loopcontrols"}}
_SYMBOL = re.compile(r"^[a-z0-9_]+(\.[a-z0-9_-]+)+$")
_PLACE = re.compile(r"%\(\w+\)[sd]|\{\w*\}")


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One catalogue entry: its file, whether it is doubtful, and its texts (several where there are plurals)."""

    file: str
    fuzzy: bool
    texts: tuple[str, ...]


def used(folder: Path = PACKAGE) -> dict[str, str]:
    """Every message marked in code and templates, with the file it was first seen in."""
    found: dict[str, str] = {}
    for file, _line, message, _comments, _context in extract_from_dir(folder, METHODS, OPTIONS, KEYWORDS):
        first = message[0] if isinstance(message, tuple) else message
        if first:
            found.setdefault(first, file)
    return found


Entries = dict[str, list[Entry]]


def entries(lang: str) -> Entries:
    """Every catalogue entry of a language, by message."""
    found: Entries = {}
    for path in sources(lang):
        with path.open("rb") as file:
            for message in read_po(file, locale=lang, abort_invalid=True):
                if message.id:
                    found.setdefault(_first(message), []).append(_entry(path.stem, message))
    return found


def faults(messages: Mapping[str, str], french: Entries, english: Entries) -> list[str]:
    """Everything wrong, one line each."""
    wanted = {**messages, **{name: held[0].file for name, held in english.items()}}
    unspoken = [name for name in sorted(english) if not _SYMBOL.match(name) and name not in messages]
    return [
        *(f"{wanted[name]}: no French for {name!r}" for name in sorted(set(wanted) - set(french))),
        *(_unused(french[name], name) for name in sorted(set(french) - set(wanted))),
        *(_unused(english[name], name) for name in unspoken),
        *(line for name, held in sorted(french.items()) for line in _of_entry(name, held)),
        *(line for name in sorted(set(english) & set(french)) for line in _differ(name, english, french)),
    ]


def _unused(held: list[Entry], name: str) -> str:
    return f"{held[0].file}.po: nobody uses {name!r}"


def _of_entry(name: str, held: list[Entry]) -> Iterator[str]:
    for entry in held:
        if entry.fuzzy:
            yield f"{entry.file}.po: doubtful translation of {name!r}"
        if not all(entry.texts):
            yield f"{entry.file}.po: empty translation of {name!r}"
        elif not _SYMBOL.match(name) and _places(entry.texts[-1:]) != _places((name,)):
            yield f"{entry.file}.po: other placeholders than in {name!r}"
    if len(held) > 1:
        yield f"{', '.join(entry.file for entry in held)}.po: two translations of {name!r}"


def _differ(name: str, english: Entries, french: Entries) -> Iterator[str]:
    if _places(english[name][0].texts[-1:]) != _places(french[name][0].texts[-1:]):
        yield f"{french[name][0].file}.po: other placeholders than in English for {name!r}"


def _places(texts: tuple[str, ...]) -> set[str]:
    return {place for text in texts for place in _PLACE.findall(text)}


def _first(message: Message) -> str:
    return message.id[0] if isinstance(message.id, tuple | list) else str(message.id)


def _entry(file: str, message: Message) -> Entry:
    texts = (message.string,) if isinstance(message.string, str) else tuple(message.string or ("",))
    return Entry(file=file, fuzzy=message.fuzzy, texts=texts)


def main() -> int:
    """Print every fault; 1 when there is one."""
    found = faults(used(), entries("fr"), entries("en"))
    for line in found:
        sys.stdout.write(f"{line}\n")
    sys.stdout.write(f"catalogues: {len(found)} faults\n" if found else "catalogues: complete\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
