"""Django's connection to PostgreSQL, which opens again by itself after the server went away.

Django looks at broken connections when a request begins; followers, jobs and ticks have no requests.
"""

from typing import Any

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """The same, looked at after an error before it is used again."""

    def _cursor(self, name: str | None = None) -> Any:
        if self.errors_occurred and not self.in_atomic_block:
            self.close_if_unusable_or_obsolete()
        return super()._cursor(name)  # type: ignore[misc]
