"""An algorithm: what everyone may know of a rule or a model that steers a service or founds decisions."""

from datetime import date
from typing import Annotated, ClassVar

from bocage.domain.algorithm_inventory import DecisionLaw, Inventory
from bocage.domain.declaration import Declaration, noted
from bocage.domain.label import Labelled
from bocage.domain.text import Text
from bocage.domain.text import message as _


class AlgorithmNature(Labelled):
    """How it was made."""

    RULE = "rule", _("Rule written by people")
    MODEL = "model", _("Model that learns from data")


class Reach(Labelled):
    """What it leads to. Only what founds individual decisions belongs to the legal inventory (CRPA L312-1-3)."""

    STEERING = "steering", _("Steers a service: it tells people, no decision about a person follows from it")
    INDIVIDUAL = "individual", _("Founds decisions about a person or an organisation (legal inventory)")


class Automation(Labelled):
    """How much is done without a person."""

    TELLS = "tells", _("It only tells: a person looks and decides")
    HELPS = "helps", _("It helps a person to decide")
    DECIDES = "decides", _("It decides by itself")


class Algorithm(Declaration, frozen=True, kw_only=True):
    """One entry of the published list, after the fields of the inventory guide of Etalab (2021).

    The entry of a rule is made from the rule and follows it (`FROM_THE_RULE`); what else people must know, somebody
    writes. An entry that names no rule is written whole by hand.
    """

    kind: ClassVar[str] = "algorithm"
    label: ClassVar[str] = _("Algorithm")
    plural: ClassVar[str] = _("Algorithms")
    about: ClassVar[str] = _("The rules and models that steer services, as everyone may read them.")

    title: Annotated[Text, noted(_("Name"), listed=True)]
    nature: Annotated[AlgorithmNature, noted(_("How it was made"), listed=True)] = AlgorithmNature.RULE
    rule: Annotated[str, noted(_("Made from the rule"), _("Follows it by itself."), reference="rule")] = ""
    service: Annotated[str, noted(_("Public service"), reference="public-service", listed=True)] = ""
    decides: Annotated[Text | None, noted(_("What it does"), _("In one sentence."))] = None
    reach: Annotated[Reach, noted(_("What it leads to"), listed=True)] = Reach.STEERING
    automation: Annotated[Automation, noted(_("What is automatic"), listed=True)] = Automation.TELLS
    used: Annotated[Text | None, noted(_("Measurements it uses"))] = None
    purposes: Annotated[
        tuple[str, ...], noted(_("What these measurements are collected for"), reference="purpose")
    ] = ()
    since: Annotated[date | None, noted(_("Since"), listed=True)] = None
    in_force: Annotated[bool, noted(_("Is it in force?"), listed=True)] = True
    why: Annotated[Text | None, noted(_("Why it was set up"))] = None
    contact: Annotated[Text | None, noted(_("Who to ask"), _("A person: counter, telephone, opening hours."))] = None
    human_way: Annotated[
        Text | None, noted(_("Speaking to a person"), _("How to contest what it led to, or to have it looked at."))
    ] = None
    legal_mention: Annotated[Text | None, noted(_("Texts it rests on"), _("Only where a text asks for it."))] = None
    ended: Annotated[date | None, noted(_("No longer used since"))] = None
    inventory: Annotated[
        Inventory, noted(_("Inventory sheet"), _("Asked of what founds decisions; useful for the others too."))
    ] = Inventory()
    law: Annotated[
        DecisionLaw, noted(_("What the law asks"), _("Only of what founds decisions about a person or organisation."))
    ] = DecisionLaw()


FROM_THE_RULE = (
    *("title", "nature", "rule", "service", "decides", "reach", "automation", "used", "purposes", "since"),
    "in_force",
)
"""The fields of an entry that its rule makes; a hand never changes them."""
