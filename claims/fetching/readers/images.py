"""PNG, JPEG, WebP and GIF: what the header says of width and height. No pixel is decoded."""

import struct
from collections.abc import Callable
from typing import BinaryIO, Final

from claims.fetching.readers import Asked, Leaves, Refused

HEAD: Final = 64
FLOOD: Final = 100_000_000  # pixels; unpacked, 400 MB
SEGMENTS: Final = 10_000
# Start-of-frame markers; C4, C8 and CC are other things.
FRAMES: Final = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
ALONE: Final = frozenset({0x01, *range(0xD0, 0xD8)})
Size = tuple[int, int]


def read(file: BinaryIO, leaves: Leaves, asked: Asked) -> None:
    """Notes the size; hands over no text."""
    head = file.read(HEAD)
    for mark, sized in READERS.items():
        if head.startswith(mark):
            width, height = _sized(sized, head, file)
            break
    else:
        raise Refused("wrong-type")
    if not width or not height:
        raise Refused("broken", "Its width or height is nought.")
    leaves.note(f"A picture of {width:,} × {height:,} pixels; pictures are not read for text.")
    if width * height > FLOOD:
        leaves.note("Unpacked it would fill the memory of many a machine: open it with care.")


def _sized(sized: Callable[[bytes, BinaryIO], Size], head: bytes, file: BinaryIO) -> Size:
    try:
        return sized(head, file)
    except (struct.error, IndexError):
        raise Refused("truncated", "It ends before it says how large the picture is.") from None


def _png(head: bytes, file: BinaryIO) -> Size:
    if head[12:16] not in {b"IHDR", b""[: len(head) - 12]}:
        raise Refused("broken", "A PNG has to begin with its header.")
    width, height = struct.unpack_from(">II", head, 16)
    return width, height


def _gif(head: bytes, file: BinaryIO) -> Size:
    width, height = struct.unpack_from("<HH", head, 6)
    return width, height


def _webp(head: bytes, file: BinaryIO) -> Size:
    form = head[12:16]
    if form == b"VP8X":
        low = struct.unpack_from("<HBHB", head, 24)
        return (low[0] | low[1] << 16) + 1, (low[2] | low[3] << 16) + 1
    if form == b"VP8L":
        (bits,) = struct.unpack_from("<I", head, 21)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if form == b"VP8 ":
        width, height = struct.unpack_from("<HH", head, 26)
        return width & 0x3FFF, height & 0x3FFF
    raise Refused("broken" if len(form) == 4 else "truncated", "A WebP has to begin with its picture.")


def _jpeg(head: bytes, file: BinaryIO) -> Size:
    """The first frame's size; segments before it are stepped over."""
    file.seek(2)
    for _segment in range(SEGMENTS):
        mark = file.read(2)
        if len(mark) < 2:
            break
        if mark[0] != 0xFF:
            raise Refused("broken", "There is something else between the segments of the JPEG.")
        if mark[1] == 0xFF:
            file.seek(-1, 1)
        elif mark[1] in FRAMES:
            height, width = struct.unpack_from(">HH", file.read(7), 3)
            return width, height
        elif mark[1] not in ALONE:
            (length,) = struct.unpack(">H", file.read(2))
            if length < 2:
                raise Refused("broken", "A segment of the JPEG is shorter than nothing.")
            file.seek(length - 2, 1)
    else:
        raise Refused("broken", "The JPEG has no end of segments before its picture.")
    raise Refused("truncated", "It ends before it says how large the picture is.")


READERS: Final[dict[bytes, Callable[[bytes, BinaryIO], Size]]] = {
    b"\x89PNG": _png, b"\xff\xd8": _jpeg, b"RIFF": _webp, b"GIF8": _gif,
}  # fmt: skip
