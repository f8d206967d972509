"""Whose text it is: bylines, and names written in capitals."""

import re
from collections.abc import Iterator, Sequence
from typing import Final


def words_of(text: str) -> frozenset[str]:
    """The words of a list as people write it."""
    return frozenset(text.split())


MARKER: Final = re.compile(
    r"(?:^|[\s/|•·(—–-])(by|written by|von|por|escrito por|par|di|door|av|af|autor|autora|author|text|texto|texte|"
    r"testo|tekst|автор|автора|текст|yazan|oleh|penulis|بقلم|كتب|כתב|מאת)(?:\s*:\s*|\s+)",
    re.IGNORECASE,
)
ANYWHERE: Final = frozenset({"بقلم", "автор"})  # others are everyday words too
# What may stand before the others: a sign, a date, or one word of credit after them; not “appointed” or “sacked”.
ANYWHERE_AFTER: Final = re.compile(r"(?:\d|[/|•·(—–-]|\b[ap]\.?m\.?|\bago)\s*$", re.IGNORECASE)
CREDIT: Final = re.compile(
    r"(?:.*(?:\d|[/|•·(—–-])\s*)?(?:posted|published|updated|reported|reporting|story|words|report|analysis|opinion|"
    r"column|essay|review|interview|comment)\s*",
    re.IGNORECASE,
)
JOINERS: Final = frozenset({"and", "und", "y", "e", "et", "en", "och", "og", "i", "&", "и", "ve", "dan", "with", "و"})
PARTICLES: Final = words_of(
    "de da do dos das del della der den di du la le van von zu zum ter ten bin ibn al el af av y"
)
NO_NAMES: Final = words_of(
    """on in at of for the updated published posted staff reporter reporters editor correspondent writer columnist
    contributor min read share comment comments monday tuesday wednesday thursday friday saturday sunday january
    february march april june july august september october november december jan feb mar apr jun jul aug sep sept
    oct nov dec am um el le il montag dienstag mittwoch donnerstag freitag samstag sonntag januar februar märz mai
    juni juli oktober dezember lunes martes miércoles jueves viernes sábado domingo enero febrero marzo abril mayo
    junio julio agosto septiembre octubre noviembre diciembre today yesterday email twitter follow redaktion"""
)
LANGUAGE_CODES: Final = words_of("EN ES DE FR IT PT NL PL RU AR ZH JA")
PICTURE: Final = re.compile(r"\b(?:photo|photograph|image|illustration|foto|bild|imagen)s?\b", re.IGNORECASE)
HANDLE: Final = re.compile(r"([^@]{4,60}?)\s*@\w{2,30}\b.{0,60}")
MOST_WORDS: Final = 25  # of a line that may hold a byline among other things
NAME_WORDS: Final = 5
BETWEEN: Final = re.compile(r"[,;|/•·]")
PIECES: Final = re.compile(r"([-'’. ])")
MARKS: Final = "*_ \t"
EMPHASIS: Final = re.compile(r"[*_]")


def byline_in(line: str) -> str:
    """The people that a line names as the text's authors after "By" or its like; "" when it names none."""
    line = EMPHASIS.sub("", line)
    if len(line) > 300 or len(line.split()) > MOST_WORDS or PICTURE.search(line):
        return ""
    handle = HANDLE.fullmatch(line)
    if handle and is_full_name(handle[1].strip()):
        return cased(handle[1].strip())
    for marker in MARKER.finditer(line):
        before = line[: marker.start(1)]
        if before.strip() and not may_stand_after(before, marker[1].lower()):
            continue
        words = BETWEEN.sub(r" \g<0> ", line[marker.end() :]).split()
        names = " ".join(people(words)).replace(" ,", ",")
        if names and (" " in names or len(line.split()) <= 6):
            return cased(names)
    return ""


def may_stand_after(before: str, marker: str) -> bool:
    """Whether a marker names the author of the text where it stands behind these words of its line."""
    return marker in ANYWHERE or bool(
        ANYWHERE_AFTER.search(before) or (marker.endswith("by") and CREDIT.fullmatch(before))
    )


def people(words: Sequence[str]) -> Iterator[str]:
    """The names at the start of `words`, with what joins them; a comma is a word of its own.

    A comma joins only where a list ends with an "and": after one name it stands before an office or a place.
    """
    joined = any(word.lower() in JOINERS for word in words[1:12])
    length = 0
    for word, following in zip(words, [*words[1:], ""], strict=False):
        joins = word.lower() in JOINERS or (word == "," and joined and length > 1)
        if length and joins and is_name(following):
            length = 0
        elif length < NAME_WORDS and goes_on_name(word, following, length):
            length += 1
        else:
            return
        yield word


def goes_on_name(word: str, following: str, length: int) -> bool:
    """Whether `word` is the next of a name of `length` words so far."""
    if length > 1 and word in LANGUAGE_CODES and not is_name(following):
        return False
    leads_on = is_name(following) or following.lower() in PARTICLES
    return is_name(word) or (length > 0 and word.lower() in PARTICLES and leads_on)


def is_name(word: str) -> bool:
    """Whether a word is written as a name is: with a capital, or in a script without capitals."""
    letters = word.replace("-", "").replace("'", "").replace("’", "").replace(".", "")
    if not letters.isalpha() or word.lower() in NO_NAMES:
        return False
    return word.startswith(("d'", "d’", "al-", "el-")) or not word[0].islower()


def is_full_name(line: str) -> bool:
    """Whether a line is nothing but a person's name of two to four words."""
    words = line.strip(MARKS).split()
    return 2 <= len(words) <= 4 and all(is_name(w) or w in PARTICLES for w in words) and line[-1:] not in ".,;:?!"


def cased(names: str) -> str:
    """`names` as people write them, where they stand in capitals."""
    words = names.split(" ")
    own = [word for word in words if word.lower() not in JOINERS]
    if not all(map(str.isupper, own)) or sum(map(len, own)) < 4:
        return names
    return " ".join(
        word.lower() if at and word.lower() in PARTICLES | JOINERS else cased_word(word)
        for at, word in enumerate(words)
    )


def cased_word(word: str) -> str:
    """One word of a name out of capitals: CAWLEY, JEAN-LUC, O'NEILL, MCDONALD."""
    pieces = [piece.capitalize() for piece in PIECES.split(word)]
    return "".join(
        f"Mc{piece[2:].capitalize()}" if piece.startswith("Mc") and len(piece) > 4 else piece for piece in pieces
    )
