"""At least a hundred hostile files: none crashes what asked, hangs it, or stays without a clear word."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from claims.fetching.answers import SENTENCES
from claims.fetching.sandbox import Limits, Reading, Unreadable, read
from tests.fetching.hostile.case import READ, Hostile
from tests.fetching.hostile.pages import SECRET
from tests.fetching.hostile.table import TABLE

LIMITS = Limits(parts=5_000)
# starting and ending a child on a busy machine
GRACE = 5.0


def test_there_are_more_than_a_hundred_and_no_two_are_one() -> None:
    assert len({hostile.name for hostile in TABLE}) == len(TABLE) >= 150


def shared() -> Iterator[Any]:
    """A fifth of each kind in every run, the rest with the slow tests."""
    for number, hostile in enumerate(TABLE):
        yield pytest.param(hostile, id=hostile.name, marks=[pytest.mark.slow] if number % 5 else [])


@pytest.mark.parametrize("hostile", list(shared()))
def test_a_hostile_file_is_read_or_refused_with_a_clear_word(hostile: Hostile, tmp_path: Path) -> None:
    path = tmp_path / "hostile"
    path.write_bytes(hostile.make())
    before = time.monotonic()
    try:
        reading = read(path, hostile.media_type, limits=LIMITS)
    except Unreadable as refused:
        code, said = refused.code, refused.detail
        assert said.startswith(SENTENCES[code])
    else:
        code, said = READ, " ".join(reading.notes)
        assert holds(reading)
    assert time.monotonic() - before < LIMITS.seconds + GRACE
    assert code in hostile.codes, said
    assert hostile.says in said
    assert "Traceback" not in said
    assert "/" not in said.replace("application/", "").replace("text/", "")


def holds(reading: Reading) -> bool:
    """Whether a reading is within its limits, can be stored, and gives away nothing of the machine."""
    texts = [reading.title, *reading.notes, *(part.text for part in reading.parts), *(p.place for p in reading.parts)]
    return (
        len(reading.parts) <= LIMITS.parts
        and sum(map(len, texts)) <= LIMITS.characters + 10_000
        and not any(letter in text for text in texts for letter in "\0\ud800\ufffe")
        and not any(SECRET in text and "bin/" in text for text in texts)
        and "".join(texts).encode() is not None
    )
