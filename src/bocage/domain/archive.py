"""What reading a ZIP archive may raise, whatever is wrong with it."""

import zipfile
import zlib
from typing import Final

UNREADABLE: Final = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError, ValueError)
