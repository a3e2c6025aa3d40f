"""A witness: somebody outside who keeps the head of the registers' chain, so that nobody can write it anew unseen."""

from typing import Annotated, ClassVar

from bocage.domain.declaration import Declaration, noted
from bocage.domain.label import Labelled
from bocage.domain.text import Text
from bocage.domain.text import message as _


class WitnessNature(Labelled):
    """How the head reaches it."""

    BOCAGE = "bocage", _("Another instance of Bocage, which answers with a signed receipt")
    ADDRESS = "address", _("An address that receives it, signed")
    MAIL = "mail", _("Somebody, by mail")


class Witness(Declaration, frozen=True, kw_only=True):
    """Who keeps the heads, and how they get there; every day, and with each certificate."""

    kind: ClassVar[str] = "witness"
    label: ClassVar[str] = _("Witness")
    plural: ClassVar[str] = _("Witnesses of the registers")
    about: ClassVar[str] = _("Who outside keeps the heads of the registers, so that nobody can write them anew unseen.")

    title: Annotated[Text, noted(_("Name"), listed=True)]
    organisation: Annotated[str, noted(_("Who keeps them"), reference="organisation", listed=True)] = ""
    nature: Annotated[WitnessNature, noted(_("How the head reaches it"), listed=True)] = WitnessNature.BOCAGE
    address: Annotated[
        str,
        noted(
            _("Address that receives"),
            _("Of another instance: the one it gives you, https://.../api/TERRITORY/witness."),
            pattern=r"^(https?://[^\s@/?#]+([/?][^\s#]*)?)?$",
            max_length=500,
        ),
    ] = ""
    mail: Annotated[
        str,
        noted(
            _("Mail of the person"),
            _("Only for a witness by mail. It stays out of the history, and can be erased."),
            personal=True,
            max_length=254,
        ),
    ] = ""
    active: Annotated[bool, noted(_("Is it in force?"))] = True

    @property
    def reachable(self) -> bool:
        """Whether it says where a head is to go."""
        return bool(self.mail if self.nature is WitnessNature.MAIL else self.address)


class Witnessed(Declaration, frozen=True, kw_only=True):
    """Somebody whose heads are kept here: known by the key that signs them."""

    kind: ClassVar[str] = "witnessed"
    label: ClassVar[str] = _("Territory whose heads are kept here")
    plural: ClassVar[str] = _("Territories whose heads are kept here")
    about: ClassVar[str] = _("For whom this territory is a witness, and the key by which it knows their heads.")

    title: Annotated[Text, noted(_("Name"), listed=True)]
    organisation: Annotated[str, noted(_("Whose registers"), reference="organisation", listed=True)] = ""
    territory: Annotated[
        str, noted(_("Its name in addresses"), _("As in its heads: val-de-loire."), listed=True, min_length=1)
    ]
    key: Annotated[
        str,
        noted(
            _("Key of its heads"),
            _("43 signs; it is on its page of certificates, for agents."),
            pattern=r"^[A-Za-z0-9_-]{43}$",
        ),
    ]
    site: Annotated[str, noted(_("Address of its site"), pattern=r"^(https?://.*)?$")] = ""
