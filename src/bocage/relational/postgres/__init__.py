"""Django's PostgreSQL, as an instance needs it."""
