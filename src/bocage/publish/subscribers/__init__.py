"""Sends subscribers what came, in order and signed, and loses nothing while one of them is away."""

from bocage.publish.subscribers.reach import Reach, reach_of, reaches
from bocage.publish.subscribers.sending import KIND, Subscribers, post
from bocage.publish.subscribers.signing import ALGORITHM, Signer

__all__ = ["ALGORITHM", "KIND", "Reach", "Signer", "Subscribers", "post", "reach_of", "reaches"]
