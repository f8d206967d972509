"""PDF by pypdfium2: the text of each page, a line a line."""

from typing import BinaryIO, Final

import pypdfium2
import pypdfium2.raw as pdfium

from claims.fetching.letters import clean
from claims.fetching.readers import Asked, Leaves, Refused

TAIL: Final = 2048  # bytes in which a whole file says that it ends
# pdfium's sign for a hyphen and the end of its line; whether the word has it within a line too, nobody knows
PARTED: Final = "\x02"
LOCKED: Final = (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)


def read(file: BinaryIO, leaves: Leaves, asked: Asked) -> None:
    """Hands over up to `asked.pages` pages; one that cannot be read stays empty and is noted."""
    content = file.read()
    document = _opened(content)
    pages = len(document)
    if pages < 1:
        raise Refused("broken", "It has no pages.")
    leaves.say(by="pypdfium2", pages=pages, title=clean(document.get_metadata_value("Title")))
    unread, letters = 0, 0
    for number in range(1, min(pages, asked.pages) + 1):
        try:
            text = _text(document, number - 1)
        except pypdfium2.PdfiumError:
            text, unread = "", unread + 1
            if unread == number == min(pages, 100):
                raise Refused("broken", "None of its pages can be read.") from None
        letters += len(text)
        leaves.text(f"p. {number}", "page", text)
    if pages > asked.pages:
        leaves.note(f"It has {pages:,} pages; only the text of the first {asked.pages:,} is kept.")
    if unread:
        leaves.note(f"{unread:,} of its pages cannot be read.")
    elif not letters:
        leaves.note("There is no text in it: its pages may be pictures.")


def _opened(content: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if error.err_code in LOCKED:
            raise Refused("encrypted") from None
        raise Refused("broken" if b"%%EOF" in content[-TAIL:] else "truncated") from None


def _text(document: pypdfium2.PdfDocument, index: int) -> str:
    page = document[index]
    text = page.get_textpage()
    try:
        lines = str(text.get_text_bounded()).replace(PARTED, "-\n").splitlines()
        return "\n".join(line.rstrip() for line in lines)
    finally:
        text.close()
        page.close()
