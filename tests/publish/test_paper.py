"""PDF made in a process of its own: accessible, the same each time, deaf to what is written in values."""

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


def values(**changed: Any) -> dict[str, Any]:
    """What a sign of one language shows."""
    said = {"language": "fr", "what": "Électricité de l'école", "why": "Éteindre ce qui sert à rien la nuit"}
    found = {
        "title": "Affichette",
        "language": "fr",
        "size": "a4",
        "territory": "Montlieu",
        "signs": [said],
        "words": {"code": "Code à scanner"},
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
    said = {"language": "fr", "what": SIGNS, "why": SIGNS}
    text = shown(made(signs=[said], territory=SIGNS, title=SIGNS))
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
    said = {"language": "fr", "what": "mot " * 8_000_000, "why": ""}
    with pytest.raises(Unavailable):
        made(signs=[said])


def test_a_document_that_cannot_be_made_says_why() -> None:
    with pytest.raises(Unavailable, match="dictionary does not contain key"):
        paper.pdf("sign", {"title": "", "language": "fr", "size": "a4"})


def test_templates_ask_for_no_package_and_paste_no_value() -> None:
    for template in (Path(press.__file__).parent / "templates").glob("*.typ"):
        text = template.read_text("utf-8")
        assert "@preview" not in text
        assert "eval(" not in text
