"""What one process changed and another one remembers: said through the database, heard here."""

from bocage import civic, evidence, relational
from bocage.accounts import tokens
from bocage.assembly.instance import Instance
from bocage.registers.revisions import REVISIONS as REGISTERS
from bocage.sensing.revisions import REVISIONS as SENSING

CHOSEN = "chosen"


class Sharing:
    """Hears the words of the other processes until it is stopped."""

    def __init__(self, instance: Instance, url: str) -> None:
        from bocage.store.postgres.saying import Words  # psycopg is loaded where there is a server only

        self._instance = instance
        instance.chosen.say = lambda: relational.say(CHOSEN)
        self._words = Words(url, relational.CHANNEL, self._hear, self._look)
        self.stop = self._words.stop

    def _hear(self, words: str) -> None:
        name, _, territory = words.partition(" ")
        for one in (REGISTERS, SENSING):
            if one.name == name:
                one.hear(territory)
        if name == tokens.WORD:
            self._instance.tokens.forget()
        if name == CHOSEN:
            self._instance.chosen.again()
        if name == civic.WORD:
            evidence.withhold()

    def _look(self) -> None:
        """Something may have been said while nobody listened."""
        REGISTERS.hear()
        SENSING.hear()
        evidence.withhold()
        self._instance.tokens.forget()
