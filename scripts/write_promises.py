"""Writes docs/promises.md from the promises and their sentences; `--check` only says whether they agree."""

import sys
from pathlib import Path

from bocage import words
from bocage.commitments import (
    all_promises,
    behaviour,
    environment,
    persons,
    r19_hosting,
    r38_notice,
    regularisation,
    untold,
)
from bocage.commitments.promise import Moment, Promise
from bocage.commitments.roll import NUMBERED
from bocage.domain.dataset import Sensitivity

PAGE = Path(__file__).resolve().parent.parent / "docs" / "promises.md"
HEAD = """# Promises

One section per promise: its text, what it rests on, since when, what its gates refuse, what its duty finds, and what
software cannot see. Every text of law is listed in [legal.md](legal.md), **to be checked by a lawyer** until it says
otherwise. Each promise is a module of `bocage.commitments`, with its given and expected in
`tests/commitments/<promise>.toml`.
`scripts/write_promises.py` writes this page from the code and the catalogues.

A **gate** answers before something happens: before a declaration is written (*declare*), before a reading is kept
(*ingest*), before a dataset is given to everyone (*publish*), before a sign is printed (*print*). A **duty** looks at
the whole territory, after every change and every hour. A finding carries its level of evidence: measured by the
machine, attested by a third party, declared. Levels stand side by side and are never added up.

A duty that fails is told as "a check could not be made": its promise is not kept meanwhile, and it is asked again.

For a territory a promise is *required* by law, *chosen*, *not concerned*, or *cannot be checked yet*, and the reason is
told. "Not concerned" is not a fault.

The law comes first, then the {count} recommendations of the study that its synthesis tells, then what holds them up.
The study numbers its recommendations up to {numbered}; those our source does not tell are absent, not invented:
{untold}.

An exception (reasoned, or a regularisation of a flow that already ran) lifts one promise for one source or dataset,
from its first to its last day, both included. It never lifts what says "not liftable" below, nor the refusal of a
source or series nobody declared.
"""
FIGURES = """## Figures and lists the model chose

They are no law; each stands in its module and may be argued with.

| what | value |
|---|---|
| longest exception | {longest} days |
| reasoned exceptions of one promise for one source or dataset | {most} at most; one regularisation, never renewed |
| an exception is announced as ending | {warning} days before its end |
| identifiers follow somebody | {least} or more, of which {recurring} or more come back on another day or place |
| countries that count as Europe | European Economic Area and French territories: {europe} |
| words that speak of persons | {persons} |
| words of properties for which a closed dataset is asked whether it holds environmental information | {environment} |
| words that speak of public space | {street} |

Least requirement of hosting, by sensitivity of the dataset:

| sensitivity | the site must not lack |
|---|---|
{matrix}
"""
LACKS = {
    "outside-europe": "a country in Europe",
    "foreign-law": "an operator out of reach of the law of countries outside the European Union (or SecNumCloud)",
    "qualification-missing": "an operator that is a public body (or SecNumCloud)",
}


def section(promise: Promise) -> str:
    """One promise."""
    rests = "; ".join(
        f"{one.text}{', ' + one.article if one.article else ''}{f' (<{one.link}>)' if one.link else ''}"
        for one in promise.references
    )
    looked = "; ".join(duty.name[:1].lower() + duty.name[1:] for duty in promise.duties) or "none"
    lift = "" if promise.liftable else " Not liftable."
    basis = "asked by the law" if promise.basis.value == "law" else "chosen with the model"
    gates = ", ".join(moment.value for moment in Moment if moment in promise.gates) or "none"
    rows = [f"| `{code}` | {said(promise.code, code)} |" for code in promise.codes]
    table = ["", "| code | said to people |", "|---|---|", *rows]
    lines = [
        f"## {promise.title}",
        f"`{promise.code}`{f', {promise.number}' if promise.number else ''}. {promise.text}",
        f"- Rests on: {rests}; {basis}.",
        f"- In effect since: {words.day(promise.effect, 'en')}.",
        f"- Why: {promise.why}",
        f"- Gates: {gates}. Duties: {looked}.{lift}",
        f"- {promise.unseen}",
        *(table if promise.codes else ()),
    ]
    return "\n".join([lines[0], "", lines[1], "", *lines[2:]]) + "\n"


def said(promise: str, code: str) -> str:
    """What and why of a code, as in the English catalogue."""
    parts = [f"{promise}.{code}.{part}" for part in ("what", "why")]
    texts = [words.translate(part, "en") for part in parts]
    return " ".join(text for part, text in zip(parts, texts, strict=True) if text != part).replace("|", "\\|")


def figures() -> str:
    """What the model chose, from the modules that hold it."""
    matrix = "\n".join(f"| {one.label} | {_needs(one)} |" for one in Sensitivity)
    return FIGURES.format(
        longest=regularisation.LONGEST_DAYS,
        most=regularisation.MOST_EXCEPTIONS,
        warning=regularisation.WARNING_DAYS,
        least=behaviour.LEAST_IDENTIFIERS,
        recurring=behaviour.LEAST_RECURRING,
        europe=" ".join(sorted(r19_hosting.EUROPE)),
        environment=", ".join(sorted(environment.ENVIRONMENT_WORDS)),
        persons=", ".join(sorted(persons.PERSON_WORDS)),
        street=", ".join(sorted(r38_notice.STREET_WORDS)),
        matrix=matrix,
    )


def _needs(sensitivity: Sensitivity) -> str:
    needed = [LACKS[code] for code in r19_hosting.MATRIX[sensitivity]]
    return "; ".join(needed) or "nothing: it is enough that the site is declared"


def page() -> str:
    """The whole page."""
    head = HEAD.format(
        count=sum(bool(promise.recommendation) for promise in all_promises()),
        numbered=NUMBERED,
        untold=", ".join(map(str, untold())),
    )
    return "\n".join([head, *(section(promise) for promise in all_promises()), figures()])


def main() -> int:
    """Write the page, or compare it."""
    if "--check" in sys.argv:
        return int(PAGE.read_text("utf-8") != page())
    PAGE.write_text(page(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
