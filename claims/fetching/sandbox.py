"""Text out of a foreign file, by a child process that can do nothing else: decision 051.

    reading = read(path, "text/html; charset=utf-8")

The child gets the open file as its standard input, no environment, no network, and 10 seconds; what it answers is taken
for as hostile as the file. Where bubblewrap is missing the child's own fences remain; `protection()` says which stand.
"""

import contextlib
import functools
import importlib.metadata
import importlib.util
import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Final

from claims.fetching import answers, fences, kinds
from claims.fetching.answers import Answer, Part, Reading, Unreadable
from claims.fetching.listening import Heard, heard
from claims.fetching.readers import Asked

__all__ = ["Limits", "Part", "Protection", "Reading", "Unreadable", "protection", "read"]

LOG: Final = logging.getLogger("galley.captures")
HERE: Final = Path(__file__).resolve().parent
CHILD: Final = HERE / "reading.py"
READERS: Final[dict[str, str]] = {
    "pdf": "pdf", "docx": "office", "sheet": "office", "csv": "csv", "html": "html", "text": "text", "image": "images",
}  # fmt: skip
# Packages of the readers: their folders are what the child sees of all that is installed.
PACKAGES: Final = (
    *("pypdfium2", "docx", "python_calamine", "trafilatura", "lxml", "typing_extensions"),
    *("rfc3161_client", "cryptography", "_cffi_backend"),
)
STAMP: Final = HERE / "readers" / "stamp.py"
SYSTEM: Final = (Path("/usr"), Path("/usr/local"), Path("/"))
LOADER_CACHE: Final = "/etc/ld.so.cache"
FALLEN: Final = frozenset({signal.SIGABRT, signal.SIGSEGV, signal.SIGBUS, signal.SIGILL, signal.SIGTRAP})
SCRATCH: Final = 1024 * 1024  # bytes; no reader needs any
# Of the child's time, what it may use before it hands over what it has.
SOFT: Final = 0.7


@dataclass(frozen=True)
class Limits:
    """What one reading may take. Bytes, seconds, characters, counts."""

    seconds: float = 10.0
    memory: int = 512 * 1024 * 1024
    characters: int = 5_000_000
    parts: int = 50_000
    pages: int = 2_000


@dataclass(frozen=True)
class Protection:
    """What stands between a reader and the machine."""

    bubblewrap: bool
    fences: frozenset[str]

    @property
    def name(self) -> str:
        """“bubblewrap”, “fences” (the kernel's own means, all that matter), or “limits” (something is missing)."""
        return "bubblewrap" if self.bubblewrap else "limits" if self.missing else "fences"

    @property
    def missing(self) -> tuple[str, ...]:
        """What a reader taken over by a file could still reach: of “network”, “files”, “processes”."""
        stops = {
            "network": {fences.NAMESPACES, fences.CALLS},
            "files": {fences.FILES},
            "processes": {fences.CALLS},
        }
        return () if self.bubblewrap else tuple(what for what, any_of in stops.items() if not any_of & self.fences)


@dataclass(frozen=True)
class Around:
    """How a child is put away; tests take parts of it off."""

    bubblewrap: bool = True
    without: frozenset[str] = frozenset()


def read(
    path: Path,
    media_type: str = "",
    *,
    name: str = "",
    limits: Limits = Limits(),
    _reader: Path | None = None,
    _around: Around = Around(),
) -> Reading:
    """What the file says, by its kind. `media_type` is the Content-Type it came with, `name` its name: hints.

    Sound and video are read as having no text. Raises Unreadable; OSError where the file is not there.
    """
    kind = kinds.sniff(path, media_type, name)
    if path.stat().st_size == 0:
        raise Unreadable("empty")
    if kind.family in {"audio", "video"}:
        return Reading(kind.media_type, "", (), 0, "", ())
    program = READERS.get(kind.family)
    if program is None and _reader is None:
        raise Unreadable("wrong-type", f"By its content it is {kind.media_type}.")
    asked = Asked(kind.family, kinds.charset(media_type), limits.characters, limits.parts, limits.pages,
                  limits.seconds * SOFT)  # fmt: skip
    reader = _reader or HERE / "readers" / f"{program}.py"
    with path.open("rb") as file:
        answer = _asked(file, reader, asked, limits, _around)
    return _reading(answer, kind, media_type)


def row_of(content: bytes, reader: Path, *, limits: Limits = Limits(), _around: Around = Around()) -> tuple[str, ...]:
    """The one row of cells that a reader hands over of these bytes. Raises Unreadable; OSError where no room is."""
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        answer = _asked(file, reader, Asked("", "", 100_000, 1, 0, limits.seconds * SOFT), limits, _around)
    cells = answer.parts[0].cells if len(answer.parts) == 1 else ()
    if not cells:
        raise Unreadable("broken")
    return cells


@functools.cache
def protection() -> Protection:
    """Which protection is there on this machine, found out by a child once a process."""
    with Path(os.devnull).open("rb") as nothing:
        answer = _asked(nothing, HERE / "readers" / "nothing.py", Asked("text", "", 0, 0, 0, 0), Limits(), Around())
    return Protection(_bubblewrap() is not None, answer.fences)


def _reading(answer: Answer, kind: kinds.Kind, declared: str) -> Reading:
    media_type = answer.media_type if answer.media_type in answers.MEDIA_TYPES else kind.media_type
    notes = [*answer.notes]
    said = declared.partition(";")[0].strip().lower()
    if said.startswith(("application/pdf", "image/", "application/vnd.")) and said != media_type:
        notes.insert(0, f"It was declared as {said[:100]}; by its content it is {media_type}.")
    return Reading(media_type, answer.title, answer.parts, answer.pages, _tool(answer.by), tuple(notes))


