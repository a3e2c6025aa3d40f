"""Pages of models: a starting set by size, models offered to other territories, and the answers of those."""
