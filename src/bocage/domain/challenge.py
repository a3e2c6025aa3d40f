"""A challenge: a problem several territories share and work on together."""

from typing import Annotated, ClassVar

from bocage.domain.declaration import Declaration, noted
from bocage.domain.label import Labelled
from bocage.domain.text import Text
from bocage.domain.text import message as _


class ChallengeState(Labelled):
    """How far the group has come."""

    STATED = "stated", _("Stated")
    EXPLORED = "explored", _("Ways of solving it are looked for")
    TESTED = "tested", _("Being tested")
    SOLVED = "solved", _("Solved")
    LEFT = "left", _("Given up")


class TerritorySize(Labelled):
    """Sizes of the library of use cases."""

    VILLAGE = "village", _("Village or small town")
    TOWN = "town", _("Town")
    CITY = "city", _("Large town or metropolis")
    SYNDICATE = "syndicate", _("Syndicate")


class Challenge(Declaration, frozen=True, kw_only=True):
    """One challenge; what came of it is published whatever it is."""

    kind: ClassVar[str] = "challenge"
    label: ClassVar[str] = _("Challenge")
    plural: ClassVar[str] = _("Challenges")
    about: ClassVar[str] = _("Problems that several territories share, and work on together.")

    title: Annotated[Text, noted(_("Title"), listed=True)]
    problem: Annotated[Text | None, noted(_("Problem"), _("As those who live it would say it."))] = None
    service: Annotated[str, noted(_("Public service"), reference="public-service", listed=True)] = ""
    use_case: Annotated[str, noted(_("Use case"), _("Its code in the library of use cases."), max_length=40)] = ""
    state: Annotated[ChallengeState, noted(_("State"), listed=True)] = ChallengeState.STATED
    sizes: Annotated[tuple[TerritorySize, ...], noted(_("Sizes of territories it is for"))] = ()
    members: Annotated[
        tuple[str, ...], noted(_("Territories that take part"), reference="organisation", listed=True)
    ] = ()
    experiments: Annotated[tuple[str, ...], noted(_("Experiments"), reference="experiment")] = ()
    results: Annotated[Text | None, noted(_("What came of it"), _("Failures too."))] = None
    commons: Annotated[
        str, noted(_("Name in the shared resources"), _("Where it was offered to others."), max_length=400)
    ] = ""
