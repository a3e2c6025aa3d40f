"""The four lines of a refusal or a finding: what, why, the rule it rests on, what to do now."""

from collections.abc import Mapping
from datetime import date

import msgspec

from bocage.domain.decision import Finding, Refusal, Stands
from bocage.domain.kinds import KINDS
from bocage.domain.sensing import ENTITIES
from bocage.words.catalogue import language, translate
from bocage.words.figures import duration, number
from bocage.words.moments import day


class Sentence(msgspec.Struct, frozen=True, kw_only=True):
    """Four lines in one language; `way_out` is empty when there is nothing to do."""

    what: str
    why: str
    rule: str
    way_out: str = ""


def sentence(decision: Refusal | Finding, lang: str, *, names: Mapping[str, str] | None = None) -> Sentence:
    """The sentence of a refusal or finding; a code may have a rule of its own, beside that of its promise.

    `names`: titles to show in place of slugs, by slug, and by kind and slug (`project/lighting`) for values that bear
    the name of their kind.
    """
    titles = {} if names is None else names  # whether there are any is not asked: that reads them all
    shown = {name: _shown(name, value, lang, titles) for name, value in decision.values.items()}
    stem = f"{decision.promise}.{decision.code}"
    if not _line(f"{stem}.what", shown, lang):
        stem = f"any.{decision.code}"  # what every promise may say
    return Sentence(
        what=_line(f"{stem}.what", shown, lang),
        why=_line(f"{stem}.why", shown, lang),
        rule=_line(f"{stem}.rule", shown, lang) or _line(f"{decision.promise}.rule", shown, lang),
        way_out=_line(f"{stem}.todo", shown, lang),
    )


def reason(stands: Stands, lang: str) -> str:
    """Why a promise is what it is for a territory, in one sentence."""
    shown = {name: _shown(name, value, lang, {}) for name, value in stands.values.items()}
    return _line(f"standing.{stands.reason}", shown, lang)


def _line(message: str, shown: Mapping[str, str], lang: str) -> str:
    """The message with its values; a line that the catalogue does not hold is empty."""
    text = translate(message, lang)
    return "" if text == message else text.format_map(shown)


def _shown(name: str, value: str | int | float, lang: str, names: Mapping[str, str]) -> str:
    """A value as people read it: durations, days, kinds and figures by the name the value carries."""
    if isinstance(value, str):
        if name.endswith("_day"):
            return day(date.fromisoformat(value), lang)
        if name in ("failure", "duty", "office"):
            return translate(value, lang)
        if name == "kind":
            return _label(value, lang)
        found = names.get(f"{name.replace('_', '-')}/{value}") or names.get(value, value)
        return found.removesuffix(".")  # titles that are sentences: the one they stand in has a full stop of its own
    if name.endswith("_seconds"):
        return duration(value, language(lang))
    return number(value, lang)


def _label(kind: str, lang: str) -> str:
    """What people call a kind of declaration or of sensing entity."""
    found = KINDS.get(kind) or next((entity for entity in ENTITIES if entity.kind == kind), None)
    return translate(found.label, lang) if found else kind
