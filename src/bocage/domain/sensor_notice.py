"""A sensor notice: what is sensed here, why, and who to ask, in the words of DTPR."""

from datetime import date
from typing import Annotated, ClassVar

import msgspec

from bocage.domain.declaration import Declaration, noted
from bocage.domain.text import Text
from bocage.domain.text import message as _
from bocage.domain.translation import Translation


class Support(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """The pole, wall or street furniture that bears a sensor: whose it is, and who allowed it."""

    owner: Annotated[
        str,
        noted(_("Who owns the support"), _("Where it is not the territory itself."), reference="organisation"),
    ] = ""
    agreement: Annotated[
        str,
        noted(_("Agreement of the owner"), _("Reference of the letter or of the convention."), max_length=200),
    ] = ""
    agreed: Annotated[date | None, noted(_("Day of the owner's agreement"))] = None
    road: Annotated[
        str,
        noted(_("Permission of the road authority"), _("Where one is due: reference and day."), max_length=200),
    ] = ""
    heritage: Annotated[
        str,
        noted(
            _("Opinion of the Architecte des Bâtiments de France"),
            _("Where one was asked for: reference and day."),
            max_length=200,
        ),
    ] = ""

    def agreed_by(self, today: date) -> bool:
        """Whether its owner has agreed on that day, as far as it says."""
        return self.agreed <= today if self.agreed else bool(self.agreement.strip())


class SensorNotice(Declaration, frozen=True, kw_only=True):
    """One notice for one thing or for several of the same kind; DTPR v1 element ids (Helpful Places, CC-BY 4.0).

    What the machine knows (purpose, retention, hosting, owner) is not asked again: it comes from what runs.
    """

    kind: ClassVar[str] = "sensor-notice"
    label: ClassVar[str] = _("Sensor notice")
    plural: ClassVar[str] = _("Sensor notices")
    about: ClassVar[str] = _("What the public is told about each sensor.")

    title: Annotated[Text, noted(_("What is measured, in three words"), listed=True)]
    things: Annotated[tuple[str, ...], noted(_("Things it stands for"), reference="thing", listed=True)] = ()
    why: Annotated[Text | None, noted(_("Why, in one line"))] = None
    technology: Annotated[tuple[str, ...], noted(_("Technology"), reference="dtpr:device__tech")] = ()
    collected: Annotated[tuple[str, ...], noted(_("What is collected"), reference="dtpr:device__data")] = ()
    purpose: Annotated[tuple[str, ...], noted(_("Purpose (DTPR)"), reference="dtpr:device__purpose")] = ()
    process: Annotated[tuple[str, ...], noted(_("What is done with it"), reference="dtpr:device__process")] = ()
    access: Annotated[tuple[str, ...], noted(_("Who has access"), reference="dtpr:device__access")] = ()
    storage: Annotated[tuple[str, ...], noted(_("How it is stored"), reference="dtpr:device__storage")] = ()
    accountable: Annotated[str, noted(_("Who answers for it"), reference="organisation")] = ""
    contact: Annotated[Text | None, noted(_("Who to ask"), _("A person: counter, telephone, opening hours."))] = None
    support: Annotated[
        Support, noted(_("Support"), _("Pole, wall, street furniture: whose it is, and who allowed the sensor there."))
    ] = Support()
    translations: Annotated[
        tuple[Translation, ...],
        noted(
            _("Other languages of the sign"),
            _("A translated sign is in French and in two other languages at least; English above counts as one."),
        ),
    ] = ()

    def __post_init__(self) -> None:
        languages = [one.language for one in self.translations]
        if len(set(languages)) < len(languages):
            raise ValueError("one translation a language")

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages besides French in which the sign is whole: the title, and why where it says why."""
        return tuple(code for code, _label in self.named_languages)

    @property
    def named_languages(self) -> tuple[tuple[str, str], ...]:
        """The same with their names, English messages."""
        english = self.title.en and (self.why is None or self.why.en)
        others = ((one.language.value, one.language.label) for one in self.translations if self.why is None or one.why)
        return (*((("en", _("English")),) if english else ()), *others)
