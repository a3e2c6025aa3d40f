"""A table read column by column has the cells it has when it is read row by row."""

from hypothesis import given
from hypothesis import strategies as st

from bocage.domain.text_table import text_cells, text_columns

CELL = st.sampled_from(
    ["", "a", "1,5", "é", '"b"', '""', '"c,d"', '"e""f"', '"g\nh"', 'i"j', ' "k"', '"l" ', '"', "\r"]
)
ROWS = st.lists(st.lists(CELL, min_size=2, max_size=3), min_size=1, max_size=4)


@given(rows=ROWS, separator=st.sampled_from([",", ";", "\t"]), end=st.sampled_from(["\n", "\r\n"]))
def test_columns_are_those_of_the_rows_or_none(rows: list[list[str]], separator: str, end: str) -> None:
    sent = end.join(separator.join(row) for row in [["time", '"value"'], *rows]).encode()
    found = text_columns(sent, "utf-8", separator)
    if found is not None:
        lines = text_cells(sent, "utf-8", separator)
        assert (found[0], [list(row) for row in zip(*found[1], strict=True)]) == (lines[0], lines[1:])


def test_quotation_marks_that_mean_nothing_are_no_hindrance() -> None:
    sent = b'"time","value"\r\n"2026-01-01","1.5"\r\n2026-01-02,""\r\n'
    assert text_columns(sent) == (["time", "value"], [["2026-01-01", "2026-01-02"], ["1.5", ""]])
    for odd in ('"a""b"', '"a,b"', '"a\nb"', 'a"b"', '"a" '):
        assert text_columns(f"time,value\n1,{odd}\n".encode()) is None
