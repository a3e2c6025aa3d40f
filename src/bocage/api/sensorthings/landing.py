"""The root of the service: its collections, and which requirements of the standard it fulfils."""

from typing import Any, Final

from bocage.api.sensorthings.model import SINGULAR

SPEC: Final = "http://www.opengis.net/spec/iot_sensing/1.1/req/"
_ENTITIES: Final = (
    *("thing", "location", "historical-location", "datastream", "sensor", "observed-property", "observation"),
    "feature-of-interest",
)
_READING: Final = (
    "resource-path/resource-path-to-entities",
    *(
        f"request-data/{name}"
        for name in (
            *("order", "expand", "select", "status-code", "query-status-code", "orderby", "top", "skip", "count"),
            *("filter", "built-in-filter-operations", "built-in-query-functions", "pagination"),
        )
    ),
)
_WRITING: Final = (
    *("create-entity", "link-to-existing-entities", "deep-insert", "deep-insert-status-code", "update-entity"),
    *("update-entity-put", "update-entity-jsonpatch", "delete-entity", "historical-location-auto-creation"),
)
CONFORMANCE: Final = (
    *(f"{SPEC}datamodel/{name}/{part}" for name in _ENTITIES for part in ("properties", "relations")),
    f"{SPEC}datamodel/entity-control-information/common-control-information",
    *(SPEC + one for one in _READING),
    f"{SPEC}data-array/data-array",
    *(f"{SPEC}create-update-delete/{name}" for name in _WRITING),
    f"{SPEC}batch-request/batch-request",
    *(f"{SPEC}multi-datastream/{name}" for name in ("properties", "relations", "constraints")),
)
"""What is true of this service; what is not fulfilled is not in it."""


def document(base: str) -> dict[str, Any]:
    """What the root answers."""
    return {
        "value": [{"name": name, "url": f"{base}/{name}"} for name in SINGULAR],
        "serverSettings": {"conformance": list(CONFORMANCE)},
    }
