"""What a child answers is hostile too: only the right shape and size comes through, and it cannot be blown up."""

import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from claims.fetching import answers, sandbox
from claims.fetching.answers import SENTENCES, Part, Unreadable, understood

FIRST = b'{"fences": ["limits"]}\n'
LAST = b'{"read": {"notes": []}}\n'
SAYS = Path(__file__).parent / "misbehaving" / "says.py"


def line(value: Any) -> bytes:
    return json.dumps(value).encode() + b"\n"


def whole(*leaves: bytes, last: bytes = LAST) -> bytes:
    return FIRST + b"".join(leaves) + last


def test_a_whole_answer_comes_through() -> None:
    facts = {"read": {"title": "T", "pages": 3, "by": "lxml", "media_type": "x/y", "notes": ["One."]}}
    leaves = [line(["p. 1", "page", ["text"]]), line(["S row 1", "row", ["a", "", "b"]])]
    answer = understood(whole(*leaves, last=line(facts)), 10, 1000)
    assert answer is not None
    assert answer.parts == (Part(1, "p. 1", "page", "text"), Part(2, "S row 1", "row", "a\t\tb", ("a", "", "b")))
    assert (answer.title, answer.pages, answer.by, answer.notes) == ("T", 3, "lxml", ["One."])
    assert answer.fences == {"limits"}


@pytest.mark.parametrize(
    "out",
    [
        b"",
        FIRST,
        LAST,
        b"\n\n\n",
        b"null\nnull\n",
        b"[]\n[]\n",
        FIRST + b'["", "page", ["x"]]\n',
        whole(b"no json\n"),
        whole(b"\xff\xfe\n"),
        whole(line(["", "page"])),
        whole(line(["", "page", ["x", "y"]])),
        whole(line(["", "page", []])),
        whole(line(["", "page", "x"])),
        whole(line(["", "page", [7]])),
        whole(line(["", "script", ["x"]])),
        whole(line([None, "page", ["x"]])),
        whole(line(["", ["page"], ["x"]])),
        whole(line({"place": ""})),
        whole(line(["", "row", ["a", 1]])),
        whole(line(["", "row", ["a"] * 257])),
        whole(b"[" * 100_000 + b"\n"),
        whole(b"1" * 5_000 + b"\n"),
        whole(line(["", "page", ["x" * answers.LINE]])),
        whole(*[line(["", "page", ["x" * 600]])] * 2),
        whole(*[line(["", "page", ["x"]])] * 11),
        whole(*[line(["", "row", [""] * 250])] * 5),
        whole(last=line({"read": []})),
        whole(last=line({"something": 1})),
    ],
)
def test_another_shape_or_size_is_no_answer(out: bytes) -> None:
    assert understood(out, 10, 1000) is None


def test_facts_of_another_shape_are_left_out() -> None:
    facts = {"read": {"title": ["T"], "pages": True, "by": 3, "media_type": None, "notes": [{}, "x" * 1000]}}
    answer = understood(whole(last=line(facts)), 10, 1000)
    assert answer is not None
    assert (answer.title, answer.pages, answer.by, answer.media_type) == ("", 0, "", "")
    assert answer.notes == ["", "x" * 300]
    for pages in (-1, 2**70, 1.5, "3"):
        answer = understood(whole(last=line({"read": {"pages": pages}})), 10, 1000)
        assert answer is not None
        assert answer.pages == 0


def test_letters_that_nothing_can_hold_are_taken_out() -> None:
    leaf = b'["p\\u0000.\\n1", "page", ["a\\u0000b\\ud800c\\ufffed\\r\\ne\\u001b[2J"]]\n'
    answer = understood(whole(leaf), 10, 1000)
    assert answer is not None
    assert answer.parts == (Part(1, "p. 1", "page", "abcd\ne[2J"),)


def test_a_refusal_comes_with_its_sentence_and_an_unknown_code_as_broken() -> None:
    for said, code in (("bomb", "bomb"), ("whatever", "broken"), (["bomb"], "broken"), ("__class__", "broken")):
        with pytest.raises(Unreadable) as error:
            understood(whole(last=line({"refused": said, "detail": "More."})), 10, 1000)
        assert (error.value.code, error.value.detail) == (code, f"{SENTENCES[code]} More.")


@pytest.mark.parametrize(
    ("out", "times"),
    [
        (whole(*[b"[" + b"[]," * 300_000 + b"0]\n"] * 20), 5),
        (b"\n" * 3_000_000, 1),
        (b"ab\n" * 1_000_000, 1),
        (b"ab\r" * 1_000_000 + b"\n\n", 1),
    ],
    ids=["nested", "empty lines", "lines", "lines by CR"],
)
def test_an_answer_cannot_be_blown_up_by_being_understood(out: bytes, times: int) -> None:
    tracemalloc.start()
    try:
        assert understood(out, 100, 10_000_000) is None
        assert tracemalloc.get_traced_memory()[1] < len(out) * times + 100_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("said", [b"", b"null\n", b'{"read": {}}', b"\0" * 1000, b"[" * 10_000])
def test_a_child_that_says_something_else_has_crashed(said: bytes, tmp_path: Path) -> None:
    given = tmp_path / "given"
    given.write_bytes(b"x\n" + said)
    with pytest.raises(Unreadable) as error:
        sandbox.read(given, _reader=SAYS)
    assert error.value.code == "crashed"


def test_what_a_child_calls_itself_is_not_believed(tmp_path: Path) -> None:
    given = tmp_path / "given"
    given.write_bytes(line(["", "page", ["x"]]) + line({"read": {"by": "Evil 1.0", "media_type": "text/javascript"}}))
    reading = sandbox.read(given, _reader=SAYS)
    assert reading.parts[0].text == "x"
    assert reading.media_type == "text/plain"
    assert reading.tool.startswith("Python 3.")
