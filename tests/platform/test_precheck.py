"""What `make demo` says before it sets anything up."""

import fcntl
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from verify import precheck
from verify.demo import alone
from verify.folder import PROJECT, Folder


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A port somebody else listens on, named by PORT."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        number = server.getsockname()[1]
        monkeypatch.setenv("PORT", str(number))
        yield number


def test_a_taken_port_is_said_in_one_line(taken: int, tmp_path: Path) -> None:
    with pytest.raises(
        precheck.NotNow, match=f"^Port {taken} is taken. Choose another one: PORT={taken + 1} make demo$"
    ):
        precheck.check(Folder(tmp_path))


def test_it_needs_no_package_of_the_project(taken: int, tmp_path: Path) -> None:
    environment = {"PORT": str(taken), "GALLEY_DATA": str(tmp_path / "data")}
    command = [
        sys.executable,
        "-I",
        "-S",
        "-c",
        "import sys; sys.path.insert(0, '.'); from verify.precheck import main; main()",
    ]
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("named", ["abc", "0", "-1", "65536", "8000.5", "8 000"])
def test_a_port_that_is_none_is_said(named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", named)
    with pytest.raises(precheck.NotNow, match="is no port"):
        precheck.port()


def test_a_second_demo_is_told_where_the_first_is(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    with folder.locked(precheck.LOCK, fcntl.LOCK_EX) as lock:
        lock.write("http://localhost:8123")
        lock.flush()
        with pytest.raises(precheck.NotNow, match="already runs, at http://localhost:8123"):
            precheck.check(folder)
    assert precheck.running(folder) is None


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """A folder with what a bare system has, and no Python."""
    found = tmp_path / "bin"
    found.mkdir()
    for name in ("sh", "dirname", "tr", "grep", "cksum"):
        (found / name).symlink_to(next(p for p in (Path("/bin", name), Path("/usr/bin", name)) if p.exists()))
    return found


def set_up(tools: Path, project: Path) -> subprocess.CompletedProcess[str]:
    (project / "verify").mkdir()
    (project / "verify" / "setup.sh").write_bytes((PROJECT / "verify" / "setup.sh").read_bytes())
    environment = {"PATH": str(tools), "HOME": str(project)}
    command = [tools / "sh", "verify/setup.sh", "demo"]
    return subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)


def test_a_missing_python_is_said_in_one_line(tools: Path, tmp_path: Path) -> None:
    done = set_up(tools, tmp_path)
    assert done.returncode == 1
    assert done.stderr == "Galley needs Python 3.12, 3.13 or 3.14, and none is on the PATH or among pyenv's versions.\n"


def test_a_python_without_venv_is_said_in_one_line(tools: Path, tmp_path: Path) -> None:
    fake = tools / "python3.13"
    fake.write_text('#!/bin/sh\ncase "$2" in *venv*) exit 1;; esac\n')
    fake.chmod(0o755)
    done = set_up(tools, tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith(f"Galley needs Python's venv module, and {fake} has none")
    assert done.stderr.count("\n") == 1


def test_a_shim_that_cannot_run_is_passed_over(tools: Path, tmp_path: Path) -> None:
    shim = tools / "python3.14"
    shim.write_text("#!/bin/sh\necho 'pyenv: python3.14: command not found' >&2\nexit 127\n")
    shim.chmod(0o755)
    versions = tmp_path / ".pyenv" / "versions" / "3.13.0" / "bin"
    versions.mkdir(parents=True)
    (versions / "python").write_text('#!/bin/sh\ncase "$1" in -m) echo reached "$3" >&2; exit 7;; esac\n')
    os.chmod(versions / "python", 0o755)  # noqa: PTH101
    done = set_up(tools, tmp_path)
    assert (done.returncode, done.stderr) == (7, "reached \n")


def test_commands_name_the_port_that_the_demo_has_or_had_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`create_team` prints a link; it has to lead to where Galley is."""
    folder = Folder(tmp_path)
    monkeypatch.delenv("PORT", raising=False)
    assert precheck.address(folder) == "http://localhost:8000"
    with alone(folder, "http://localhost:8123"):
        assert precheck.address(folder) == "http://localhost:8123"
    assert precheck.address(folder) == "http://localhost:8123"
    monkeypatch.setenv("PORT", "8456")
    assert precheck.address(folder) == "http://localhost:8456"
    monkeypatch.delenv("PORT")
    (tmp_path / precheck.LOCK).write_text("")
    assert precheck.address(folder) == "http://localhost:8000"
