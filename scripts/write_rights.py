"""Writes the tables of docs/rights.md again from the code; `--check` only says whether they agree."""

import sys
import tempfile
from pathlib import Path

from bocage import relational

PAGE = Path(__file__).parent.parent / "docs" / "rights.md"


def main() -> int:
    """Rewrite the page, or compare it."""
    relational.configure(Path(tempfile.gettempdir()))
    from bocage.accounts.document import rewritten

    present = PAGE.read_text("utf-8")
    wanted = rewritten(present)
    if "--check" in sys.argv:
        return int(present != wanted)
    PAGE.write_text(wanted, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
