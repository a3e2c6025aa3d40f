"""People and machines: who is speaking, and what they may do."""
