"""One resource of the commons: what somebody gave, and its card: from whom, under which licence, of which day."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Final

import msgspec
import tomli_w

from bocage.commitments.measured import Resource
from bocage.commons.pack import Pack
from bocage.domain.call_for_projects import CallForProjects
from bocage.domain.challenge import Challenge
from bocage.domain.clause import Clause
from bocage.domain.data_schema import DataSchema
from bocage.domain.declaration import SLUG, Declaration, noted
from bocage.domain.experiment import Experiment, ExperimentForm, Verdict
from bocage.domain.indicator import Indicator
from bocage.domain.rule import Rule
from bocage.domain.shared_specification import SharedSpecification
from bocage.domain.text import Text
from bocage.domain.text import message as _
from bocage.registers import shape

SHARED: Final[Mapping[str, type[Declaration]]] = {
    kind.kind: kind
    for kind in (
        *(Experiment, Pack, Rule, Indicator, Clause, SharedSpecification, DataSchema, Challenge),
        CallForProjects,
    )
}
"""What the commons hold, by the name of its folder."""
LICENCES: Final[Mapping[str, str]] = {
    "etalab-2.0": "Licence Ouverte 2.0",
    "CC0-1.0": "CC0 1.0",
    "CC-BY-4.0": "CC BY 4.0",
    "CC-BY-SA-4.0": "CC BY-SA 4.0",
    "ODbL-1.0": "ODbL 1.0",
    "EUPL-1.2": "EUPL 1.2",
}
"""Licences (SPDX) that let anyone use, change and pass on: without one of them, nothing can be adopted."""
CARD: Final = "commons"


class Wanted(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A series that a rule or an indicator needs: whoever adopts it says which one it is there."""

    name: Annotated[str, msgspec.Meta(pattern=SLUG, max_length=120)]
    title: Annotated[Text, noted(_("What it measures"))]
    unit: Annotated[str, noted(_("Unit"), max_length=40)] = ""


class Card(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Where a resource comes from. `invented`: of a demonstration; it proves nothing anywhere else."""

    territory: Annotated[str, msgspec.Meta(pattern=SLUG, max_length=120), noted(_("Territory"))]
    author: Annotated[
        str,
        noted(
            _("Author"), _("A service, a body, a company: never the name of a person."), min_length=2, max_length=200
        ),
    ]
    licence: Annotated[str, noted(_("Licence"), max_length=40)]
    version: Annotated[int, noted(_("Version"), ge=1, le=100_000)] = 1
    date: Annotated[date, noted(_("Date"))]
    languages: Annotated[
        tuple[Annotated[str, msgspec.Meta(pattern=r"^[a-z]{2}$")], ...], noted(_("Languages"), min_length=1)
    ] = ("fr",)
    link: Annotated[str, noted(_("Where more is told"), pattern=r"^(https?://\S*)?$", max_length=400)] = ""
    series: tuple[Wanted, ...] = ()
    invented: bool = False


class Shared(msgspec.Struct, frozen=True, kw_only=True):
    """One resource."""

    kind: str
    slug: str
    card: Card
    body: Declaration

    @property
    def name(self) -> str:
        """What it is called in the commons: kind/territory/slug."""
        return f"{self.kind}/{self.card.territory}/{self.slug}"

    @property
    def title(self) -> Text:
        """What it is called."""
        return shape.title(self.body)

    @property
    def documented(self) -> bool:
        """Whether it is the documented success of a full experiment: fixed before, closed, measured, with its cost and
        what was learnt."""
        body = self.body
        if not isinstance(body, Experiment) or body.outcome is None or body.form is ExperimentForm.LIGHT:
            return False
        told = body.outcome
        whole = bool(body.frozen and told.closed and told.results and told.lessons) and told.cost is not None
        return whole and told.verdict is Verdict.REACHED

    @property
    def fact(self) -> Resource:
        """What the promises are told of it."""
        return Resource(
            kind=self.kind,
            slug=self.slug,
            territory=self.card.territory,
            use_case=getattr(self.body, "use_case", ""),
            reached=self.documented,
            invented=self.card.invented,
        )


def text(shared: Shared) -> str:
    """Its file: the declaration as every declaration is written, then the card."""
    said = msgspec.to_builtins(shared.card, order="deterministic", builtin_types=(date,))
    card = {"territory": shared.card.territory, "version": shared.card.version, **said}
    body, head = shape.native(shared.body), f"declaration = {{ schema = {type(shared.body).schema} }}"
    return f"{head}\n{tomli_w.dumps(body)}\n{tomli_w.dumps({CARD: card})}"
