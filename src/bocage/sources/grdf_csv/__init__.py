"""Files of GRDF as customers download them: what was used each gas day."""

from bocage.domain.plugin import Plugin
from bocage.domain.text import message as _
from bocage.sources.grdf_csv.decode import decode, describe

PLUGIN = Plugin(
    id="grdf-csv",
    label=_("Gas meters (files of GRDF)"),
    media_types=("text/csv",),
    suffixes=(".csv", ".txt"),
    decode=decode,
    describe=describe,
)
