"""Projects in time: their steps and decisions, what became of prototypes, who does what, what was expected and seen."""
