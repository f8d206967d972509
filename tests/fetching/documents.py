"""Small real documents, made by code: what newsrooms get, each with words that the tests look for."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from html import escape

import docx
import typst

TYPES = """<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>{}</Types>"""
RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def pdf(*pages: str, title: str = "Minutes", paper: str = "a6") -> bytes:
    """A PDF of one page a text."""
    text = "\n#pagebreak()\n".join(pages)
    source = f'#set document(title: "{title}", date: none)\n#set page("{paper}")\n{text}'
    return bytes(typst.compile(source.encode(), format="pdf", pdf_standards="1.7"))


def word() -> bytes:
    """A Word file: a heading, a paragraph, a table of two rows, a paragraph."""
    document = docx.Document()
    document.core_properties.title = "Report of the harbour"
    document.add_heading("The quay", 1)
    document.add_paragraph("The crane stood still\tfor nine days.")
    table = document.add_table(rows=2, cols=2)
    for row, words in zip(table.rows, (("Month", "Ships"), ("May", "14")), strict=True):
        for cell, said in zip(row.cells, words, strict=True):
            cell.text = said
    document.add_paragraph("After the table.")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def zipped(files: Mapping[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def workbook_files(sheets: Mapping[str, str]) -> dict[str, str]:
    """The files of an XLSX whose sheets have these `<row>` elements."""
    parts = [
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{SHEET}.worksheet+xml"/>'
        for number in range(1, len(sheets) + 1)
    ]
    named = [
        f'<sheet name="{escape(name)}" sheetId="{number}" r:id="rId{number}"/>' for number, name in enumerate(sheets, 1)
    ]
    links = [
        f'<Relationship Id="rId{number}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in range(1, len(sheets) + 1)
    ]
    main = f'<Override PartName="/xl/workbook.xml" ContentType="{SHEET}.sheet.main+xml"/>'
    root = f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    return {
        "[Content_Types].xml": TYPES.format(main + "".join(parts)),
        "_rels/.rels": RELATIONS.format(root),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{"".join(named)}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": RELATIONS.format("".join(links)),
        **{
            f"xl/worksheets/sheet{number}.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
            for number, rows in enumerate(sheets.values(), 1)
        },
    }


def rows(*lines: tuple[str | float, ...], first: int = 1) -> str:
    """`<row>` elements of these cells."""
    found = []
    for number, line in enumerate(lines, first):
        cells = [
            f'<c r="{chr(65 + column)}{number}"><v>{value}</v></c>'
            if isinstance(value, int | float)
            else f'<c r="{chr(65 + column)}{number}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
            for column, value in enumerate(line)
        ]
        found.append(f'<row r="{number}">{"".join(cells)}</row>')
    return "".join(found)


def workbook(sheets: Mapping[str, str]) -> bytes:
    """An XLSX."""
    return zipped(workbook_files(sheets))


def calc(table: str = "") -> bytes:
    """An ODS of one sheet, “Costs”, with these `<table:table-row>` elements."""
    names = "urn:oasis:names:tc:opendocument:xmlns:"
    spaces = " ".join(f'xmlns:{name}="{names}{name}:1.0"' for name in ("office", "table", "text"))
    cells = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    table = table or f"<table:table-row>{cells.format('Rope')}{cells.format('12 m')}</table:table-row>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:body><office:spreadsheet>"
            f'<table:table table:name="Costs">{table}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
            zipfile.ZIP_DEFLATED,
        )
        archive.writestr(
            "META-INF/manifest.xml",
            f'<m:manifest xmlns:m="{names}manifest:1.0"><m:file-entry m:full-path="/" '
            'm:media-type="application/vnd.oasis.opendocument.spreadsheet"/></m:manifest>',
        )
    return out.getvalue()


def chunk(name: bytes, content: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(width: int, height: int, pixels: bytes = b"") -> bytes:
    """A PNG that says it is so large."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = zlib.compress(pixels or b"\0" * 64)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def jpeg(width: int, height: int, before: bytes = b"") -> bytes:
    """A JPEG up to its first frame; `before` are whole segments."""
    frame = b"\xff\xc0\x00\x0b\x08" + struct.pack(">HH", height, width) + b"\x01\x01\x11\x00"
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\0\1\1\0\0\1\0\1\0\0" + before + frame + b"\xff\xd9"


def webp(width: int, height: int) -> bytes:
    """A WebP with an extended header."""
    size = struct.pack("<HB", (width - 1) & 0xFFFF, (width - 1) >> 16) + struct.pack(
        "<HB", (height - 1) & 0xFFFF, (height - 1) >> 16
    )
    body = b"WEBPVP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + size
    return b"RIFF" + struct.pack("<I", len(body)) + body


ARTICLE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Ferry fares rise — The Post</title>
<script>document.write("unseen")</script></head><body><nav><ul><li><a href="/">Home</a></li>
<li><a href="/s">Sport</a></li>
</ul></nav><article><h1>Ferry fares rise</h1>
<p>Fares on the island ferry rise by nine per cent in June, the operator said on Tuesday, its third rise in two years,
and the steepest since the line was sold.</p>
<p>“We have no choice,” said Ana Ribeiro, who runs the line; fuel costs a third more than it did a year ago, and crews
have been paid late since the winter.</p>
<h2>What passengers pay</h2>
<table><tr><th>Crossing</th><th>Now</th><th>June</th></tr><tr><td>Single</td><td>4.40</td><td>4.80</td></tr></table>
<p>The council has asked for the figures behind the rise. It owns a quarter of the company
and two seats on its board.</p>
</article><footer>© The Post. All rights reserved.</footer></body></html>"""
