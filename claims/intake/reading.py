"""What comes in, checked and decoded: one Python string with LF as its only line end."""

import re
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

MAX_CHARACTERS: Final = 500_000
MAX_BLOCKS: Final = 20_000
MAX_FILE_BYTES: Final = 5 * 1024 * 1024
SUFFIXES: Final = (".txt", ".md")

# Unicode's own line and paragraph separators are line ends by name; VT, FF and NEL stay as typed.
LINE_END: Final = re.compile("\r\n|\r|\u2028|\u2029")
SURROGATE: Final = re.compile("[\ud800-\udfff]")
CONTROL: Final = re.compile("[\x01-\x08\x0e-\x1f\x7f]")
SIGNATURES: Final = (
    (b"%PDF-", "PDF"),
    (b"PK\x03\x04", "ZIP, Word, OpenDocument"),
    (b"{\\rtf", "RTF"),
    (b"\xd0\xcf\x11\xe0", "Word"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"\x1f\x8b", "gzip"),
)


class Unreadable(ValueError):
    """What came cannot become an article. `heading` says what happened, `advice` what to do; str() is both."""

    def __init__(self, heading: str, advice: str) -> None:
        super().__init__(f"{heading}. {advice}")
        self.heading = heading
        self.advice = advice


def as_typed(text: str) -> str:
    """`text` with its line ends as LF and nothing else changed.

    Raises Unreadable for NUL, lone surrogates, a text without one visible character, or too long a text.
    """
    refuse_broken_characters(text)
    text = LINE_END.sub("\n", text)
    if not text or text.isspace():
        raise Unreadable(_("There is no text in it"), _("Paste the article, or choose a file with text in it."))
    refuse_too_long(text)
    return text


def refuse_broken_characters(text: str) -> None:
    """Raises Unreadable, naming the line, for what no database or file could hold."""
    nul = text.find("\0")
    if nul >= 0:
        raise Unreadable(
            _("There is a NUL character in line %(line)d") % {"line": line_at(text, nul)},
            _("Text has none: take it out, or copy the text from its source again."),
        )
    half = SURROGATE.search(text)
    if half:
        raise Unreadable(
            _("There is half of a character in line %(line)d") % {"line": line_at(text, half.start())},
            _("It was cut in two on its way here: copy the text from its source again."),
        )


def refuse_too_long(text: str) -> None:
    """Raises Unreadable with the count of characters over MAX_CHARACTERS."""
    over = len(text) - MAX_CHARACTERS
    if over <= 0:
        return
    heading = ngettext("Too long by %(over)s character", "Too long by %(over)s characters", over)
    raise Unreadable(
        heading % {"over": f"{over:,}"},
        _("An article may have %(most)s, some 80,000 words. Take out what is not the article, or import it in parts.")
        % {"most": f"{MAX_CHARACTERS:,}"},
    )


def refuse_too_many_blocks(count: int) -> None:
    """Raises Unreadable with the count of blocks where there are more than MAX_BLOCKS."""
    if count > MAX_BLOCKS:
        raise Unreadable(
            _("Too many paragraphs: %(count)s") % {"count": f"{count:,}"},
            _("An article may have %(most)s. Take out what is not the article, or import it in parts.")
            % {"most": f"{MAX_BLOCKS:,}"},
        )


def line_at(text: str, position: int) -> int:
    """The number of the line, from 1, in which `position` stands."""
    return len(LINE_END.sub("\n", text[:position]).split("\n"))


def decoded(name: str, content: bytes) -> str:
    """The text of a .txt or .md file: UTF-8, UTF-16 with its mark, or Windows-1252 that reads like text.

    Raises Unreadable for another kind of file, more than MAX_FILE_BYTES, or bytes that are no text.
    """
    refuse_other_files(name, content)
    for start, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"", "utf-8-sig"), (b"", "cp1252")):
        if content.startswith(start):
            text = text_if_it_is(content, encoding)
            if text is not None:
                return text
    raise Unreadable(
        _("%(name)s cannot be read as text") % {"name": name},
        _("Save it as plain text in UTF-8, or paste the text."),
    )


def refuse_other_files(name: str, content: bytes) -> None:
    """Raises Unreadable for a file that its name, size or first bytes show to be no text."""
    if not name.lower().endswith(SUFFIXES):
        raise Unreadable(
            _("%(name)s is not a .txt or .md file") % {"name": name},
            _("Save it as plain text, or paste the text."),
        )
    if len(content) > MAX_FILE_BYTES:
        raise Unreadable(
            _("%(name)s is larger than 5 MB") % {"name": name},
            _("An article is far smaller: import it in parts."),
        )
    for signature, kind in SIGNATURES:
        if content.startswith(signature):
            raise Unreadable(
                _("%(name)s is not plain text but another kind of file (%(kind)s)") % {"name": name, "kind": kind},
                _("Save it as plain text, or paste the text."),
            )


def text_if_it_is(content: bytes, encoding: str) -> str | None:
    """`content` decoded, or None where that fails or gives what nobody writes."""
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return None
    if "\0" in text or len(CONTROL.findall(text)) * 200 > len(text):
        return None
    if encoding == "cp1252" and not reads_like_western_text(text):
        return None
    return text


def reads_like_western_text(text: str) -> bool:
    """Whether few enough letters are beyond ASCII: Windows-1252 reads any Cyrillic or Greek file as such letters."""
    beyond = sum(character > "\x7f" for character in text)
    return beyond * 4 <= sum(character.isalpha() for character in text)
