"""The file that the PIA tool of the CNIL exports and imports: read as it is, drawn from what is declared.

Its structure (LINCnil/pia, `Pia`, `Answer`, `Measure`, `Evaluation`, `Comment`): an object with `pia`, `answers`,
`measures`, `evaluations`, `comments`. An answer refers to a question by its number; of the three risks 32, 33, 34 the
question 4 lists the measures, 5 is the gauge of severity, 6 that of likelihood (1 to 4, 0 for none). What is not
known here is kept as it came.
"""

import copy
import html
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

import msgspec

from bocage.domain.assessment import Assessment, AssessmentNature, Gravity, Risk
from bocage.domain.errors import PayloadError
from bocage.domain.text import Text
from bocage.domain.text import message as _

Document = dict[str, Any]
LARGEST: Final = 5 * 1024 * 1024
LISTS: Final = ("answers", "measures", "evaluations", "comments")
SIGNED: Final = frozenset({2, 3})
"""States of a finished assessment: simple validation, signed validation."""
RISKS: Final[Mapping[int, Text]] = {
    32: Text(fr="Des données sont vues par qui ne doit pas", en="Data are seen by those who should not"),
    33: Text(fr="Des données sont modifiées sans qu'on le veuille", en="Data are changed without anybody wanting it"),
    34: Text(fr="Des données disparaissent", en="Data disappear"),
}
_DIGITS: Final = 9  # of the number of a question
_LEVELS: Final = tuple(Gravity)
_NAMING: Final = ("author_name", "evaluator_name", "validator_name", "dpos_names", "people_names")
_PEOPLE: Final = ("user_pias", "authors", "evaluators", "validators", "guests")


def read(content: bytes) -> Document:
    """The document of a file; PayloadError when it is not one of the tool."""
    try:
        found = msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        found = None
    if not isinstance(found, dict) or not isinstance(found.get("pia"), dict):
        raise PayloadError(_("a file exported by the PIA tool of the CNIL"))
    if not str(found["pia"].get("name") or "").strip():
        raise PayloadError(_("an assessment that has a name"))
    for name in LISTS:
        items = found.get(name) or []
        if not isinstance(items, list) or not all(isinstance(one, dict) for one in items):
            raise PayloadError(_("a file exported by the PIA tool of the CNIL"), found=name)
    return found


def declared(document: Document, body: Assessment | None) -> Assessment:
    """The assessment that the document makes of what was declared: its title, its end, its risks.

    Names of persons, and the opinions they gave, stay in the document: what is declared is kept for ever.
    """
    title = Text(fr=str(document["pia"]["name"]).strip(), en=body.title.en if body else "")
    before = body or Assessment(title=title, nature=AssessmentNature.PERSONAL_DATA)
    done = _finished(document["pia"])
    return msgspec.structs.replace(
        before, title=title, nature=AssessmentNature.PERSONAL_DATA, done=done, risks=risks(document)
    )


def risks(document: Document) -> tuple[Risk, ...]:
    """The risks of which the document says something."""
    answers = _answers(document)
    found = []
    for number, title in RISKS.items():
        listed = answers.get(number * 10 + 4, {}).get("list")
        measures = [str(one) for one in listed if one] if isinstance(listed, list) else []
        severity, likelihood = (_level(answers.get(number * 10 + place, {}).get("gauge")) for place in (5, 6))
        if measures or severity or likelihood:
            words = Text(fr=", ".join(measures)) if measures else None
            found.append(Risk(title=title, severity=severity, likelihood=likelihood, measures=words))
    return tuple(found)


def merged(content: bytes, body: Assessment) -> bytes:
    """The file as it came while it says what is declared; otherwise with the title and the gauges declared since."""
    document = read(content)
    if (body.title.fr, body.risks) == (str(document["pia"]["name"]).strip(), risks(document)):
        return content
    changed = copy.deepcopy(document)
    changed["pia"]["name"] = body.title.fr
    answers = _answers(changed)
    for number, title in RISKS.items():
        for risk in (one for one in body.risks if one.title == title):
            for place, level in ((5, risk.severity), (6, risk.likelihood)):
                if number * 10 + place in answers:
                    answers[number * 10 + place]["gauge"] = _LEVELS.index(level) + 1 if level else 0
    return msgspec.json.encode(changed)


def drawn(body: Assessment, known: Mapping[int, str], at: datetime) -> bytes:
    """A file for the tool, from what is declared. `known`: answers to its questions, by their numbers."""
    made = at.isoformat()
    said: dict[int, Document] = {number: {"text": text, "gauge": None, "list": []} for number, text in known.items()}
    for number, title in RISKS.items():
        for risk in (one for one in body.risks if one.title == title):
            said |= _of_risk(number, risk)
    measures = sorted({one for answer in said.values() for one in answer["list"]})
    pia = {
        "id": 1,
        "status": 3 if body.done else 0,
        "name": body.title.fr,
        "category": "",
        **dict.fromkeys(_NAMING, ""),
        "is_example": 0,
        "is_archive": 0,
        "created_at": made,
        "updated_at": made,
    }
    if body.conclusion:
        pia["dpo_opinion"] = html.escape(body.conclusion.fr, quote=False)
    dates = {"pia_id": 1, "created_at": made, "updated_at": made}
    return msgspec.json.encode(
        {
            "pia": pia,
            "answers": [{"id": n, "reference_to": ref, "data": data, **dates} for n, (ref, data) in _numbered(said)],
            "measures": [{"id": n, "title": one, "content": "", **dates} for n, one in enumerate(measures, start=1)],
            "evaluations": [],
            "comments": [],
        }
    )


def _numbered(said: Mapping[int, Document]) -> Iterable[tuple[int, tuple[int, Document]]]:
    return enumerate(sorted(said.items()), start=1)


def _of_risk(number: int, risk: Risk) -> dict[int, Document]:
    """The answers that tell one risk."""
    out: dict[int, Document] = {}
    if risk.measures:
        out[number * 10 + 4] = {"text": None, "gauge": None, "list": [risk.measures.fr]}
    for place, level in ((5, risk.severity), (6, risk.likelihood)):
        if level:
            out[number * 10 + place] = {"text": "", "gauge": _LEVELS.index(level) + 1, "list": []}
    return out


def without_names(content: bytes) -> bytes:
    """The file without the names of those who wrote, judged, were asked or are in charge of something."""
    document = read(content)
    pia = document["pia"]
    pia.update({name: "" for name in _NAMING if pia.get(name)})
    pia.update({name: [] for name in _PEOPLE if pia.get(name)})
    for one in document.get("evaluations") or ():
        if one.get("person_in_charge"):
            one["person_in_charge"] = ""
    return msgspec.json.encode(document)


def _answers(document: Document) -> dict[int, Document]:
    """The data of each answer, by the number of its question."""
    found: dict[int, Document] = {}
    for one in document.get("answers") or ():
        number, data = str(one.get("reference_to", "")), one.get("data")
        if number.isdecimal() and len(number) <= _DIGITS and isinstance(data, dict):
            found[int(number)] = data
    return found


def _level(gauge: object) -> Gravity | None:
    known = isinstance(gauge, int) and not isinstance(gauge, bool) and 1 <= gauge <= len(_LEVELS)
    return _LEVELS[int(str(gauge)) - 1] if known else None


def _finished(pia: Document) -> date | None:
    """The day of its last change, once it was validated."""
    if str(pia.get("status")) not in {str(one) for one in SIGNED}:
        return None
    try:
        return datetime.fromisoformat(str(pia.get("updated_at") or pia.get("created_at"))).date()
    except ValueError:
        return None
