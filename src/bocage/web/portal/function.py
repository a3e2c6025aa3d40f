"""The data function as a chart: each role with the posts that hold it, vacancies shown; never a person's name."""

import msgspec

from bocage.commitments import crpa_330_access
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.r30_data_function import FUNCTION
from bocage.domain.dataset import Dataset
from bocage.domain.governance_body import GovernanceBody
from bocage.domain.organisation import Organisation
from bocage.domain.role import Role, RoleName
from bocage.domain.text import Text


class Post(msgspec.Struct, frozen=True, kw_only=True):
    """One role: the titles under which it is held, with whose body; vacant when none."""

    role: RoleName
    held: tuple[tuple[Text, Text | None], ...] = ()


class Stewarded(msgspec.Struct, frozen=True, kw_only=True):
    """A dataset, and the title of its steward; None when it has none today."""

    slug: str
    title: Text
    steward: Text | None


class Function(msgspec.Struct, frozen=True, kw_only=True):
    """The chart: roles, stewards by dataset, bodies that speak of data."""

    posts: tuple[Post, ...]
    datasets: tuple[Stewarded, ...]
    bodies: tuple[tuple[str, GovernanceBody], ...]

    @property
    def vacant(self) -> int:
        """How many roles, datasets and seats of bodies lack somebody."""
        seats = sum(one.vacant or 0 for _slug, body in self.bodies for one in body.seats)
        return seats + sum(not post.held for post in self.posts) + sum(one.steward is None for one in self.datasets)


def function(facts: TerritoryFacts) -> Function:
    """The chart of today."""
    held = [role for _slug, role in sorted(facts.all(Role).items()) if role.lasts(facts.today)]
    return Function(
        posts=tuple(
            Post(role=name, held=tuple((one.title, _body(facts, one)) for one in held if one.role is name))
            for name in _asked(facts)
        ),
        datasets=tuple(
            Stewarded(slug=slug, title=one.title, steward=_steward(facts, one))
            for slug, one in sorted(facts.all(Dataset).items())
        ),
        bodies=tuple(sorted(facts.all(GovernanceBody).items())),
    )


def _asked(facts: TerritoryFacts) -> tuple[RoleName, ...]:
    """The roles that have their place: that of access to documents where the law asks it, or somebody holds it."""
    return (*FUNCTION, RoleName.ACCESS_OFFICER) if crpa_330_access.asked(facts) else FUNCTION


def _body(facts: TerritoryFacts, role: Role) -> Text | None:
    organisation = facts.one(Organisation, role.organisation)
    return organisation.title if organisation else None


def _steward(facts: TerritoryFacts, dataset: Dataset) -> Text | None:
    role = facts.one(Role, dataset.steward)
    return role.title if role is not None and role.lasts(facts.today) else None
