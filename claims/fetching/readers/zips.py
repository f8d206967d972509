"""Zip files, looked through before any reader opens them: how much is in them, by what they say and by counting."""

import copy
import zipfile
import zlib
from typing import BinaryIO, Final

from claims.fetching.readers import Refused

ENTRIES: Final = 5_000
TOTAL: Final = 200 * 1024 * 1024  # bytes of all that is in it
RATIO, SMALL = 100, 20 * 1024 * 1024  # no more than so many times its size, once it is no longer small
PIECE: Final = 256 * 1024
WHOLE: Final = (b"PK\x05\x06", b"PK\x06\x06")
SEARCHED: Final = 65_557  # bytes from the end in which a zip's directory is announced
XML: Final = (".xml", ".rels", ".vml")
DOCTYPE: Final = b"<!DOCTYPE"  # which the standards of these files forbid


def checked(file: BinaryIO) -> frozenset[str]:
    """The names in a zip that is fit to be opened. Raises Refused."""
    size = file.seek(0, 2)
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            _refuse_by_what_it_says(entries, size)
            left = TOTAL
            for entry in entries:
                left -= _counted(archive, entry, left)
    except NotImplementedError:
        raise Refused("broken", "It is packed in a way that is not known here.") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError):
        raise Refused(_cut_or_broken(file, size)) from None
    return frozenset(entry.filename for entry in entries)


def says_it_is(file: BinaryIO, media_type: str) -> bool:
    """Whether its entry `mimetype` names that type."""
    with zipfile.ZipFile(file) as archive:
        return "mimetype" in archive.namelist() and archive.read("mimetype").strip() == media_type.encode()


def _refuse_by_what_it_says(entries: list[zipfile.ZipInfo], size: int) -> None:
    if len(entries) > ENTRIES:
        raise Refused("bomb", f"There are {len(entries):,} files in it, and {ENTRIES:,} may be.")
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused("encrypted")
    total = sum(entry.file_size for entry in entries)
    if total > TOTAL or (total > SMALL and total > RATIO * size):
        raise Refused("bomb", f"It says that it unpacks from {size:,} bytes to {total:,}.")
    if len({entry.filename for entry in entries}) < len(entries):
        raise Refused("broken", "Two files in it have one name.")


def _counted(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> int:
    """The bytes that an entry really unpacks to; zipfile itself would stop at what the entry says."""
    honest = copy.copy(entry)
    honest.file_size = most + 1
    del honest.CRC  # what is read may be longer than what it was made of
    markup, count, last = entry.filename.lower().endswith(XML), 0, b""
    wide = False
    with archive.open(honest) as content:
        while piece := content.read(PIECE):
            # UTF-16 and wider: a nought stands among the first four bytes, and between all letters that matter
            wide = wide or (not count and b"\0" in piece[:4])
            count += len(piece)
            letters = last + (piece.translate(None, b"\0") if wide else piece)
            if markup and DOCTYPE in letters:
                raise Refused("entities")
            last = letters[-len(DOCTYPE) :]
            if count > most:
                raise Refused("bomb", f"It unpacks to more than {TOTAL:,} bytes.")
    if count != entry.file_size:
        raise Refused(
            "bomb" if count > entry.file_size else "broken", "It says something else of its sizes than is so."
        )
    return count


def _cut_or_broken(file: BinaryIO, size: int) -> str:
    file.seek(max(0, size - SEARCHED))
    return "broken" if any(mark in file.read(SEARCHED) for mark in WHOLE) else "truncated"
