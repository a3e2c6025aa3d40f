"""Deliveries: put beside the change that causes them, tried until they arrive, visible all along."""
