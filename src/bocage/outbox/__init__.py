"""Deliveries: put beside the change that causes them, tried until they arrive, visible all along."""

from bocage.outbox.delivery import Deliverer, Hopeless
from bocage.outbox.letters import ALERT, MAIL, forget_letters, post
from bocage.outbox.mail import Mailer, MailFailure
from bocage.outbox.parcels import Parcel, State, counted, forget, numbered, parcels, put, retry

__all__ = [
    "ALERT",
    "MAIL",
    "Deliverer",
    "Hopeless",
    "MailFailure",
    "Mailer",
    "Parcel",
    "State",
    "counted",
    "forget",
    "forget_letters",
    "numbered",
    "parcels",
    "post",
    "put",
    "retry",
]
