"""PDFs that no program of peace would write."""

import zlib
from collections.abc import Mapping

from tests.fetching import documents
from tests.fetching.hostile import bombs
from tests.fetching.hostile.case import READ, a

CATALOG = "<< /Type /Catalog /Pages 2 0 R >>"
PAGES = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
PAGE = (
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Contents 4 0 R "
    "/Resources << /Font << /F1 5 0 R >> /XObject << /X 6 0 R >> >> >>"
)
FONT = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
FORM = "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /Font << /F1 5 0 R >> {} >>"
HELLO = b"BT /F1 12 Tf 20 100 Td (Hello) Tj ET"


def stream(content: bytes, said: str = "") -> bytes:
    """A stream with its length."""
    return f"<< /Length {len(content)} {said} >>\nstream\n".encode() + content + b"\nendstream"


def built(changed: Mapping[int, str | bytes] = {}, trailer: str = "", end: bytes = b"%%EOF\n") -> bytes:
    """A PDF of one page that says Hello, with some objects changed."""
    objects: dict[int, str | bytes] = {1: CATALOG, 2: PAGES, 3: PAGE, 4: stream(HELLO), 5: FONT, **changed}
    out, offsets = b"%PDF-1.7\n", {}
    for number, content in sorted(objects.items()):
        offsets[number] = len(out)
        written = content if isinstance(content, bytes) else content.encode()
        out += f"{number} 0 obj\n".encode() + written + b"\nendobj\n"
    most = max(objects) + 1
    lines = [
        f"{offsets[number]:010} 00000 n \n" if number in offsets else "0000000000 65535 f \n" for number in range(most)
    ]
    start = len(out)
    out += f"xref\n0 {most}\n{''.join(lines)}trailer\n<< /Size {most} /Root 1 0 R {trailer} >>\n".encode()
    return out + f"startxref\n{start}\n".encode() + end


def locked(version: int, revision: int, said: str = "") -> bytes:
    """A PDF whose text needs a password."""
    length = 48 if revision >= 5 else 32
    secret = "<" + "5a" * length + ">"
    more = f"/OE <{'00' * 32}> /UE <{'00' * 32}> /Perms <{'00' * 16}>" if revision >= 5 else ""
    method = {4: "/AESV2", 5: "/AESV3"}.get(version)
    filters = f"/CF << /StdCF << /CFM {method} /AuthEvent /DocOpen >> >> /StmF /StdCF /StrF /StdCF" if method else ""
    lock = (
        f"<< /Filter /Standard /V {version} /R {revision} /Length 128 /P -4 /O {secret} /U {secret} {more} {filters} >>"
    )
    return built({9: said or lock}, "/Encrypt 9 0 R /ID [<00112233445566778899aabbccddeeff> <00>]")


