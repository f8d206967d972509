"""The drill in a data folder: a backup taken while people write, every format byte by byte, damage, and kills."""

import random
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from claims.views.reports import FORMATS
from tests.faults.house import House, wait_for
from tests.faults.writers import Crew
from verify import embedded
from verify.folder import PROJECT, Folder

pytestmark = pytest.mark.slow
DAMAGES = 24


@pytest.fixture
def other() -> Iterator[Folder]:
    made = Path(tempfile.mkdtemp(prefix="galley-other-"))
    made.chmod(0o711)
    folder = Folder(made / "data")
    yield folder
    embedded.stop(folder)
    shutil.rmtree(made)


def run(folder: Folder, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": "/usr/bin:/bin", "GALLEY_DATA": str(folder.root)}
    return subprocess.run(
        [sys.executable, *command], cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
    )


def restore(folder: Folder, backup: Path) -> subprocess.CompletedProcess[str]:
    return run(folder, "-m", "verify.backup", "restore", str(backup))


def reports_of(folder: Folder, into: Path) -> dict[str, bytes]:
    """The report of article 1 in every format, as the command writes it."""
    found = {}
    for kind in FORMATS:
        output = into / f"report.{kind}"
        asked = ("--format", kind, "--output", str(output), "--as", "margit@ledger.example")
        done = run(folder, "manage.py", "export_report", "1", *asked)
        assert done.returncode == 0, done.stderr
        found[kind] = output.read_bytes()
    return found


def test_the_whole_drill(house: House, other: Folder, tmp_path: Path) -> None:
    # backups while people write: each is one moment
    with Crew(house) as crew:
        backups = []
        for _time in range(3):
            seen = crew.acknowledged
            wait_for(lambda seen=seen: crew.acknowledged >= seen + 5, "writers")  # type: ignore[misc]
            backups.append(Path(house.run("-m", "verify.backup", "make").stdout.strip()))
    for backup in backups:
        done = restore(other, backup)
        assert done.returncode == 0, done.stderr
    assert len(list(other.root.glob("cluster-before-*"))) == len(backups) - 1

    # the last of all, and its reports, byte by byte
    issued = reports_of(house.folder, tmp_path)
    last = Path(house.run("-m", "verify.backup", "make").stdout.strip())
    assert restore(other, last).returncode == 0
    assert reports_of(other, tmp_path) == issued
    verified = run(other, "manage.py", "verify_trail").stdout
    assert verified == house.verified()

    # an older one, against the report kept outside
    (tmp_path / "kept.json").write_bytes(issued["json"])
    assert restore(other, backups[0]).returncode == 0
    told = run(other, "manage.py", "verify_trail", "--against", str(tmp_path / "kept.json"))
    assert (told.returncode, "and it is gone" in told.stdout + told.stderr) == (1, True)
    assert restore(other, last).returncode == 0

    damaged(other, last, verified)
    killed(other, last, verified)


def damaged(other: Folder, backup: Path, verified: str) -> None:
    """With its sum beside it any damage is refused; without it, what is read in is verified or refused."""
    whole, chance = backup.read_bytes(), random.Random(4)
    bad = backup.with_name("damaged.dump")
    beside = bad.with_name(bad.name + ".sha256")
    beside.write_text(backup.with_name(backup.name + ".sha256").read_text())
    for turn in range(DAMAGES):
        at = chance.randrange(len(whole))
        cut = whole[:at] if turn % 4 == 0 else whole[:at] + bytes([whole[at] ^ 1 << turn % 8]) + whole[at + 1 :]
        bad.write_bytes(cut)
        refused = restore(other, bad)
        assert (refused.returncode, "was damaged or changed" in refused.stderr) == (1, True)
    beside.unlink()
    bad.write_bytes(whole[: len(whole) - 3000])
    refused = restore(other, bad)
    assert (refused.returncode, "could not be read in" in refused.stderr) == (1, True)
    assert run(other, "manage.py", "verify_trail").stdout == verified


def killed(other: Folder, backup: Path, verified: str) -> None:
    """A restore that is killed leaves the old database in place, and nothing in the way of the next."""
    environment = {"PATH": "/usr/bin:/bin", "GALLEY_DATA": str(other.root)}
    restoring = subprocess.Popen(
        [sys.executable, "-m", "verify.backup", "restore", str(backup)],
        cwd=PROJECT,
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    wait_for(lambda: list(other.root.glob("restoring-*/postgres.log")), "its server")
    for child in psutil.Process(restoring.pid).children():
        if child.name().startswith("python"):
            child.kill()
    restoring.send_signal(signal.SIGKILL)
    restoring.wait()
    assert run(other, "manage.py", "verify_trail").stdout == verified
    assert restore(other, backup).returncode == 0
    assert not list(other.root.glob("restoring-*"))
    assert run(other, "manage.py", "verify_trail").stdout == verified
