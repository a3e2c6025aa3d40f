"""PDF made in a process of its own: accessible, the same each time, deaf to what is written in values."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
import pypdfium2
import pytest
import zxingcpp

from bocage.domain.errors import Unavailable
from bocage.publish import paper
from bocage.publish.paper import apart, press

ADDRESS = "https://donnees.exemple.fr/montlieu/capteurs/affichettes/compteur-de-l-ecole"
SIGNS = '#panic("read") $x^2$ *bold* _thin_ @who <label> `code` // note \\ [a] {b} "q" #{1+1} #sys.inputs'


def values(what: str = "Électricité", why: str = "Éteindre la nuit", **changed: Any) -> dict[str, Any]:
    """What a sign of one language shows."""
    one = {
        "picture": "qr",
        "code": "Code à scanner",
        "address": ADDRESS.partition("://")[2],
        "place": "",
        "contact": "Mairie",
        "said": [{"language": "fr", "what": what, "why": why, "contact": ""}],
    }
    found = {
        "title": "Affichette",
        "language": "fr",
        "size": "a4",
        "territory": "Montlieu",
        "signs": [one],
        "words": {"here": "Ici, on mesure :", "ask": "Une question ?", "more": "Tout savoir"},
    }
    return found | changed


def made(**changed: Any) -> bytes:
    return paper.pdf("sign", values(**changed), {"qr": paper.qr(ADDRESS)})


def shown(document: bytes) -> str:
    """The text a reader finds in it."""
    with pypdfium2.PdfDocument(document) as read:
        return "\n".join(page.get_textpage().get_text_bounded() for page in read)


def scanned(document: bytes) -> list[str]:
    """What a telephone reads on its first page."""
    with pypdfium2.PdfDocument(document) as read:
        return [code.text for code in zxingcpp.read_barcodes(read[0].render(scale=2, grayscale=True).to_numpy())]


def test_a_document_is_tagged_has_a_title_and_a_language() -> None:
    with pypdfium2.PdfDocument(made()) as document:
        assert pypdfium2.raw.FPDFCatalog_IsTagged(document)
        assert document.get_metadata_value("Title") == "Affichette"
    assert b"/Lang(fr" in made()
    assert b"<pdfuaid:part>1</pdfuaid:part>" in made()


def test_the_same_values_give_the_same_bytes() -> None:
    assert made() == made()


def test_what_people_write_is_shown_and_never_read_as_typst() -> None:
    text = shown(made(what=SIGNS, why=SIGNS, territory=SIGNS, title=SIGNS))
    assert "".join(text.split()).count("".join(SIGNS.split())) == 3


def test_the_qr_code_is_read_back() -> None:
    assert scanned(made()) == [ADDRESS]


def test_the_font_is_the_one_we_bring() -> None:
    told = _answer(values())
    assert told["warnings"] == []
    assert b"AtkinsonHyperlegibleNext" in told["pdf"]


def _answer(given: dict[str, Any]) -> dict[str, Any]:
    pictures = msgspec.json.encode({"qr": {"format": "svg", "content": paper.qr(ADDRESS).decode()}}).decode()
    return apart.answer("sign.typ", msgspec.json.encode(given).decode(), pictures)


def test_a_document_that_asks_for_too_much_ends_alone() -> None:
    with pytest.raises(Unavailable):
        made(why="mot " * 3_000_000)


def test_a_document_that_cannot_be_made_says_why() -> None:
    with pytest.raises(Unavailable, match="dictionary does not contain key"):
        paper.pdf("sign", {"title": "", "language": "fr", "size": "a4"})


def test_templates_ask_for_no_package_and_paste_no_value() -> None:
    for template in (Path(press.__file__).parent / "templates").glob("*.typ"):
        text = template.read_text("utf-8")
        assert "@preview" not in text
        assert "eval(" not in text


def test_the_press_prints_a_sheet_once_and_keeps_it() -> None:
    printed: list[str] = []

    def counted(template: str, values: Any, pictures: Any) -> bytes:
        printed.append(template)
        return b"%PDF" + bytes(1_500_000)

    ours = paper.Press(counted)
    sheets = [paper.Sheet(template="sign", values={"title": str(n)}) for n in range(4)]
    for sheet in (sheets[0], sheets[0], *sheets):
        ours.printed(sheet)
    assert len(printed) == 4
    ours.printed(sheets[0])  # four documents of 1.5 MB are more than the shelf holds
    assert len(printed) == 5


def test_one_sheet_is_printed_at_a_time_and_too_many_are_told_to_come_back() -> None:
    busy, most, going = [0], [0], threading.Event()

    def slow(template: str, values: Any, pictures: Any) -> bytes:
        busy[0] += 1
        most[0] = max(most[0], busy[0])
        going.wait(20)
        busy[0] -= 1
        return b"%PDF"

    ours = paper.Press(slow)
    sheets = [paper.Sheet(template="sign", values={"title": str(n)}) for n in range(press.QUEUE + 1)]
    with ThreadPoolExecutor(press.QUEUE) as pool:
        waiting = [pool.submit(ours.printed, sheet) for sheet in sheets[:-1]]
        while ours.waiting < press.QUEUE:
            time.sleep(0.01)
        with pytest.raises(Unavailable):
            ours.printed(sheets[-1])
        going.set()
        assert {one.result() for one in waiting} == {b"%PDF"}
    assert most == [1]


def test_the_tag_of_a_sheet_changes_with_what_it_shows() -> None:
    one = paper.Sheet(template="sign", values=values(), pictures={"qr": paper.qr(ADDRESS)})
    assert one.tag == msgspec.structs.replace(one, values=values()).tag
    others = (
        msgspec.structs.replace(one, values=values(what="Gaz")),
        msgspec.structs.replace(one, pictures={"qr": paper.qr(ADDRESS + "x")}),
        msgspec.structs.replace(one, template="page"),
    )
    assert len({one.tag, *(other.tag for other in others)}) == 4
