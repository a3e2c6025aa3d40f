"""A large workbook is looked at by its first and last lines, found without reading the cells between them."""

import io
import zipfile

from bocage.sources.xlsx.ends import EACH, ends
from bocage.sources.xlsx.workbook import lines

FIRST = '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'


def book(rows: int, *, numbered: bool = True, after: str = "") -> bytes:
    """A workbook of one sheet of numbers, in as few members as it may have."""
    cells = "".join(
        f'<row r="{row}"><c r="A{row}"><v>{row}</v></c><c r="C{row}"><v>{row * 2}</v></c></row>'
        if numbered
        else f"<row><c><v>{row}</v></c></row>"
        for row in range(1, rows + 1)
    )
    main, office = "http://schemas.openxmlformats.org", "officeDocument/2006/relationships"
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in {
            "[Content_Types].xml": f'<Types xmlns="{main}/package/2006/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName='
            f'"/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/><Override PartName='
            f'"/xl/worksheets/sheet1.xml" ContentType="{kinds}.worksheet+xml"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{main}/package/2006/relationships"><Relationship Id="a" '
            f'Type="{main}/{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{main}/spreadsheetml/2006/main" xmlns:r="{main}/{office}"><sheets>'
            '<sheet name="Relevés" sheetId="1" r:id="b"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{main}/package/2006/relationships"><Relationship '
            f'Id="b" Type="{main}/{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
            "xl/worksheets/sheet1.xml": f"{FIRST}<dimension ref='A1:C{rows}'/><sheetData>{cells}</sheetData>{after}"
            "</worksheet>",
        }.items():
            archive.writestr(name, text)
    return held.getvalue()


def test_the_ends_of_a_large_sheet_are_read_as_lines_that_follow_each_other() -> None:
    whole = book(40_000)
    found = lines(ends(whole))
    assert found[:500] == [[float(row), "", row * 2.0] for row in range(1, 501)]
    assert found[-500:] == [[float(row), "", row * 2.0] for row in range(39_501, 40_001)]
    assert len(found) < 20_000
    assert all(any(cell != "" for cell in line) for line in found)


def test_lines_without_numbers_have_ends_too() -> None:
    found = lines(ends(book(40_000, numbered=False)))
    assert (found[0], found[-1]) == ([1.0], [40_000.0])


def test_what_has_no_ends_that_are_told_apart_stays_as_it_is() -> None:
    beyond = book(40_000, after=f"<mergeCells><!--{'x' * EACH}--></mergeCells>")
    for other in (book(3), beyond, b"PK\x03\x04 no archive", b"\xd0\xcf\x11\xe0 an old one", book(40_000)[:-40]):
        assert ends(other) == other
