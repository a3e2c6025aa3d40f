"""The desk: pages for agents."""
