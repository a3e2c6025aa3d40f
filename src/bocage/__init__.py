"""Bocage: the software of a territory that keeps its word."""
