"""Writes the references that come from the code: `docs/settings.md` and `docs/commands.md`."""

from pathlib import Path

from bocage.assembly import settings
from bocage.cli import main, reference

DOCS = Path(__file__).resolve().parent.parent / "docs"
SETTINGS = """# Settings

One TOML file, read once. Unknown names are errors that name the nearest valid one. The environment holds the path of
the file (`BOCAGE_SETTINGS`) and secrets, nothing else. `scripts/write_reference.py` writes this table from the code.

{table}

## Chosen on the screen

Whoever administers the instance sets these on the page "Settings" of the desk; they hold at once and are kept in
`data/chosen.toml`. What `bocage.toml` says of one of them is not changed on the screen. Secrets lie apart in
`data/keys`; those of the environment (`BOCAGE_SECRET_MAIL`: the password of the mail server; those of brokers are in
[sources](sources.md)) come before them.

{chosen}
"""
COMMANDS = """# Commands

`bocage --settings FILE COMMAND`; the file is `bocage.toml` of the current folder unless told otherwise. While
`bocage serve` runs, commands that touch what it keeps talk to it through a socket of the data folder; otherwise they
take its lock. `scripts/write_reference.py` writes this page from the commands themselves.

Exit codes: 0 done, 1 something was altered (`verify`) or a fault of Bocage, 2 not of the expected form, 3 missing,
4 conflict, 5 refused by a commitment, 6 the machine cannot do it now.

{commands}
"""


def main_() -> None:
    """Write both pages."""
    (DOCS / "settings.md").write_text(
        SETTINGS.format(table=settings.reference(), chosen=settings.chosen_reference()), encoding="utf-8"
    )
    (DOCS / "commands.md").write_text(COMMANDS.format(commands=reference.commands(main.bocage)), encoding="utf-8")


if __name__ == "__main__":
    main_()
