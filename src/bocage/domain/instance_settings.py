"""What the administrator of an instance sets on the screen: its address, its mail, its sign-in, its backups."""

from typing import Annotated

import msgspec

from bocage.domain.broker import Door
from bocage.domain.declaration import noted
from bocage.domain.label import Labelled
from bocage.domain.text import message as _


class MailSecurity(Labelled):
    """How the way to the mail server is closed to others."""

    STARTTLS = "starttls", _("STARTTLS (usual, port 587)")
    TLS = "tls", _("TLS from the first byte (port 465)")
    NONE = "none", _("Nothing: only towards a server of this machine")


class Mail(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """The server that takes mail in; its password is kept apart."""

    host: Annotated[str, noted(_("Mail server"), min_length=1)]
    port: Annotated[int, noted(_("Port"), ge=1, le=65_535)] = 587
    security: Annotated[MailSecurity, noted(_("Security"))] = MailSecurity.STARTTLS
    user: Annotated[str, noted(_("User"))] = ""
    sender: Annotated[str, noted(_("Address that mails come from"), min_length=3)]


class OpenIdConnect(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """The provider that signs people in (OpenID Connect Core 1.0); its secret is kept apart.

    `on`: whether people are offered it; only after it was tried. `tried`: what identifies the setting somebody signed
    in with on trial.
    """

    issuer: Annotated[str, noted(_("Address of the provider (issuer)"), pattern=r"^https?://")]
    client_id: Annotated[str, noted(_("Name of Bocage at the provider (client_id)"), min_length=1)]
    label: Annotated[str, noted(_("What the button says"))] = ""
    vouches: Annotated[bool, noted(_("Trusted for the e-mail addresses it gives"))] = False
    on: Annotated[bool, noted(_("Offered to people who sign in"))] = False
    tried: Annotated[str, noted(_("Mark of the setting that was tried, written by the screen"))] = ""


class Backups(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """When a copy of everything is made, and how many are kept."""

    hour: Annotated[int, noted(_("Hour of the night"), ge=0, le=23)] = 2
    keep: Annotated[int, noted(_("Nights kept"), ge=1, le=90)] = 7
    elsewhere: Annotated[str, noted(_("Where copies are taken to, outside this machine"), max_length=200)] = ""


class Publication(Door, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """The broker that open measurements are published to (SensorThings, OGC 18-088); its secrets are kept apart."""

    prefix: Annotated[
        str,
        noted(
            _("What stands before the topics"),
            _("As in: town/ for town/v1.1/Datastreams(1)/Observations. Nothing when empty."),
            pattern=r"^([^+#\s]*/)?$",
        ),
    ] = ""
    select: Annotated[
        tuple[Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z]+(,[A-Za-z]+)*$", max_length=200)], ...],
        noted(
            _("Also with a part of each observation ($select)"),
            _("As in: result,phenomenonTime. One a line; each has topics of its own, that end with ?$select=…"),
        ),
    ] = ()


class InstanceSettings(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """All of it. What is None or empty was not set; nothing is sent or offered by what was not set."""

    public_url: Annotated[str, noted(_("Public address"), pattern=r"^(https?://[^\s/?#]+/?)?$")] = ""
    mail: Mail | None = None
    sign_in: OpenIdConnect | None = None
    backups: Backups = Backups()
    publication: Publication | None = None
