"""The check of catalogues finds each kind of fault."""

from pathlib import Path

from bocage.words.check import Entry, faults, used


def entry(*texts: str, file: str = "house", fuzzy: bool = False) -> Entry:
    return Entry(file=file, fuzzy=fuzzy, texts=texts)


def test_complete_catalogues_have_no_fault() -> None:
    symbol = "promise.code.what"
    french = {"Name": [entry("Nom")], symbol: [entry("Refusé : {slug}")]}
    assert faults({"Name": "thing.py"}, french, {symbol: [entry("Refused: {slug}")]}) == []


def test_a_message_without_french_is_a_fault() -> None:
    assert faults({"Name": "thing.py"}, {}, {}) == ["thing.py: no French for 'Name'"]


def test_an_entry_nobody_uses_is_a_fault() -> None:
    assert faults({}, {"Name": [entry("Nom")]}, {}) == ["house.po: nobody uses 'Name'"]


def test_a_doubtful_an_empty_and_a_misplaced_translation_are_faults() -> None:
    messages = dict.fromkeys(["Name", "Place", "%(num)s things"], "thing.py")
    french = {
        "Name": [entry("Nom", fuzzy=True)],
        "Place": [entry("")],
        "%(num)s things": [entry("%(n)s choses")],
    }
    assert faults(messages, french, {}) == [
        "house.po: other placeholders than in '%(num)s things'",
        "house.po: doubtful translation of 'Name'",
        "house.po: empty translation of 'Place'",
    ]


def test_one_message_has_one_translation() -> None:
    french = {"Name": [entry("Nom"), entry("Titre", file="portal")]}
    assert faults({"Name": "thing.py"}, french, {}) == ["house, portal.po: two translations of 'Name'"]
    french = {"Name": [entry("Nom"), entry("Nom", file="portal")]}
    assert faults({"Name": "thing.py"}, french, {}) == ["house, portal.po: two translations of 'Name'"]


def test_messages_of_code_and_of_templates_are_found(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "thing.py").write_text('label = _("From code")\n')
    (tmp_path / "templates" / "page.html").write_text(
        '{{ _("From a template") }}{% trans %}From a block{% endtrans %}'
        '{{ ngettext("%(num)s one", "%(num)s many", 2) }}'
    )
    assert set(used(tmp_path)) == {"From code", "From a template", "From a block", "%(num)s one"}
