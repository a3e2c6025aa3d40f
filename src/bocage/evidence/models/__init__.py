"""Models: bundles of declarations with places to fill, offered by size of territory or by one territory to many."""
