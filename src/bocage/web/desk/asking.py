"""The open questions of measurements that may not flow yet, and the one change that the answers to them ask for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import msgspec

from bocage import evidence, words
from bocage.accounts.rights import Actor, may_declare
from bocage.commitments import decide
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.promise import Moment
from bocage.domain.decision import Refusal
from bocage.domain.errors import Invalid, Refused
from bocage.evidence import facts as gathered
from bocage.evidence.asked import Asked
from bocage.web.desk import answers, guesses, registers
from bocage.web.desk.entries import choices
from bocage.web.desk.proposals import Hints, hinted, reasons
from bocage.web.desk.sections import Section, sections
from bocage.web.forms.field import Drawing, drawn
from bocage.web.forms.read import Sent
from bocage.web.request import Request


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """Which measurements are asked about. `base`: changes that would be made with the answers, and that `facts` holds
    already; `hints`: what else is known of the measurements."""

    facts: TerritoryFacts
    source: str
    keys: tuple[str, ...]
    base: tuple[Asked, ...] = ()
    hints: Hints | None = None

    @property
    def key(self) -> str:
        """The first of them."""
        return self.keys[0]

    @property
    def inside(self) -> bool:
        """Whether none of them is made in public space."""
        things = [self.facts.flow(self.source, key).strand.thing for key in self.keys]
        return not any(thing is not None and thing.public_space for thing in things)

    def after(self, changes: Iterable[Asked]) -> "Case":
        """The same as it would stand after these changes."""
        return msgspec.structs.replace(self, facts=gathered.after(self.facts, tuple(changes)))


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came of the answers: recorded, or what is wrong, what is asked besides, what was refused."""

    found: answers.Answered
    recorded: bool = False
    more: tuple[Section, ...] = ()
    refusals: tuple[Refusal, ...] = ()


def refused(facts: TerritoryFacts, source: str, key: str) -> tuple[Refusal, ...]:
    """What the gate answers now."""
    found = decide(Moment.INGEST, facts.flow(source, key))
    return tuple(answer for answer in found if isinstance(answer, Refusal))


def open_questions(case: Case, actor: Actor) -> tuple[Section, ...]:
    """The questions that stop any of the measurements."""
    for key in case.keys:
        asked = sections(case.facts, case.facts.flow(case.source, key), refused(case.facts, case.source, key), actor)
        if asked:
            return asked
    return ()


def record(
    request: Request, case: Case, shown: Iterable[str], *, whole: bool = False, sent: Sent | None = None
) -> Outcome:
    """Record the answers that were sent, all of them or none; `shown`: the kinds the page asked for.

    `whole`: only when nothing stops the measurements any more. `sent`: answers that no form brought.
    """
    asked, known = open_questions(case, request.actor), set(shown)
    found = answers.answered(case.facts, case.source, case.keys, asked, sent or request.POST)
    if found.errors:
        return Outcome(found=found)
    found = _permitted(request, case.facts, found)
    future = case.after(found.changes)
    left = open_questions(future, request.actor)
    more = tuple(one for one in left if one.may and one.kind not in known)
    if more:
        return Outcome(found=found, more=more)
    if left and whole:
        return Outcome(found=found, refusals=next(_stopping(future)))
    try:
        made = _merged((*case.base, *found.changes))
        evidence.change(request.slug, request.actor, made, request.parts.clock())
    except Refused as no:
        return Outcome(found=found, refusals=no.refusals)
    except Invalid as wrong:
        errors = {str(wrong.values.get("field", "")): str(wrong)}
        return Outcome(found=answers.Answered(changes=(), errors=errors, typed=found.typed))
    return Outcome(found=found, recorded=True)


def _stopping(case: Case) -> Iterator[tuple[Refusal, ...]]:
    """What the gate answers for each of the measurements that it stops."""
    for key in case.keys:
        found = refused(case.facts, case.source, key)
        if found:
            yield found


def drawn_questions(
    request: Request,
    case: Case,
    outcome: Outcome | None = None,
    *,
    typed: Mapping[str, dict[str, Any]] | None = None,
    sent: Mapping[str, str] | None = None,
) -> list[dict[str, Any]]:
    """The questions as a page draws them: with what was typed (`typed`, by kind, over what is proposed), else with
    what is proposed, and the reasons."""
    drawing = Drawing(
        choices=choices(case.facts, request.lang),
        errors=outcome.found.errors if outcome else {},
        translate=partial(_translate, request.lang),
    )
    asked = (*open_questions(case, request.actor), *(outcome.more if outcome else ()))
    stopped = {refusal.way_out.kind for refusal in (outcome.refusals if outcome else ())}
    typed = outcome.found.typed if outcome else (typed or {})
    chosen = request.POST if outcome or sent is None else sent
    found = [_drawn(request, case, one, drawing, (typed.get(one.kind), chosen)) for one in asked]
    return [{**one, "wrong": one["wrong"] or one["section"].kind in stopped} for one in found]


def otherwise(request: Request, case: Case) -> dict[str, dict[str, Any]]:
    """What was answered otherwise than proposed, by kind and field, as it was typed."""
    drawing, asked = Drawing(choices=choices(case.facts, request.lang)), open_questions(case, request.actor)
    found = answers.answered(case.facts, case.source, case.keys, asked, request.POST)
    flow, out = case.facts.flow(case.source, case.key), {}
    for one in asked:
        typed = found.typed.get(one.kind, {})
        proposed = one.tree(case.facts, guesses.begun(case.facts, flow, one, hinted(flow, case.hints)))
        before, after = (drawn(one.struct, tree, drawing) for tree in (proposed, {**proposed, **typed}))
        changed = {field.path for field, other in zip(after, before, strict=True) if field != other}
        out[one.kind] = {name: value for name, value in typed.items() if name in changed}
    return out


def _drawn(
    request: Request, case: Case, one: Section, drawing: Drawing, given: tuple[dict[str, Any] | None, Any]
) -> dict[str, Any]:
    flow = case.facts.flow(case.source, case.key)
    typed, sent = given
    hints = hinted(flow, case.hints)
    proposed = guesses.begun(case.facts, flow, one, hints)
    tree = one.tree(case.facts, {**proposed, **(typed or {})})
    known_titles = dict(drawing.choices(one.kind))
    return {
        "section": one,
        "fields": drawn(one.struct, tree, drawing, f"{one.kind}."),
        "choices": [(slug, known_titles.get(slug, slug)) for slug in one.known],
        "chosen": sent.get(f"{one.kind}.choice", guesses.chosen(case.facts, flow, one, hints)),
        "reasons": reasons(case.facts, one, hints, request.lang),
        "proposed": bool(proposed),
        "wrong": any(path.startswith(f"{one.kind}.") for path in drawing.errors),
    }


def _permitted(request: Request, facts: TerritoryFacts, found: answers.Answered) -> answers.Answered:
    """Without what the answers would complete in declarations that are not this person's to change."""

    def theirs(change: Asked) -> bool:
        kind, slug = gathered.place(change)
        bodies = (gathered.stated(change), gathered.held(facts, kind, slug))
        return all(
            may_declare(request.actor, request.slug, kind, **registers.place(kind, slug, body))
            for body in bodies
            if body is not None
        )

    return msgspec.structs.replace(found, changes=tuple(change for change in found.changes if theirs(change)))


def _merged(changes: Sequence[Asked]) -> tuple[Asked, ...]:
    """Each declaration once, as it was stated last."""
    return tuple({gathered.place(one): one for one in changes}.values())


def _translate(lang: str, message: str) -> str:
    return words.translate(message, lang)
