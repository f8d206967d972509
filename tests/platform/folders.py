"""Data folders for tests of the platform itself."""

import os
import tempfile
from pathlib import Path


def passable(folder: Path) -> Path:
    """The folder, which the user who runs PostgreSQL for root can pass into: pytest closes its own to others."""
    temporary = Path(tempfile.gettempdir())
    for parent in folder.parents if os.geteuid() == 0 else ():
        if parent != temporary and parent.is_relative_to(temporary):
            parent.chmod(0o711)
    return folder
