"""Streams that unpack to far more than they are, made without unpacking anything."""

import struct
import zipfile
import zlib

MIB = 1024 * 1024
LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"


def deflated(mebibytes: int, letter: bytes = b"\0", *, raw: bool = True) -> bytes:
    """Deflate of so many MiB of one letter: one MiB's block, repeated."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(letter * MIB) + packer.flush(zlib.Z_FULL_FLUSH)
    stream = block * mebibytes + b"\x03\0"
    # a reader that checks the sum at the end has unpacked it all by then
    return stream if raw else b"\x78\x9c" + stream + b"\0\0\0\0"


def entry(
    name: str,
    packed: bytes,
    size: int,
    crc: int = 0,
    offset: int = 0,
    flags: int = 0,
    method: int = zipfile.ZIP_DEFLATED,
) -> tuple[bytes, bytes]:
    """An entry of a zip, and what the directory at its end says of it."""
    named = name.encode()
    body = struct.pack("<HHHHHIIIHH", 20, flags, method, 0, 0x21, crc, len(packed), size, len(named), 0)
    local = LOCAL + body + named + packed
    listed = CENTRAL + struct.pack("<H", 20) + body + struct.pack("<HHHII", 0, 0, 0, 0, offset) + named
    return local, listed


def archive(*entries: tuple[str, bytes, int], flags: int = 0, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of entries: name, packed bytes, and the size that is said of them."""
    locals_, listed = b"", b""
    for name, packed, size in entries:
        local, line = entry(name, packed, size, offset=len(locals_), flags=flags, method=method)
        locals_, listed = locals_ + local, listed + line
    return locals_ + listed + ended(len(entries), len(listed), len(locals_))


def overlapping(entries: int, mebibytes: int) -> bytes:
    """A zip whose directory names one stream many times."""
    packed = deflated(mebibytes)
    local, _line = entry("word/document.xml", packed, mebibytes * MIB)
    lines = [entry(f"word/document.xml{number or ''}", packed, mebibytes * MIB)[1] for number in range(entries)]
    listed = b"".join(lines)
    return local + listed + ended(entries, len(listed), len(local))


def ended(entries: int, directory: int, offset: int) -> bytes:
    """The end of a zip."""
    return END + struct.pack("<HHHHIIH", 0, 0, entries, entries, directory, offset, 0)
