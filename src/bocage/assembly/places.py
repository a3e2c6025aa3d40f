"""Where things lie inside the data folder."""

from pathlib import Path

import msgspec


class Places(msgspec.Struct, frozen=True, kw_only=True):
    """Every path under the data folder, by noun."""

    data: Path

    @property
    def log(self) -> Path:
        """The observation log."""
        return self.data / "log"

    @property
    def relational(self) -> Path:
        """The folder of the relational database."""
        return self.data

    @property
    def heads(self) -> Path:
        """Signed heads of the chains, outside the database."""
        return self.data / "heads"

    @property
    def keys(self) -> Path:
        """Private keys, readable by the owner only."""
        return self.data / "keys"

    @property
    def drop(self) -> Path:
        """Folders in which files are dropped."""
        return self.data / "drop"

    @property
    def quarantine(self) -> Path:
        """Unreadable messages of declared sources, for a few days."""
        return self.data / "quarantine"

    @property
    def erasures(self) -> Path:
        """Lists of what was erased, which backups leave out: a restored copy is held to them."""
        return self.data / "erasures"

    @property
    def moved(self) -> Path:
        """What an instance left behind when it went into a database; nobody reads it any more."""
        return self.data / "moved"

    @property
    def moving(self) -> Path:
        """There while an instance moves: what marks the other place as unfinished."""
        return self.data / "moving"

    @property
    def socket(self) -> Path:
        """The socket commands speak to while `serve` runs."""
        return self.data / "bocage.sock"

    @property
    def lock(self) -> Path:
        """The lock of the one process that owns this folder."""
        return self.data / "lock"

    def make(self) -> None:
        """Make the folders that must exist, closed to others."""
        for folder in (self.data, self.log, self.heads, self.keys, self.drop, self.quarantine, self.erasures):
            folder.mkdir(parents=True, exist_ok=True)
        for folder in (self.data, self.keys):
            folder.chmod(0o700)
