"""Who works with whom: actors in projects, bodies and agreements, and the contracts that bind them."""
