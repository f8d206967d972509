"""The day a text was published, read from a line; never from today's date."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final
from unicodedata import decimal

YEAR_FIRST: Final = re.compile(r"(?<!\d)(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)")
EAST_ASIAN: Final = re.compile(r"(?<!\d)(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]")
YEAR_LAST: Final = re.compile(r"(?<!\d)(\d{1,2})([-/.])\s?(\d{1,2})\2\s?(\d{4}|\d\d)(?!\d)")
DAY_MONTH: Final = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|\.|º|ª)?\s(?:de\s|di\s|of\s|d['’])?([^\W\d_]{3,12})\.?,?\s(?:de\s|del\s)?(\d{4})(?=\D|\d{1,2}:|$)"
)
MONTH_DAY: Final = re.compile(r"\b([^\W\d_]{3,12})\.?\s(\d{1,2})(?:st|nd|rd|th)?,?\s(\d{4})(?=\D|\d{1,2}:|$)")
PUBLISHED: Final = re.compile(
    r"publish|posted|erschien|veröffentlich|publicad|publié|pubblicat|geplaatst|gepubliceerd|opublikowan|publicerad|опублик",
    re.IGNORECASE,
)
UPDATED: Final = re.compile(
    r"updated|modified|edited|aktualisier|stand:|actualizad|atualizad|mis à jour|modifié|aggiornat|bijgewerkt|"
    r"zaktualizowan|uppdaterad|обновл",
    re.IGNORECASE,
)
FIRST_YEAR, LAST_YEAR = 1600, 2199
LONGEST_LINE: Final = 300


def dates_in(line: str, language: str) -> Iterator[tuple[date, str]]:
    """Each full date in a line with the words it was read from, in the order they stand."""
    line = line[:LONGEST_LINE]
    found = sorted((*numeric_dates(line, language), *worded_dates(line, language)))
    for _start, words, day in found:
        yield day, words


def numeric_dates(line: str, language: str) -> Iterator[tuple[int, str, date]]:
    """Dates in digits alone."""
    for match in YEAR_FIRST.finditer(line):
        yield from at(match, day_of(match[1], match[3], match[4]))
    for match in EAST_ASIAN.finditer(line):
        yield from at(match, day_of(match[1], match[2], match[3]))
    for match in YEAR_LAST.finditer(line):
        first, second, year = int(match[1]), int(match[3]), full_year(match[4])
        if month_first(first, second, match[2], language):
            first, second = second, first
        yield from at(match, day_of(year, second, first))


def month_first(first: int, second: int, sign: str, language: str) -> bool:
    """03/04/2021: the fourth of March in English text, the third of April in any other; dots are day first."""
    return second > 12 or (language == "en" and sign != "." and first <= 12)


def full_year(digits: str) -> int:
    """Two digits are 1970 to 2069."""
    year = int(digits)
    return year if len(digits) == 4 else year + (2000 if year < 70 else 1900)


def worded_dates(line: str, language: str) -> Iterator[tuple[int, str, date]]:
    """Dates with the month as a word, in the text's language or English."""
    for match in DAY_MONTH.finditer(line):
        yield from at(match, read_words(match[1], match[2], match[3], language))
    for match in MONTH_DAY.finditer(line):
        yield from at(match, read_words(match[2], match[1], match[3], language))


def at(match: re.Match[str], day: date | None) -> Iterator[tuple[int, str, date]]:
    """The day with its place and words; nothing where there is no such day."""
    if day:
        yield match.start(), match[0], day


def day_of(year: str | int, month: str | int, day: str | int) -> date | None:
    """The date, None where the calendar has none or nobody publishes."""
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


def read_words(day: str, month: str, year: str, language: str) -> date | None:
    """A day whose month is a word, None where it is no month."""
    from dateparser import parse  # 0.1 s to load, so only once there is a date to read

    words = f"{ascii_digits(day)} {month} {ascii_digits(year)}"
    settings = {"DATE_ORDER": "DMY", "PARSERS": ["absolute-time"], "REQUIRE_PARTS": ["day", "month", "year"]}
    for languages in ([language], ["en"]):
        try:
            found = parse(words, languages=languages, settings=settings)
        except ValueError:  # a language that it does not know
            continue
        if found and found.day == int(day) and found.year == int(year):
            return day_of(found.year, found.month, found.day)
    return None


def ascii_digits(digits: str) -> str:
    """The same number in 0 to 9: other scripts have digits of their own."""
    return "".join(str(decimal(digit)) for digit in digits)
