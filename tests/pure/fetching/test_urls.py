"""An address of the web has one meaning or none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.fetching.results import Unreachable
from claims.fetching.urls import BAD_PORTS, onward, parse

READ = (
    ("http://example.com", "http://example.com/"),
    ("HTTP://EXAMPLE.COM:80/", "http://example.com/"),
    ("https://example.com:443/a?b#c", "https://example.com/a?b"),
    ("https://example.com:8443", "https://example.com:8443/"),
    ("http://example.com:/x", "http://example.com/x"),
    ("  http://example.com/x  ", "http://example.com/x"),
    ("http://example.com./x", "http://example.com/x"),
    ("http://example.com?q=1", "http://example.com/?q=1"),
    ("http://example.com#@127.0.0.1", "http://example.com/"),
    ("http://example.com/#@127.0.0.1/", "http://example.com/"),
    ("http://example.com/@127.0.0.1", "http://example.com/@127.0.0.1"),
    ("http://example.com?@127.0.0.1", "http://example.com/?@127.0.0.1"),
    ("http://bücher.example/", "http://xn--bcher-kva.example/"),
    ("http://xn--bcher-kva.example/", "http://xn--bcher-kva.example/"),
    ("http://例え。テスト/", "http://xn--r8jz45g.xn--zckzah/"),
    ("http://my_host.example/", "http://my_host.example/"),
    ("http://r3---sn-x.example/", "http://r3---sn-x.example/"),
    ("http://example.com/straße ä?ö=ü é", "http://example.com/stra%C3%9Fe%20%C3%A4?%C3%B6=%C3%BC%20%C3%A9"),
    ("http://example.com/%7Euser/%zz", "http://example.com/%7Euser/%zz"),
    ('http://example.com/"<>`{|}^', "http://example.com/%22%3C%3E%60%7B%7C%7D%5E"),
    ("http://example.com/?q=a\\b", "http://example.com/?q=a%5Cb"),
    ("http://93.184.216.34/", "http://93.184.216.34/"),
    ("http://[2606:4700:4700:0:0:0:0:1111]:8080/", "http://[2606:4700:4700::1111]:8080/"),
)
REFUSED = (
    ("", "scheme"),
    ("example.com", "scheme"),
    ("//example.com", "scheme"),
    ("file:///etc/passwd", "scheme"),
    ("FILE:///etc/passwd", "scheme"),
    ("gopher://example.com/_x", "scheme"),
    ("ftp://example.com/", "scheme"),
    ("data:text/html,x", "scheme"),
    ("javascript:alert(1)", "scheme"),
    ("dict://example.com:11211/", "scheme"),
    ("ws://example.com/", "scheme"),
    ("view-source:http://example.com/", "scheme"),
    ("jar:http://example.com/!/", "scheme"),
    ("hｔtp://example.com/", "scheme"),
    ("http:example.com", "url"),
    ("http:/example.com", "url"),
    ("http:///example.com", "url"),
    ("http:////example.com", "url"),
    ("http://", "url"),
    ("http://?x", "url"),
    ("http://#x", "url"),
    ("http://:80/", "url"),
    ("http:\\\\127.0.0.1", "url"),
    ("http:/\\127.0.0.1", "url"),
    ("http:\\/127.0.0.1", "url"),
    ("http://example.com\\@127.0.0.1/", "url"),
    ("http://example.com\\.evil.example/", "url"),
    ("http://example.com/a\\..\\b", "url"),
    ("http://exa\tmple.com/", "url"),
    ("http://exa\nmple.com/", "url"),
    ("http://example.com/\r\nHost: evil.example", "url"),
    ("http://example.com/\0", "url"),
    ("\thttp://example.com/", "url"),
    ("http://example.com/\n", "url"),
    ("http://example.com/\u2028", "url"),
    ("http://example.com/\x85", "url"),
    ("http://example.com/\ud800", "url"),
    ("http://exa mple.com/", "url"),
    ("http://example%2ecom/", "url"),
    ("http://%31%32%37.0.0.1/", "address"),
    ("http://127%2e0%2e0%2e1/", "url"),
    ("http://ex*mple.com/", "url"),
    ("http://example..com/", "url"),
    ("http://.example.com/", "url"),
    ("http://example.com../", "url"),
    ("http://-example.com/", "url"),
    ("http://a℀b.example/", "url"),
    ("http://ａ＠127.0.0.1/", "address"),
    ("http://example.com／evil/", "url"),
    ("http://example.com％2f/", "url"),
    ("http://straße.example/", "url"),
    ("http://a\u200db.example/", "url"),
    ("http://a\u202eb.example/", "url"),
    ("http://" + "a" * 64 + ".example/", "url"),
    ("http://" + "a." * 130 + "example/", "url"),
    ("http://example.com/" + "a" * 8000, "url"),
    ("http://user@example.com/", "user"),
    ("http://user:pass@example.com/", "user"),
    ("http://:@127.0.0.1/", "user"),
    ("http://example.com@127.0.0.1/", "user"),
    ("http://example.com:80@127.0.0.1/", "user"),
    ("http://127.0.0.1@example.com/", "user"),
    ("http://[::1/", "url"),
    ("http://[::1]x/", "url"),
    ("http://::1]/", "url"),
    ("http://::1/", "url"),
    ("http://[::1]80/", "url"),
    ("http://[v1.x]/", "address"),
    ("http://[]/", "address"),
    ("http://[::1%25lo]/", "address"),
    ("http://[fe80::1%eth0]/", "zone"),
    ("http://[127.0.0.1]/", "address"),
    ("http://[::ffff:0x7f.1]/", "address"),
    ("http://127.1/", "address"),
    ("http://0/", "address"),
    ("http://2130706433/", "address"),
    ("http://0x7f000001/", "address"),
    ("http://0X7F.1/", "address"),
    ("http://0x7f.0x0.0x0.0x1/", "address"),
    ("http://017700000001/", "address"),
    ("http://0177.0.0.1/", "address"),
    ("http://127.0.0.01/", "address"),
    ("http://127.0.0.1./", "address"),
    ("http://１２７.0.0.1/", "address"),
    ("http://127。0。0。1/", "address"),
    ("http://127．0．0．1/", "address"),
    ("http://①②⑦.0.0.1/", "address"),
    ("http://999999999999/", "address"),
    ("http://1.2.3.4.5/", "address"),
    ("http://foo.0x/", "address"),
    ("http://example.com:0/", "port"),
    ("http://example.com:65536/", "port"),
    ("http://example.com:99999999/", "port"),
    ("http://example.com:-80/", "port"),
    ("http://example.com:+80/", "port"),
    ("http://example.com:80x/", "port"),
    ("http://example.com:８０/", "port"),
    ("http://example.com:80:80/", "port"),
    ("http://example.com: 80/", "port"),
)


@pytest.mark.parametrize(("spelled", "read"), READ)
def test_is_read_as(spelled: str, read: str) -> None:
    assert parse(spelled).url == read


@pytest.mark.parametrize(("spelled", "read"), READ)
def test_what_was_read_is_read_the_same_again(spelled: str, read: str) -> None:
    assert parse(read) == parse(spelled)


@pytest.mark.parametrize(("spelled", "code"), REFUSED)
def test_is_refused(spelled: str, code: str) -> None:
    with pytest.raises(Unreachable) as refused:
        parse(spelled)
    assert code in (refused.value.code, refused.value.detail)
    assert not refused.value.again


@pytest.mark.parametrize("port", sorted(BAD_PORTS))
def test_ports_of_other_services_are_refused(port: int) -> None:
    with pytest.raises(Unreachable) as refused:
        parse(f"http://example.com:{port}/")
    assert refused.value.code == "port"


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    for spelled in (text, f"http://{text}", f"http://{text}/", f"http://example.com/{text}"):
        try:
            place = parse(spelled)
        except Unreachable:
            continue
        assert place.target.startswith("/")
        assert place.url.isascii()
        assert place.url.isprintable()
        assert " " not in place.url
        assert parse(place.url) == place


@pytest.mark.parametrize(
    ("location", "there"),
    [
        ("/x", "http://a.example/x"),
        ("x", "http://a.example/d/x"),
        ("../x", "http://a.example/x"),
        ("?q", "http://a.example/d/e?q"),
        ("//b.example/x", "http://b.example/x"),
        ("https://b.example", "https://b.example/"),
        (" /x\t", "http://a.example/x"),
        ("/caf\u00c3\u00a9", "http://a.example/caf%C3%A9"),
        ("/caf\u00e9", "http://a.example/caf%E9"),
        ("/a b", "http://a.example/a%20b"),
        ("/%0d%0aX: y", "http://a.example/%0d%0aX:%20y"),
        ("#x", "http://a.example/d/e"),
    ],
)
def test_a_redirect_leads_to(location: str, there: str) -> None:
    assert onward(parse("http://a.example/d/e"), location).url == there


@pytest.mark.parametrize(
    ("location", "code"),
    [
        ("file:///etc/passwd", "scheme"),
        ("gopher://127.0.0.1:6379/_x", "scheme"),
        ("data:text/html,x", "scheme"),
        ("javascript:1", "scheme"),
        ("//user@b.example/", "user"),
        ("///b.example/", "url"),
        ("http:b.example", "url"),
        ("http:///b.example/", "url"),
        ("/\\b.example/", "url"),
        ("\\\\b.example/", "url"),
        ("/x\ty", "url"),
        ("//b.example\x00/", "url"),
        ("//[::1", "url"),
        ("//b.example:22/", "port"),
        ("//127.1/", "address"),
    ],
)
def test_a_redirect_is_read_as_strictly(location: str, code: str) -> None:
    with pytest.raises(Unreachable) as refused:
        onward(parse("http://a.example/d/e"), location)
    assert refused.value.code == code
