"""A pack: resources of the commons that go together for one use, adopted in one step."""

from typing import Annotated, ClassVar

from bocage.domain.declaration import Declaration, noted
from bocage.domain.text import Text
from bocage.domain.text import message as _


class Pack(Declaration, frozen=True, kw_only=True):
    """A list of names in the commons; no register holds packs, only what they bring."""

    kind: ClassVar[str] = "pack"
    label: ClassVar[str] = _("Use-case pack")
    plural: ClassVar[str] = _("Use-case packs")
    about: ClassVar[str] = _("Rules, indicators, clauses and schemas that go together for one use.")

    title: Annotated[Text, noted(_("Title"), listed=True)]
    use_case: Annotated[str, noted(_("Use case"), _("Its code in the library of use cases."), max_length=40)] = ""
    why: Annotated[Text | None, noted(_("What it is for"))] = None
    holds: Annotated[
        tuple[Annotated[str, noted(_("Name"), max_length=380)], ...],
        noted(_("What it holds"), _("Names in the shared resources: kind/territory/short-name.")),
    ] = ()
