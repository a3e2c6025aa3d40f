"""Deliveries: put beside the change that causes them, tried until they arrive, visible all along."""

from bocage.outbox.delivery import Deliverer
from bocage.outbox.parcels import Parcel, State, counted, forget, parcels, put, retry

__all__ = ["Deliverer", "Parcel", "State", "counted", "forget", "parcels", "put", "retry"]
