"""Values with a name people read: the stored value is stable, the label is translated."""

import enum
from typing import Self


class Labelled(enum.StrEnum):
    """A closed list; each member is `NAME = "stored-value", _("label in English")`."""

    label: str

    def __new__(cls, value: str, label: str) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def of(cls, value: str) -> Self:
        """The member of a stored value; ValueError when there is none."""
        for member in cls:
            if member.value == value:
                return member
        raise ValueError(f"{value!r} is not one of {', '.join(cls)}")
