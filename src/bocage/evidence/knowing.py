"""What a gate is told that is no declaration: what this machine checked, what duties found."""

from datetime import datetime

import msgspec

from bocage.commitments.labelling import Found
from bocage.domain.application import Application
from bocage.domain.label_award import LabelAward
from bocage.evidence.examining import found
from bocage.evidence.facts import today
from bocage.evidence.tables import CheckedRow


class Knowing(msgspec.Struct, frozen=True, kw_only=True):
    """Asked while changes are judged. `believed`: whoever holds the machine writes files, which nobody else checks."""

    territory: str
    at: datetime | None = None
    believed: bool = False

    def checked(self, kind: str, slug: str) -> frozenset[str] | None:
        """Digests of the certificates found in order for an application that have not ended since."""
        if self.believed or kind != Application.kind:
            return None
        rows = CheckedRow.objects.filter(territory=self.territory, application=slug)
        if self.at is not None:
            rows = rows.filter(ends__gte=today(self.territory, self.at))
        return frozenset(rows.values_list("digest", flat=True))

    def found(self, kind: str) -> Found | None:
        """What the last examination found, for a label."""
        if self.believed or kind != LabelAward.kind or self.at is None:
            return None
        return found(self.territory, self.at)
