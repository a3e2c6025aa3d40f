"""Which right each route asks for; a route without a line here is not served.

Add the line with the route, then run `python scripts/write_rights.py`, which copies the table into
docs/rights.md. Lines of one prefix stand together, in the order of the pages.
"""

from collections.abc import Mapping
from typing import Final

_OPEN = {
    "portal": (
        "home",
        "territory",
        "sensors",
        "sensor",
        "notice",
        "data",
        "dataset",
        "processing",
        "registers",
        "register",
        "declaration",
        "promises",
        "promise",
        "refusals",
        "person",
        "outlines",
        "points",
    ),
    "api": ("heads", "head", "registers", "register", "declaration", "schema", "dataset-csv", "dataset-parquet"),
    "system": ("static", "healthz", "metrics"),
}

ROUTES: Final[Mapping[str, str]] = {
    **{f"{prefix}.{name}": "read-open" for prefix, names in _OPEN.items() for name in names},
    "api.live": "read-open",
    "api.push": "push",
    "api.declare": "declare",
    "account.sign-in": "sign-in",
    "account.welcome": "sign-in",
    "account.sign-out": "own-account",
    "account.own": "own-account",
    "desk.overview": "read-desk",
    "desk.map": "read-desk",
    "desk.points": "read-desk",
    "desk.things": "read-desk",
    "desk.thing": "read-desk",
    "desk.datastream": "read-data",
    "desk.series": "read-data",
    "desk.refusals": "read-refusals",
    "desk.declare": "declare",
    "desk.registers": "read-desk",
    "desk.register": "read-desk",
    "desk.declaration": "read-desk",
    "desk.history": "read-desk",
    "desk.diff": "read-desk",
    "desk.form": "declare",
    "desk.restore": "declare",
    "desk.withdraw": "declare",
    "desk.connect": "read-desk",
    "desk.preview": "deliver",
    "desk.drop": "deliver",
    "desk.inventory": "declare",
    "desk.tokens": "read-tokens",
    "desk.token-issue": "issue-tokens",
    "desk.token-revoke": "revoke-tokens",
    "desk.accounts": "manage-accounts",
    "desk.account": "manage-accounts",
    "desk.invite": "manage-accounts",
    "desk.sessions": "revoke-sessions",
    "desk.session-end": "revoke-sessions",
    "desk.jobs": "read-running",
    "desk.job-run": "redo-work",
    "desk.parcel-retry": "redo-work",
}
