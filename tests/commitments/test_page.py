"""The page of promises says what the code does."""

import importlib.util
from pathlib import Path

SCRIPT = Path(__file__).resolve().parent.parent.parent / "scripts" / "write_promises.py"


def test_the_page_of_promises_is_the_one_of_the_code() -> None:
    spec = importlib.util.spec_from_file_location("write_promises", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    writing = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(writing)
    assert writing.PAGE.read_text("utf-8") == writing.page(), "run scripts/write_promises.py"
