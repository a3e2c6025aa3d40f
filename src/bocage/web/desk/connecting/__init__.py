"""Connecting what a territory has: what it is, the lines to paste on the other side, the first message as it comes."""
