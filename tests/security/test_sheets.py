"""Files that people open in a spreadsheet run nothing there."""

import pytest

from bocage.domain.inert import inert


@pytest.mark.parametrize("text", ['=cmd|"/c calc"!A1', "@SUM(1)", "+1+1", "-2+3", "\t=1", "\r=1", "-", "=", "\uff1d1"])
def test_what_a_spreadsheet_would_run_stands_after_an_apostrophe(text: str) -> None:
    assert inert(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-5", "+12.3", "-0,5", "Mairie", "", "a=b", "12-3", "'=1"])
def test_numbers_and_plain_words_are_left_alone(text: str) -> None:
    assert inert(text) == text


def test_the_titles_of_a_register_are_cells_and_nothing_else() -> None:
    from datetime import UTC, datetime

    from bocage.domain.declaration import Key
    from bocage.domain.organisation import Organisation
    from bocage.domain.text import Text
    from bocage.registers import sheets
    from bocage.registers.entry import Entry

    body = Organisation(title=Text(fr='=HYPERLINK("http://x.example")'))
    entry = Entry(
        key=Key(territory="ville", kind="organisation", slug="x"),
        version=1,
        body=body,
        author="",
        at=datetime(2026, 11, 23, tzinfo=UTC),
        digest="",
        erased=frozenset(),
        withdrawn=False,
        sequence=1,
    )
    _header, row = sheets.rows(Organisation, [entry])
    assert '\'=HYPERLINK("http://x.example")' in row
