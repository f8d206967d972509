"""Data folders for tests of the platform itself."""

import os
from pathlib import Path


def passable(folder: Path) -> Path:
    """The folder, which the user who runs PostgreSQL for root can pass into: pytest closes its own to others."""
    if os.geteuid() == 0:
        for parent in folder.parents[:3]:
            if parent.stat().st_mode & 0o777 == 0o700:
                parent.chmod(0o711)
    return folder
