"""The settings tools read (type checker, `python -m django makemigrations --settings bocage.relational.typing`)."""

from bocage.relational.settings import settings_of

globals().update(settings_of(":memory:", b"tools sign nothing"))
