"""Workbooks of a few bytes that ask for all that a machine has: the process that reads them ends, not ours."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bocage.domain.errors import PayloadError
from bocage.sources.xlsx.workbook import lines

_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_NAMES = "http://schemas.openxmlformats.org"
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_NAMES}/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPES}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_NAMES}/package/2006/relationships"><Relationship Id="rId1" '
    f'Type="{_NAMES}/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_NAMES}/spreadsheetml/2006/main" '
    f'xmlns:r="{_NAMES}/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets>'
    "</workbook>",
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_NAMES}/package/2006/relationships"><Relationship '
    f'Id="rId1" Type="{_NAMES}/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_NAMES}/officeDocument/2006/relationships/sharedStrings" '
    'Target="sharedStrings.xml"/></Relationships>',
}


def workbook(cells: str, words: str = "") -> bytes:
    """A workbook of one sheet with these rows."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in PARTS.items():
            archive.writestr(name, text)
        main = f"{_NAMES}/spreadsheetml/2006/main"
        archive.writestr(
            "xl/worksheets/sheet1.xml", f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>'
        )
        archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{main}"><si><t>{words}</t></si></sst>')
    return held.getvalue()


def row(number: int, *cells: tuple[str, int]) -> str:
    inner = "".join(f'<c r="{column}{number}"><v>{value}</v></c>' for column, value in cells)
    return f'<row r="{number}">{inner}</row>'


def test_a_workbook_is_read() -> None:
    assert lines(workbook(row(1, ("A", 1), ("B", 2)) + row(2, ("A", 3), ("B", 4)))) == [[1.0, 2.0], [3.0, 4.0]]


def test_two_cells_at_the_corners_of_a_sheet_do_not_fill_the_memory() -> None:
    with pytest.raises(PayloadError):
        lines(workbook(row(1, ("A", 1)) + row(1_048_576, ("XFD", 1))))


def test_one_long_word_in_every_cell_does_not_fill_the_memory() -> None:
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 2_000))
    with pytest.raises(PayloadError):
        lines(workbook(cells, words="x" * 1_000_000))


def test_a_sheet_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(PayloadError) as told:
        lines(workbook(row(1, ("A", 1))), "Autre")
    assert told.value.found == "S"


@settings(max_examples=10, deadline=None)
@given(st.sampled_from([b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b""]), st.binary(max_size=600))
def test_any_bytes_are_a_workbook_or_none(head: bytes, sent: bytes) -> None:
    try:
        lines(head + sent)
    except PayloadError:
        return


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1200), st.binary(min_size=1, max_size=8))
def test_a_workbook_with_a_fault_is_a_workbook_or_none(at: int, fault: bytes) -> None:
    whole = workbook(row(1, ("A", 1)))
    try:
        lines(whole[:at] + fault + whole[at + len(fault) :])
    except PayloadError:
        return
