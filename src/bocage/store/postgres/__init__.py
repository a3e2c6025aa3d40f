"""The home in PostgreSQL: several processes, on several machines, one log."""