@functools.cache
def _tool(by: str) -> str:
    """“pypdfium2 5.15.2”, for a package that a reader may name; what Python itself reads is Python's."""
    return f"{by} {importlib.metadata.version(by)}" if by in answers.TOOLS else f"Python {sys.version.split()[0]}"


# --- the child ------------------------------------------------------------------------------------------------------


def _asked(file: IO[bytes], reader: Path, asked: Asked, limits: Limits, around: Around) -> Answer:
    wrapped = _bubblewrap() if around.bubblewrap else None
    readable = _readable(reader)
    told = {
        "reader": str(reader),
        "packages": [str(path) for path in _packages()],
        "readable": readable,
        "memory": limits.memory,
        "seconds": limits.seconds,
        "asked": asdict(asked),
        # bubblewrap has made them already
        "without": sorted({*around.without, *([fences.NAMESPACES] if wrapped else [])}),
    }
    command = [*(_wrapping(wrapped, readable) if wrapped else []), *_python(), str(CHILD), json.dumps(told)]
    most = 4 * limits.characters + 200 * limits.parts + 100_000
    with subprocess.Popen(
        command,
        stdin=file,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={},
        cwd="/",
        start_new_session=True,
    ) as child:
        try:
            what = heard(child, time.monotonic() + limits.seconds, most)
        finally:
            _end(child)
    return _answer(what, child.returncode, limits)


def _end(child: subprocess.Popen[bytes]) -> None:
    """Ends the child and all that it started: its process group; under bubblewrap its namespace ends with it."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _answer(what: Heard, status: int, limits: Limits) -> Answer:
    if what.ended == "time":
        raise Unreadable("too-slow", f"It was given {limits.seconds:g} seconds.")
    if what.ended == "size":
        raise Unreadable("too-large", "Its reader answered without end.")
    # a process that bubblewrap has run ends with 128 and the signal's number
    ended_by = -status if status < 0 else status - 128
    if ended_by == signal.SIGXCPU:
        raise Unreadable("too-slow", f"It was given {limits.seconds:g} seconds.")
    answer = answers.understood(bytes(what.out), limits.parts, limits.characters)
    if answer is not None and status == 0:
        return answer
    if b"memory allocation" in what.errors or b"MemoryError" in what.errors:
        raise Unreadable("too-large", f"Its reader may have {limits.memory // 2**20} MB of memory.")
    LOG.warning("A reader ended with %s: %r", status, bytes(what.errors[-500:]))
    more = f"It may need more than the {limits.memory // 2**20} MB of memory that there are for it."
    raise Unreadable("crashed", more if ended_by in FALLEN else "")


# --- what the child sees --------------------------------------------------------------------------------------------


def _python() -> list[str]:
    """The interpreter itself, not the venv's link to it: no environment, no site, nothing written."""
    return [str(_interpreter()), "-I", "-S", "-B"]


@functools.cache
def _interpreter() -> Path:
    return Path(getattr(sys, "_base_executable", "") or sys.executable).resolve()


@functools.cache
def _packages() -> tuple[Path, ...]:
    """The folders that the readers' packages stand in."""
    found = (importlib.util.find_spec(name) for name in PACKAGES)
    files = [Path(spec.origin) for spec in found if spec and spec.origin]
    return tuple(dict.fromkeys(file.parent.parent if file.name == "__init__.py" else file.parent for file in files))


def _readable(reader: Path) -> list[str]:
    """What the child may open: the interpreter and libraries (no programs), the packages, and this folder.

    Not all of /usr: containers keep projects in /usr/src.
    """
    prefixes = sorted({Path(prefix).resolve() for prefix in (sys.base_prefix, sys.base_exec_prefix)})
    libraries = [prefix / lib for prefix in (*prefixes, *SYSTEM) for lib in ("lib", "lib64")]
    own = [HERE] if reader.is_relative_to(HERE) else [HERE, reader]
    places = [*libraries, Path(LOADER_CACHE), _interpreter(), *_packages(), *own]
    return [str(place) for place in dict.fromkeys(places) if place.exists()]


def _wrapping(bubblewrap: str, readable: list[str]) -> list[str]:
    """bubblewrap and its arguments: everything unshared, and only `readable` there, for reading."""
    return [
        bubblewrap,
        *("--unshare-all", "--die-with-parent", "--new-session", "--clearenv", "--cap-drop", "ALL"),
        *("--hostname", "reader", "--chdir", "/"),
        *("--size", str(SCRATCH), "--tmpfs", "/tmp"),  # noqa: S108  # the child's own
        *(word for words in _bound(readable) for word in words),
        *("--remount-ro", "/", "--"),
    ]


def _bound(readable: list[str]) -> Iterator[tuple[str, ...]]:
    for place in readable:
        path = Path(place)
        if path.is_symlink():
            yield "--symlink", str(path.readlink()), place
        else:
            yield "--ro-bind", place, place


@functools.cache
def _bubblewrap() -> str | None:
    """The path of bubblewrap, where it is there and the system lets it work; tried once a process."""
    found = shutil.which("bwrap")
    if found is None:
        return None
    command = [*_wrapping(found, _readable(CHILD)), *_python(), "-c", "pass"]
    try:
        tried = subprocess.run(command, env={}, cwd="/", capture_output=True, timeout=Limits.seconds, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return found if tried.returncode == 0 else None


def tried_anew() -> None:
    """Find out again what protection there is."""
    _bubblewrap.cache_clear()
    protection.cache_clear()
