"""An assessment: what something may do to persons, to those left out, to the environment, to security."""

from datetime import date
from typing import Annotated, ClassVar

import msgspec

from bocage.domain.declaration import Declaration, Worked, noted, worked
from bocage.domain.label import Labelled
from bocage.domain.text import Text
from bocage.domain.text import message as _


class AssessmentNature(Labelled):
    """What is looked at."""

    PERSONAL_DATA = "personal-data", _("Personal data (GDPR 35)")
    INCLUSION = "inclusion", _("Inclusion")
    ENVIRONMENT = "environment", _("Environment")
    SECURITY = "security", _("Security")


class Gravity(Labelled):
    """The four levels of the method of the CNIL, for severity and likelihood."""

    NEGLIGIBLE = "negligible", _("Negligible")
    LIMITED = "limited", _("Limited")
    IMPORTANT = "important", _("Important")
    MAXIMAL = "maximal", _("Maximal")


class GroupAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What is said of one group of people."""

    left_out: Annotated[bool | None, noted(_("Could some of them be left out?"))] = None
    words: Annotated[Text | None, noted(_("Why, and what is done for them"))] = None


class Groups(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """The groups an assessment of inclusion goes through, one by one; unanswered is not a no."""

    age: Annotated[GroupAnswer, noted(_("Old or very young people"))] = GroupAnswer()
    gender: Annotated[GroupAnswer, noted(_("Women, men, and others"))] = GroupAnswer()
    disability: Annotated[GroupAnswer, noted(_("People with a disability"))] = GroupAnswer()
    precariousness: Annotated[GroupAnswer, noted(_("People in a precarious situation"))] = GroupAnswer()
    language: Annotated[GroupAnswer, noted(_("People who read or speak little French"))] = GroupAnswer()
    equipment: Annotated[GroupAnswer, noted(_("People without equipment or connection"))] = GroupAnswer()

    @property
    def unanswered(self) -> tuple[str, ...]:
        """The groups of which nothing is said yet."""
        return tuple(name for name in self.__struct_fields__ if getattr(self, name).left_out is None)

    @property
    def left_out(self) -> tuple[str, ...]:
        """The groups of which some could be left out."""
        return tuple(name for name in self.__struct_fields__ if getattr(self, name).left_out)


class Risk(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One risk, and what is done against it."""

    title: Annotated[Text, noted(_("What could happen"))]
    severity: Annotated[Gravity | None, noted(_("Severity"))] = None
    likelihood: Annotated[Gravity | None, noted(_("Likelihood"))] = None
    measures: Annotated[Text | None, noted(_("What is done against it"))] = None


class Assessment(Declaration, frozen=True, kw_only=True):
    """One assessment, attached to what it assesses."""

    kind: ClassVar[str] = "assessment"
    label: ClassVar[str] = _("Assessment")
    plural: ClassVar[str] = _("Assessments")
    about: ClassVar[str] = _("What projects and services may do to people, to the environment, to security.")

    title: Annotated[Text, noted(_("Title"), listed=True)]
    nature: Annotated[AssessmentNature, noted(_("About"), listed=True)]
    project: Annotated[str, noted(_("Project"), reference="project", listed=True)] = ""
    digital_service: Annotated[str, noted(_("Digital service"), reference="digital-service", listed=True)] = ""
    purpose: Annotated[str, noted(_("Purpose"), reference="purpose")] = ""
    algorithm: Annotated[str, noted(_("Algorithm"), reference="algorithm")] = ""
    assessor: Annotated[
        str,
        noted(_("Carried out by"), _("Empty when the territory does it itself."), reference="organisation"),
    ] = ""
    done: Annotated[date | None, noted(_("Finished on"), _("Empty while it goes on."), listed=True)] = None
    review: Annotated[
        date | None, noted(_("To be done again by"), _("Sooner when what it looks at changes."), listed=True)
    ] = None
    groups: Annotated[
        Groups, noted(_("Group by group"), _("For an assessment of inclusion: every group is answered."))
    ] = Groups()
    risks: Annotated[tuple[Risk, ...], noted(_("Risks"))] = ()
    conclusion: Annotated[Text | None, noted(_("Conclusion"), _("What may go on, and on which conditions."))] = None
    link: Annotated[str, noted(_("Link to the report"), pattern=r"^(https?://.*)?$")] = ""
    act: Annotated[str, noted(_("Official act"), reference="act")] = ""

    def worked_out(self) -> tuple[Worked, ...]:
        """Of inclusion: how many groups wait for an answer, and how many could be left out."""
        if self.nature is not AssessmentNature.INCLUSION:
            return ()
        waiting, left = len(self.groups.unanswered), len(self.groups.left_out)
        return worked(_("Groups without an answer yet"), waiting), worked(_("Groups that could be left out"), left)
