"""A house for the tests of a file, made when the first of them asks for it, on a disk that can be filled."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.disk import Disk, SmallDisk, SmallFiles
from tests.faults.house import House


@pytest.fixture(scope="session")
def static(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the houses of a run have their static files, collected once."""
    return tmp_path_factory.mktemp("static")


@pytest.fixture(scope="module")
def root() -> Iterator[Path]:
    """A folder that the user who runs PostgreSQL for root passes into: every run of pytest closes those of its own."""
    made = Path(tempfile.mkdtemp(prefix="galley-house-"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="module")
def disk(root: Path) -> Iterator[Disk]:
    found = SmallDisk.mounted(root) or SmallFiles()
    yield found
    found.close()


@pytest.fixture(scope="module")
def house(django_db_setup: None, root: Path, disk: Disk, static: Path) -> Iterator[House]:
    made = House(root / "data", static)
    try:
        yield made.open()
    finally:
        made.close()
