"""Zips that unpack to more than they are, or to nothing that is read."""

from tests.fetching import documents
from tests.fetching.hostile import bombs, offices
from tests.fetching.hostile.case import a

ZIPS = (
    a(
        "zip of a gigabyte of noughts",
        lambda: bombs.archive(("word/document.xml", bombs.deflated(1000), 1000 * bombs.MIB)),
        "bomb",
        "unpacks",
    ),
    a("zip that lies small", lambda: offices.lied_of(100), "bomb"),
    a("zip that lies large", lambda: bombs.archive(("word/document.xml", bombs.deflated(1), 4 * bombs.MIB)), "broken"),
    a("zip whose entries are one stream", lambda: bombs.overlapping(500, 10), "bomb"),
    a(
        "zip of ten thousand files",
        lambda: bombs.archive(*((f"word/{n}", b"\3\0", 0) for n in range(10_000))),
        "bomb",
        "10,000 files",
    ),
    a(
        "zip of zips of zips",
        lambda: documents.zipped({"word/a.zip": documents.zipped({"b.zip": documents.zipped({"c": "c"})})}),
        "wrong-type",
    ),
    a("zip that is locked", lambda: bombs.archive(("word/document.xml", b"\3\0", 0), flags=1), "encrypted", "password"),
    a("zip with a dictionary of four gigabytes", offices.lzma_of_a_large_dictionary, "broken or too-large"),
    a("zip packed in a way of nobody's", lambda: bombs.archive(("word/document.xml", b"\3\0", 0), method=77), "broken"),
    a(
        "zip whose directory lies elsewhere",
        lambda: bombs.archive(("word/a", b"\3\0", 0))[:-6] + b"\xff\xff\xff\x7f\0\0",
        "broken",
    ),
    a("zip whose directory is gone", lambda: offices.cut(documents.word(), 0.9), "truncated"),
    a(
        "zip with two files of one name",
        lambda: bombs.archive(("word/document.xml", b"\3\0", 0), ("word/document.xml", b"\3\0", 0)),
        "broken",
    ),
    a(
        "zip without anything of an office",
        lambda: documents.zipped({"word/notes.txt": "x"}),
        "wrong-type",
        "neither a Word document",
    ),
    a("zip of nothing", bombs.ended(0, 0, 0), "wrong-type"),
    a(
        "zip of photographs",
        lambda: documents.zipped({"IMG_1.jpg": documents.jpeg(4, 4)}),
        "wrong-type",
        "application/zip",
    ),
)
