"""Text tables: CSV, TSV and their many dialects, read by the mapping of the source."""

from bocage.domain.plugin import Plugin
from bocage.domain.text import message as _
from bocage.sources.bocage_csv.decode import decode

PLUGIN = Plugin(
    id="bocage-csv",
    label=_("Text table (CSV)"),
    media_types=("text/csv", "text/tab-separated-values", "text/plain"),
    suffixes=(".csv", ".tsv", ".txt"),
    decode=decode,
    heading=1,
)
