"""A subscription: somebody outside who is sent the measurements of open datasets as they come."""

from typing import Annotated, ClassVar

from bocage.domain.declaration import Declaration, noted
from bocage.domain.text import Text
from bocage.domain.text import message as _


class Subscription(Declaration, frozen=True, kw_only=True):
    """Who receives, at which address, which datasets. Only what is open to all is sent."""

    kind: ClassVar[str] = "subscription"
    label: ClassVar[str] = _("Subscription")
    plural: ClassVar[str] = _("Subscriptions")
    about: ClassVar[str] = _("Who is sent open measurements as they come, and where.")

    title: Annotated[Text, noted(_("Name"), listed=True)]
    receiver: Annotated[str, noted(_("Who receives"), reference="organisation", listed=True)] = ""
    address: Annotated[
        str,
        noted(
            _("Address that receives"),
            _("It answers POST with 200; how to know that it is us is told on the page of subscriptions."),
            listed=True,
            pattern=r"^https?://[^\s@/?#]+([/?][^\s#]*)?$",
            max_length=500,
        ),
    ]
    datasets: Annotated[tuple[str, ...], noted(_("Datasets"), reference="dataset", listed=True)]
    active: Annotated[bool, noted(_("Is it in force?"), _("What came meanwhile is sent once it is again."))] = True
