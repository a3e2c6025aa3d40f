"""Answers and reports in words: what a sender, a file's report and a command show."""

from typing import Any
from urllib.parse import urlencode

import msgspec

from bocage.domain.errors import BocageError
from bocage.domain.reading import RowError
from bocage.domain.row_errors import SENTENCES
from bocage.domain.text import message as _
from bocage.ingest.answer import Answer, Reason
from bocage.words import number, sentence, translate


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a file."""

    answer: Answer

    def plain(self) -> dict[str, Any]:
        """Counts, and what a person should read, in each language."""
        answer = self.answer
        counts = {
            "stored": answer.accepted,
            "known": answer.known,
            "corrected": answer.corrected,
            "refused": answer.refused + answer.conflicts,
            "errors": answer.unreadable,
        }
        return {"counts": counts, **{lang: lines(answer, lang) for lang in ("fr", "en")}}


def failure(error: BocageError) -> dict[str, Any]:
    """Why nothing of a file could be taken, in each language, in the form of a report."""
    said = {lang: translate(_("Expected: {expected}. Found: {found}."), lang) for lang in ("fr", "en")}
    told = {
        lang: [text.format(expected=translate(error.expected, lang), found=error.found or "—")]
        for lang, text in said.items()
    }
    return {"code": error.code, **told}


def document(answer: Answer, lang: str, territory: str, source: str) -> dict[str, Any]:
    """The answer as plain values for JSON: counts, and what is needed to mend the rest."""
    told: dict[str, Any] = {
        name: getattr(answer, name)
        for name in ("accepted", "known", "corrected", "conflicts", "refused", "unreadable", "position")
    }
    refused = [_refused(reason, lang, territory, source) for reason in answer.reasons]
    told["refusals"] = [one for one, reason in zip(refused, answer.reasons, strict=True) if not reason.kept]
    told["flagged"] = [one for one, reason in zip(refused, answer.reasons, strict=True) if reason.kept]
    told["conflicting_rows"] = list(answer.conflicting)
    told["errors"] = [_error(error, lang) for error in answer.errors]
    return {name: value for name, value in told.items() if value != []}


def lines(answer: Answer, lang: str, most: int = 20) -> list[str]:
    """What a person should read of an answer, a line each: refusals first, then unreadable rows."""
    told = []
    for reason in answer.reasons:
        said = sentence(reason.refusal, lang)
        told.append(f"{reason.key}: {number(reason.count, lang)} × {said.what} {said.why} {said.way_out}".strip())
    row = translate(_("Row {row}, column {column}: {expected}, found: {found}."), lang)
    told += [row.format(**_error(error, lang)) for error in answer.errors]
    if len(told) > most:
        more = translate(_("and {count} more"), lang).format(count=len(told) - most)
        return [*told[:most], more]
    return told


def mend(territory: str, source: str, key: str) -> str:
    """The address of the page that asks what lacks for a series to flow."""
    return f"/{territory}/desk/declare?" + urlencode({"source": source, "key": key})


def _refused(reason: Reason, lang: str, territory: str, source: str) -> dict[str, Any]:
    said = sentence(reason.refusal, lang)
    return {
        "datastream": reason.key,
        "count": reason.count,
        "rows": list(reason.rows),
        "promise": reason.refusal.promise,
        "code": reason.refusal.code,
        "what": said.what,
        "reason": said.why,
        "reference": said.rule,
        "to_do": said.way_out,
        "way_out": mend(territory, source, reason.key),
    }


def _error(error: RowError, lang: str) -> dict[str, Any]:
    expected = translate(SENTENCES.get(error.code, error.code), lang)
    return {"row": error.row, "column": error.column, "found": error.found, "code": error.code, "expected": expected}
