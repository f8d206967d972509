"""The data folder of one installation: its database cluster, the cluster's passwords and the secret key.

GALLEY_DATA names it, `var/` beside manage.py is the default. Only `make demo` makes one.
"""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

PROJECT = Path(__file__).resolve().parent.parent
PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700
# passable, not readable: where root started it, another system user owns the cluster inside
PASSABLE_FOLDER = 0o711


@dataclass(frozen=True)
class Secrets:
    """Passwords of the two roles, and Django's secret key."""

    owner_password: str
    web_password: str
    secret_key: str

    @classmethod
    def fresh(cls) -> "Secrets":
        return cls(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48))


@dataclass(frozen=True)
class Folder:
    """Where things are in a data folder."""

    root: Path

    @classmethod
    def of_environment(cls) -> "Folder":
        return cls(Path(os.environ.get("GALLEY_DATA") or PROJECT / "var").absolute())

    @property
    def cluster(self) -> Path:
        return self.root / "cluster"

    @property
    def log(self) -> Path:
        return self.root / "postgres.log"

    @property
    def backups(self) -> Path:
        return self.root / "backups"

    @property
    def captures(self) -> Path:
        return self.root / "captures"

    @property
    def secrets_file(self) -> Path:
        return self.root / "secrets.json"

    @property
    def made(self) -> bool:
        """Whether a cluster and its passwords are here. The cluster appears only when it is complete."""
        return self.secrets_file.is_file() and self.cluster.is_dir()

    def open_up(self) -> None:
        """Make the folder, closed to others; root leaves it passable for the user who runs PostgreSQL."""
        self.root.mkdir(parents=True, exist_ok=True)
        self.root.chmod(PASSABLE_FOLDER if os.geteuid() == 0 else PRIVATE_FOLDER)

    def secrets(self) -> Secrets:
        return Secrets(**json.loads(self.secrets_file.read_text()))

    def keep(self, kept: Secrets) -> None:
        """Write the secrets in one step, readable by the owner of the folder alone."""
        new = self.secrets_file.with_suffix(".new")
        new.unlink(missing_ok=True)
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
        with os.fdopen(descriptor, "w") as file:
            json.dump(asdict(kept), file, indent=2)
            file.flush()
            os.fsync(file.fileno())
        new.rename(self.secrets_file)

    @contextmanager
    def locked(self, name: str, how: int = fcntl.LOCK_EX) -> Iterator[IO[str]]:
        """Hold a lock file for the duration. BlockingIOError where `how` says not to wait."""
        descriptor = os.open(self.root / name, os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
        with os.fdopen(descriptor, "r+") as file:
            fcntl.flock(file, how)
            yield file
