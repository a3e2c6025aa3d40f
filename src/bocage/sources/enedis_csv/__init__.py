"""Files of Enedis as customers download them: load curves, indexes, daily consumption."""

from bocage.domain.plugin import Plugin
from bocage.domain.text import message as _
from bocage.sources.enedis_csv.decode import decode
from bocage.sources.enedis_csv.describe import describe

PLUGIN = Plugin(
    id="enedis-csv",
    label=_("Electricity meters (files of Enedis)"),
    media_types=("text/csv",),
    suffixes=(".csv", ".txt"),
    decode=decode,
    describe=describe,
)
