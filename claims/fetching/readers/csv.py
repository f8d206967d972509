"""CSV: rows and cells, by the delimiter that fits its first lines."""

import csv
import io
from collections import Counter
from typing import BinaryIO, Final

from claims.fetching.readers import LONGEST, Asked, Leaves
from claims.fetching.readers.text import decoded

SAMPLE: Final = 4096  # characters; the sniffer's patterns take long over more
DELIMITERS: Final = ",;\t|"


def read(file: BinaryIO, leaves: Leaves, asked: Asked) -> None:
    """Hands over each row by its number; blank rows count, and are no leaf."""
    text = decoded(file, asked)
    csv.field_size_limit(LONGEST * 10)
    rows = csv.reader(io.StringIO(text, newline=""), _dialect(text))
    number = 0
    try:
        for number, cells in enumerate(rows, 1):
            leaves.row(f"row {number}", cells)
    except csv.Error as error:
        leaves.note(f"Rows after row {number:,} cannot be read: {error}.")


def _dialect(text: str) -> type[csv.Dialect]:
    """What the sniffer makes of the first whole lines; where it finds nothing, Excel's with the commonest delimiter."""
    sample = text[:SAMPLE].rpartition("\n")[0] or text[:SAMPLE]
    try:
        dialect = csv.Sniffer().sniff(sample, DELIMITERS)
    except csv.Error:
        dialect = None
    # the sniffer takes a delimiter out of the words of quoted cells
    commonest = Counter(letter for letter in sample if letter in DELIMITERS).most_common(1)

    class Found(csv.excel):
        delimiter = dialect.delimiter if dialect else commonest[0][0] if commonest else ","

    return Found
