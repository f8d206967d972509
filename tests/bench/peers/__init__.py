"""What others' audit trails for Django cost one update, measured in the same run as ours.

They are no dependency: pip brings them (requirements.txt beside this, by hash) into a folder of the run, and a process
of its own reads them from there.
"""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.bench.figures import milliseconds

HERE = Path(__file__).parent
PATIENCE = 300  # seconds


@dataclass(frozen=True)
class Peer:
    """What a package makes of one update in a transaction: seconds with it, and without."""

    name: str
    version: str
    seconds: float
    bare: float

    def __str__(self) -> str:
        took = f"{milliseconds(self.seconds)} against {milliseconds(self.bare)}"
        return f"{self.name} {self.version}: {self.seconds / self.bare:.2f}×, {took}"


def measured(url: str, updates: int) -> list[Peer]:
    """The peers, over so many updates each, in the empty database of the URL; none where they cannot be had."""
    with tempfile.TemporaryDirectory(prefix="galley-peers-") as folder:
        install = [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-deps",
            "--require-hashes",
            "--target",
            folder,
        ]
        brought = subprocess.run(
            [*install, "-r", HERE / "requirements.txt"], capture_output=True, text=True, check=False
        )
        if brought.returncode:
            print(f"\nthe peers could not be brought: {brought.stderr.strip().splitlines()[-1:]}")
            return []
        run = [sys.executable, str(HERE / "measure.py"), str(updates)]
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": folder, "PEERS_URL": url}
        said = subprocess.run(run, env=environment, capture_output=True, text=True, check=False, timeout=PATIENCE)
    if said.returncode:
        raise RuntimeError(said.stderr)
    return [Peer(**peer) for peer in json.loads(said.stdout)]
