"""Files of office programs: what kind it really is, and whether it is fit to be opened at all."""

from typing import BinaryIO, Final

from claims.fetching import kinds
from claims.fetching.readers import Asked, Leaves, Refused, zips

# Names of streams in an OLE file, which stand in it as UTF-16.
LOCKED: Final = "EncryptedPackage".encode("utf-16-le")
WORKBOOKS: Final = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))


def read(file: BinaryIO, leaves: Leaves, asked: Asked) -> None:
    """Gives the file to the reader of what stands in it."""
    start = file.read(8)
    file.seek(0)
    if start == kinds.OLE:
        _ole(file)
        _workbook(file, leaves, asked, kinds.XLS)
        return
    names = zips.checked(file)
    file.seek(0)
    if "word/document.xml" in names:
        from claims.fetching.readers import docx

        leaves.say(media_type=kinds.DOCX)
        docx.read(file, leaves, asked)
    elif "xl/workbook.xml" in names:
        _workbook(file, leaves, asked, kinds.XLSX)
    elif "xl/workbook.bin" in names:
        _workbook(file, leaves, asked, kinds.XLSB)
    elif "content.xml" in names and zips.says_it_is(file, kinds.ODS):
        _workbook(file, leaves, asked, kinds.ODS)
    else:
        raise Refused("wrong-type", "It is a zip with neither a Word document nor a workbook in it.")


def _workbook(file: BinaryIO, leaves: Leaves, asked: Asked, media_type: str) -> None:
    from claims.fetching.readers import xlsx

    leaves.say(media_type=media_type)
    file.seek(0)
    xlsx.read(file, leaves, asked)


def _ole(file: BinaryIO) -> None:
    """Raises Refused for an OLE file that is locked, or holds no workbook."""
    content = file.read()
    if LOCKED in content:
        raise Refused("encrypted")
    if not any(name in content for name in WORKBOOKS):
        raise Refused("wrong-type", "It is an old Office file, and no workbook: save it as DOCX or PDF.")
