"""Where the bytes of captures are: a folder, or a store that speaks S3 (settings.STORAGES["captures"]).

Bytes lie under a key made of their hash (models.captures.key_of), so to put the same twice is to put it once. Who puts
has a committed Pending row before; who reads is told where the bytes are not what their key says.
"""

import errno
import fcntl
import hashlib
import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, override

from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.utils.translation import gettext as _

CHUNK = 1024 * 1024
PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700
UNFINISHED = ".unfinished"  # in a folder's root: files that are just being written
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
# what S3 and those who speak it too say when a disk or a quota is full
FULL = {"InsufficientStorage", "QuotaExceeded", "XMinioStorageFull", "XMinioAdminBucketQuotaExceeded"}
OF_S3 = ("botocore", "boto3", "s3transfer", "urllib3")
INSUFFICIENT_STORAGE = 507


class StoreAway(Exception):
    """The store cannot be used just now; str() says so to people, `why` to whoever runs it."""

    code = "store-away"

    def __init__(self, why: str = "") -> None:
        super().__init__(self.sentence())
        self.why = why

    def sentence(self) -> str:
        return _("The store of captures does not answer.")


class StoreFull(StoreAway):
    """There is no room left in the store."""

    code = "store-full"

    @override
    def sentence(self) -> str:
        return _("There is no room left in the store of captures.")


class Lost(Exception):
    """The bytes of a key are not there."""


class Damaged(Exception):
    """The bytes of a key are not those that its hash is of."""


# --- what the rest of the house asks ---------------------------------------------------------


def put(key: str, file: IO[bytes]) -> None:
    """Put a file's bytes under a key, whether or not they are there; StoreAway, StoreFull where that fails."""
    file.seek(0)
    with _told():
        _storage().save(key, File(file, name=key))


@contextmanager
def opened(key: str) -> Iterator[IO[bytes]]:
    """The bytes of a key as a file, once they are known to give its hash. Lost, Damaged or StoreAway where they do not.

    They are checked first and read afterwards: nothing of damaged bytes is ever handed out.
    """
    with _told():
        try:
            file = _storage().open(key)
        except FileNotFoundError as error:
            _names("")  # of a bucket that is not there, S3 says no more of a file than of one in it
            raise Lost(key) from error
    try:
        with _told():
            digest = hashlib.sha256()
            while chunk := file.read(CHUNK):
                digest.update(chunk)
            if digest.hexdigest() != key.rpartition("/")[2]:
                raise Damaged(key)
            file.seek(0)
        yield file
    finally:
        file.close()


def exists(key: str) -> bool:
    with _told():
        return _storage().exists(key)


def delete(key: str) -> None:
    """Take the bytes of a key away; no error where they are not there."""
    with _told():
        _storage().delete(key)


def keys(team: int) -> Iterator[str]:
    """All keys of a team, whoever names them or nobody."""
    with _told():
        for folder in sorted(_names(str(team))[0]):
            for name in sorted(_names(f"{team}/{folder}")[1]):
                yield f"{team}/{folder}/{name}"


def teams() -> list[int]:
    """The teams, by id, that have bytes in the store."""
    with _told():
        return sorted(int(name) for name in _names("")[0] if name.isdecimal())


def clear(older_than: float = 60) -> None:
    """Throw away what was being written by somebody who was killed, where the store is a folder."""
    storage = _storage()
    if isinstance(storage, Folder):
        with _told():
            storage.clear(older_than)


def unfinished(older_than: float = 60) -> list[str]:
    """What clear() would throw away, by its path in the store."""
    storage = _storage()
    with _told():
        left = storage.abandoned(older_than) if isinstance(storage, Folder) else ()
        return [f"{UNFINISHED}/{path.name}" for path in left]


def _storage() -> Storage:
    return storages["captures"]


def _names(folder: str) -> tuple[list[str], list[str]]:
    try:
        return _storage().listdir(folder)
    except FileNotFoundError:
        return [], []


@contextmanager
def _told() -> Iterator[None]:
    """Faults of a disk and of S3 in the words of the house."""
    try:
        yield
    except OSError as error:
        kind = StoreFull if error.errno in NO_ROOM else StoreAway
        raise kind(str(error)) from error
    except Exception as error:
        if not type(error).__module__.startswith(OF_S3):
            raise
        raise (StoreFull if _says_full(error) else StoreAway)(str(error)) from error


def _says_full(error: Exception) -> bool:
    answer: dict[str, Any] = getattr(error, "response", None) or {}
    status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode")
    return status == INSUFFICIENT_STORAGE or answer.get("Error", {}).get("Code") in FULL


# --- a folder --------------------------------------------------------------------------------


class Folder(FileSystemStorage):
    """Files in a folder that nobody else may read. A file appears in one step, when all of it is on the disk.

    `made`: the folder is made where it is missing. One that was named by a setting is not: a disk that is not mounted
    is away, and not empty.
    """

    def __init__(self, location: str, *, made: bool = False) -> None:
        super().__init__(
            location=location,
            file_permissions_mode=PRIVATE_FILE,
            directory_permissions_mode=PRIVATE_FOLDER,
            allow_overwrite=True,
        )
        self.made = made

    def _open(self, name: str, mode: str = "rb") -> "File[bytes]":
        self._be_there()
        return File(Path(self.path(name)).open(mode))

    def _be_there(self) -> None:
        if self.made:
            _make(Path(self.location))
        elif not Path(self.location).is_dir():
            raise NotADirectoryError(errno.ENOTDIR, "there is no such folder", self.location)

    def _save(self, name: str, content: "File[bytes]") -> str:
        self._be_there()
        target, root = Path(self.path(name)), Path(self.location)
        new = root / UNFINISHED / f"{target.name}.{uuid.uuid4().hex}"
        for folder in (new.parent, target.parent.parent, target.parent):
            _make(folder)
        try:
            with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE), "wb") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                for chunk in content.chunks(CHUNK):
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
                new.rename(target)
        except BaseException:
            new.unlink(missing_ok=True)
            raise
        _sync(target.parent)
        return name

    @override
    def delete(self, name: str) -> None:
        """Take a file away, and what is left of it where somebody was killed who wrote it."""
        super().delete(name)
        for path in self.abandoned(0, f"{Path(name).name}.*"):
            path.unlink()

    def clear(self, older_than: float) -> None:
        """Throw away unfinished files that nobody writes any more."""
        for path in self.abandoned(older_than):
            path.unlink()

    def abandoned(self, older_than: float, named: str = "*") -> Iterator[Path]:
        """Unfinished files that nobody writes any more: each is locked while it is looked at."""
        for path in sorted((Path(self.location) / UNFINISHED).glob(named)):
            with suppress(FileNotFoundError, BlockingIOError), path.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if time.time() - path.stat().st_mtime >= older_than:
                    yield path


def _make(folder: Path) -> None:
    """Make a folder, closed to others, where it is missing; it is on the disk afterwards."""
    try:
        folder.mkdir(mode=PRIVATE_FOLDER)
    except FileExistsError:
        return
    _sync(folder.parent)


def _sync(folder: Path) -> None:
    """Have what a folder lists on the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