def half() -> bytes:
    """The first third of a real one."""
    whole = documents.pdf("One", "Two")
    return whole[: len(whole) // 3]


def many_kids(count: int) -> bytes:
    """One page, named as so many."""
    return built({2: f"<< /Type /Pages /Kids [{'3 0 R ' * count}] /Count {count} >>"})


def previous_of_itself() -> bytes:
    """A table of objects that says it follows itself."""
    whole = built()
    start = whole.index(b"xref\n")
    return whole.replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev %d" % start)


def content_bomb(mebibytes: int, letter: bytes = b" ") -> bytes:
    """A page whose content unpacks to so much."""
    return built({4: stream(bombs.deflated(mebibytes, letter, raw=False), "/Filter /FlateDecode")})


def nested_bomb() -> bytes:
    """A page whose content is packed three times over."""
    content = zlib.compress(zlib.compress(bombs.deflated(2000, raw=False), 9), 9)
    return built({4: stream(content, "/Filter [/FlateDecode /FlateDecode /FlateDecode]")})


def endless_text() -> bytes:
    """A page that says a word two million times."""
    words = b"BT /F1 1 Tf " + b"(word) Tj " * 2_000_000 + b"ET"
    return built({4: stream(zlib.compress(words, 9), "/Filter /FlateDecode")})


def form_of_itself() -> bytes:
    """A page that draws a form that draws itself."""
    form = stream(
        b"/X Do " * 100, "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 6 0 R >> >>"
    )
    return built({4: stream(b"/X Do " + HELLO), 6: form})


def forms_upon_forms() -> bytes:
    """Ten forms, each drawing the next one ten times."""
    forms: dict[int, bytes | str] = {4: stream(b"/X Do")}
    for number in range(6, 16):
        forms[number] = stream(b"/X Do " * 10, FORM.format(f"/XObject << /X {number + 1} 0 R >>"))
    forms[16] = stream(HELLO, FORM.format(""))
    return built(forms)


def deep(opened: bytes, closed: bytes, times: int = 200_000) -> bytes:
    """A page whose resources stand in each other so deep."""
    return built({3: PAGE.replace("/MediaBox", "/Deep ").encode() + b" " + opened * times + closed * times})


def flood() -> bytes:
    """A page with a picture of 100,000 × 100,000 pixels."""
    said = (
        "/Type /XObject /Subtype /Image /Width 100000 /Height 100000 /BitsPerComponent 8 /ColorSpace /DeviceRGB "
        "/Filter /FlateDecode"
    )
    return built({4: stream(b"/X Do " + HELLO), 6: stream(bombs.deflated(10, raw=False), said)})


def letters_without_end() -> bytes:
    """A font whose table of letters has a range of four thousand million."""
    table = b"begincmap 1 begincodespacerange <00000000> <ffffffff> endcodespacerange\n" + (
        b"1 beginbfrange <00000000> <ffffffff> <0041> endbfrange\n" * 2000
    )
    font = FONT.replace(">>", "/ToUnicode 7 0 R >>")
    return built({5: font, 7: stream(table)})


def glyph_of_itself() -> bytes:
    """A font whose letter is written in that font."""
    font = (
        "<< /Type /Font /Subtype /Type3 /FontBBox [0 0 9 9] /FontMatrix [1 0 0 1 0 0] /FirstChar 72 /LastChar 72 "
        "/Widths [9] /Encoding << /Differences [72 /H] >> /CharProcs << /H 4 0 R >> "
        "/Resources << /Font << /F1 5 0 R >> >> >>"
    )
    return built({5: font})


def objects_of_themselves() -> bytes:
    """A packed stream of objects that is packed in itself."""
    packed = zlib.compress(b"8 0 << /Type /ObjStm >>")
    return built({8: stream(packed, "/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Extends 8 0 R")})


def harmless() -> bytes:
    """One with a script, an attached file, and an address to open."""
    catalog = CATALOG.replace(
        ">>",
        "/OpenAction << /S /JavaScript /JS (while\\(1\\){}) >> /AA << /O << /S /URI /URI (http://192.0.2.1/) >> >> >>",
    )
    return built({1: catalog})


PDFS = (
    a("pdf of its first line", b"%PDF-1.7\n", "truncated"),
    a("pdf cut in its first third", half, "truncated or broken"),
    a("pdf whose end is cut off", lambda: built(end=b"")[:-40], "read or truncated"),
    a("pdf of noise", b"%PDF-1.7\n" + bytes(range(256)) * 400, "truncated or broken"),
    a("pdf of noise that says it ends", b"%PDF-1.7\n" + bytes(range(256)) * 40 + b"%%EOF", "broken"),
    a("pdf locked with RC4, 40 bits", lambda: locked(1, 2), "encrypted", "password"),
    a("pdf locked with RC4, 128 bits", lambda: locked(2, 3), "encrypted", "password"),
    a("pdf locked with AES, 128 bits", lambda: locked(4, 4), "encrypted", "password"),
    a("pdf locked with AES, 256 bits", lambda: locked(5, 6), "encrypted", "password"),
    a("pdf locked by a stranger's lock", lambda: locked(1, 2, "<< /Filter /Own.Lock /V 1 >>"), "encrypted"),
    a("pdf without pages", lambda: built({2: "<< /Type /Pages /Kids [] /Count 0 >>"}), "broken"),
    a("pdf whose catalogue is gone", lambda: built({1: "null"}), "broken"),
    a(
        "pdf whose pages stand in themselves",
        lambda: built({2: PAGES.replace("3 0 R", "2 0 R")}),
        "broken or read",
    ),
    a(
        "pdf whose page is its own parent",
        lambda: built({3: PAGES.replace("3 0 R", "2 0 R")}),
        "broken or read",
    ),
    a(
        "pdf of two thousand million pages",
        lambda: built({2: "<< /Type /Pages /Kids [3 0 R] /Count 2000000000 >>"}),
        "broken or read",
    ),
    a("pdf of minus one page", lambda: built({2: "<< /Type /Pages /Kids [3 0 R] /Count -1 >>"}), "broken or read"),
    a(
        "pdf of one page a hundred thousand times",
        lambda: many_kids(100_000),
        READ,
        "only the text of the first 2,000",
    ),
    a("pdf whose table follows itself", previous_of_itself, "broken or read"),
    a("pdf whose objects are packed in themselves", objects_of_themselves, READ),
    a("pdf whose contents are themselves", lambda: built({4: "[4 0 R 4 0 R]"}), READ),
    a("pdf whose length is itself", lambda: built({4: b"<< /Length 4 0 R >>\nstream\nx\nendstream"}), READ),
    a("pdf with a stream of negative length", lambda: built({4: b"<< /Length -9 >>\nstream\nx\nendstream"}), READ),
    a(
        "pdf with a stream of a terabyte",
        lambda: built({4: b"<< /Length 999999999999 >>\nstream\nx\nendstream"}),
        READ,
    ),
    a(
        "pdf with a page of two gigabytes of blanks",
        lambda: content_bomb(2000),
        "read or too-large or crashed or too-slow",
    ),
    a(
        "pdf with a page of two gigabytes of brackets",
        lambda: content_bomb(2000, b"["),
        "read or too-large or crashed or too-slow",
    ),
    a("pdf with a page packed three times", nested_bomb, "read or too-large or crashed or too-slow"),
    a("pdf that says a word two million times", endless_text, "read or too-slow or crashed"),
    a("pdf whose form draws itself", form_of_itself, "read or crashed or too-slow"),
    a("pdf of ten to the tenth forms", forms_upon_forms, "read or too-slow or crashed"),
    a("pdf whose letter is written in itself", glyph_of_itself, READ),
    a("pdf with arrays 200,000 deep", lambda: deep(b"[", b"]"), "broken or read"),
    a("pdf with dictionaries 200,000 deep", lambda: deep(b"<</A", b">>"), "broken or read"),
    a("pdf with a picture of ten thousand million pixels", flood, READ),
    a("pdf with a table of letters without end", letters_without_end, "read or too-slow"),
    a("pdf with a page as wide as the world", lambda: built({3: PAGE.replace("300 300", "1e38 1e38")}), READ),
    a("pdf with scripts and addresses to open", harmless, READ),
)
