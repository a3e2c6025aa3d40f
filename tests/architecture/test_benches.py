"""Every bench is run by `make bench` or by its name, and its figures are told in docs/performance.md."""

from pathlib import Path

import pytest

BENCH = Path(__file__).resolve().parent.parent.parent / "bench"
PAGE = BENCH.parent / "docs" / "performance.md"
BENCHES = sorted(path.stem for path in BENCH.glob("*.py") if "def main()" in path.read_text("utf-8"))


@pytest.mark.parametrize("name", [name for name in BENCHES if name not in {"__main__", "instance"}])
def test_every_bench_is_told_in_the_page_of_figures(name: str) -> None:
    assert f"`{name}`" in PAGE.read_text("utf-8")
