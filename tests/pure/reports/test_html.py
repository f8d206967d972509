"""html: one file that stands alone, runs nothing, fetches nothing, and says every word as it was typed."""

import base64
import hashlib
import re
from html.parser import HTMLParser

from claims.reports import document as documents
from claims.reports import html
from claims.reports.document import Document
from tests.pure.reports import nasty, sample

VOID = {"meta", "link", "br", "img", "input", "hr", "rect"}


class Page(HTMLParser):
    """The tags of a page, what stands in each element of class `verbatim`, and every attribute."""

    def __init__(self, content: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.kept: list[str] = []
        self.open: list[list[str] | None] = []
        self.feed(content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append([] if "verbatim" in (dict(attrs).get("class") or "").split() else None)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and (words := self.open.pop()) is not None:
            self.kept.append("".join(words))

    def handle_data(self, data: str) -> None:
        for words in self.open:
            if words is not None:
                words.append(data)


def rendered(document: Document) -> bytes:
    return html.render(documents.canonical(document))


def test_the_same_document_gives_the_same_bytes() -> None:
    assert rendered(sample.document()) == rendered(sample.document())


def test_its_one_style_is_allowed_by_hash_and_nothing_else_is() -> None:
    text = rendered(sample.document()).decode()
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert html.policy() == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    page = Page(text.encode())
    assert ("content", html.policy()) in page.attributes
    assert not [name for name, _value in page.attributes if name in {"style", "src", "srcset"} or name.startswith("on")]


def test_it_fetches_nothing() -> None:
    text = rendered(sample.document()).decode()
    assert not {"script", "link", "img", "iframe", "object", "base", "form"} & set(Page(text.encode()).tags)
    assert "url(" not in html.style()
    assert "@import" not in html.style()


def test_it_says_what_a_reader_asks_of_a_report() -> None:
    text = rendered(sample.document(6)).decode()
    for words in (
        "Verification report 3",
        "Four eyes on · a high-risk claim needs 2 independent origins",
        "6 claims were logged: 2 decided, 3 not, 1 withdrawn.",
        "Decided while four eyes were off: claim 2.",
        "as of 24 Nov 2026, 17:02, Europe/London",
        "1 source, 1 origin",
        "supports in part",
        "Retracted by Tomasz Wilk, 24 Nov 2026, 17:02",
        "Recheck since 24 Nov 2026, 17:02, by Tomasz Wilk",
        "Cut from the text",
        "verify_trail --article 7 --against kingsmill-bridge-repair-now-to-cost-314-million-report-3.json",
        "9f27c1d0" * 8,
        "Made with Galley.",
    ):
        assert words in text, words
    assert documents.sha256(documents.canonical(sample.document(6))) in text


def test_a_required_change_shows_what_goes_and_what_comes() -> None:
    assert "<del>March</del><ins>May</ins>" in rendered(sample.document(2)).decode()


def test_nested_and_overlapping_places_leave_the_text_whole() -> None:
    document = sample.document(3)
    text = document["version"]["text"]
    for claim, (start, end) in zip(document["claims"], [(0, 60), (10, 30), (20, 90)], strict=True):
        claim["anchors"] = [claim["anchors"][0] | {"start": start, "end": end, "exact": text[start:end]}]
    page = Page(rendered(document))
    assert any(re.sub("Claim [123], [^.]*?(?=[a-zA-Z])", "", kept) for kept in page.kept)
    marks = html.page(document)["blocks"][0]["events"]
    assert "".join(event.get("text", "") for event in marks) == text
    assert sum(1 for event in marks if "opens" in event) == sum(1 for event in marks if "closes" in event)


def test_a_mark_shows_its_end_only_where_it_ends_before_the_one_around_it() -> None:
    document = sample.document(4)
    text = document["version"]["text"]
    places = [(0, 60), (0, 60), (10, 30), (20, 90)]  # the second where the first is, the third within, the fourth cut
    for claim, (start, end) in zip(document["claims"], places, strict=True):
        claim["anchors"] = [claim["anchors"][0] | {"start": start, "end": end, "exact": text[start:end]}]
    told = [event for event in html.page(document)["blocks"][0]["events"] if "opens" in event]
    ends = [(event["opens"]["claim"], event["cut"]) for event in told]
    assert ends[:3] == [(1, False), (2, True), (3, False)]
    assert set(ends[3:-1]) == {(4, True)}
    assert ends[-1][0] == 4


def test_only_http_addresses_can_be_followed() -> None:
    for words in ("javascript:alert(1)", "data:text/html,x", " https://x.example", "//x.example", "vbscript:x"):
        assert html.safe_link(words) == ""
    assert html.safe_link("HTTPS://x.example/?a=1&b=2") == "HTTPS://x.example/?a=1&b=2"


def came_out(words: str, tags: list[str]) -> None:
    page = Page(rendered(sample.with_words(words)))
    assert page.kept.count(words) >= 9, words
    assert set(page.tags) <= set(tags), words


def test_nasty_strings_come_out_as_they_went_in_and_none_is_markup() -> None:
    tags = [*Page(rendered(sample.with_words("plain https"))).tags, "a", "del", "ins"]
    for words in nasty.NASTY:
        came_out(words, tags)


def test_naughty_strings_come_out_as_they_went_in_and_none_is_markup() -> None:
    tags = [*Page(rendered(sample.with_words("plain https"))).tags, "a", "del", "ins"]
    for words in nasty.naughty_strings():
        came_out(words, tags)


# what people type, by the names of its fields; words of the text itself are in with_words()
TYPED = {
    "name", "title", "byline", "outlet", "url", "explanation", "said_by", "reported_by", "statement", "reason",
    "rationale", "searched", "proposed_wording", "quote", "locator", "note", "publisher",
}  # fmt: skip


def hostile(said: object, path: tuple[str, ...] = ()) -> object:
    """What was said, with markup that names the field for every text that people type."""
    if isinstance(said, dict):
        return {key: hostile(value, (*path, key)) for key, value in said.items()}
    if isinstance(said, list):
        return [hostile(value, path) for value in said]
    return f"<q-{'-'.join(path)}>" if path[-1:] and path[-1] in TYPED and said else said


def test_no_field_of_any_part_of_the_report_is_markup() -> None:
    document = sample.document(12)
    document["claims"][0]["evidence"][0]["retracted"] = {"at": sample.AT, "by": sample.TOMASZ, "reason": "Gone"}
    page = rendered(hostile(document)).decode()  # type: ignore[arg-type]
    assert re.findall(r"<q-[\w-]+", page) == []
    shown = set(re.findall(r"&lt;q-([\w-]+)&gt;", page))
    for field in (
        "team-name", "article-title", "claims-statement", "claims-verdict-name", "claims-assigned_to-name",
        "claims-logged_by-name", "claims-evidence-added_by-name", "claims-evidence-retracted-by-name",
        "claims-evidence-retracted-reason", "claims-rulings-by-name", "claims-rulings-verdict-name",
        "claims-rulings-rationale", "sources-title", "people-name", "counts-by_verdict-name",
    ):  # fmt: skip
        assert field in shown, (field, sorted(shown))
