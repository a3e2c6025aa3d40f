"""The observation log: one protocol, several homes, one contract suite."""
