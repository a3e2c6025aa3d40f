"""Spreadsheets (XLSX, XLS, ODS), read by the mapping of the source."""

from bocage.domain.plugin import Plugin
from bocage.domain.text import message as _
from bocage.sources.xlsx.decode import decode

PLUGIN = Plugin(
    id="xlsx",
    label=_("Spreadsheet (XLSX, XLS, ODS)"),
    media_types=(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.ms-excel",
        "application/vnd.oasis.opendocument.spreadsheet",
    ),
    suffixes=(".xlsx", ".xls", ".ods"),
    decode=decode,
)
