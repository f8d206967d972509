"""A page as a browser takes it: its words, and its forms with what they would send."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

WORDS = {"text", "search", "textarea", "url", "email", "tel"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
Attributes = dict[str, str]


@dataclass
class Field:
    """A control: `kind` is its type, `value` what it would send (None: nothing)."""

    name: str
    kind: str
    value: str | None = ""


@dataclass
class Form:
    """A form with one of its buttons; `action` is where that button sends it."""

    page: str
    action: str
    method: str
    fields: list[Field] = field(default_factory=list)
    button: tuple[str, str] | None = None

    @property
    def words(self) -> dict[str, str]:
        """The fields for words, with their kinds."""
        return {one.name: one.kind for one in self.fields if one.kind in WORDS}

    def sent(self, **other: object) -> dict[str, object]:
        """What it would send as it stands, with other values in the place of some."""
        data: dict[str, list[str]] = {}
        for one in self.fields:
            if one.name and one.value is not None and one.kind != "file":
                data.setdefault(one.name, []).append(one.value)
        if self.button and self.button[0]:
            data[self.button[0]] = [self.button[1]]
        return {name: values[0] if len(values) == 1 else values for name, values in data.items()} | other


class Page(HTMLParser):
    """Words, values and forms of a page."""

    def __init__(self, html: str, address: str = "/") -> None:
        super().__init__(convert_charrefs=True)
        self.address = address
        self.parts: list[str] = []
        self.values: list[str] = []
        self.links: list[str] = []
        self.tags: list[tuple[str, Attributes]] = []
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._buttons: list[Attributes] = []
        self._area: Field | None = None
        self._select: Field | None = None
        self._silent = 0
        self.feed(html)
        self.close()

    @property
    def text(self) -> str:
        """All words, those in fields and attributes included, apart from one another."""
        return "".join(self.parts) + "\x00" + "\x00".join(self.values)

    def holds(self, words: str) -> bool:
        """Whether the words stand on the page, in its text or in a field."""
        return words in self.text

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append((tag, given))
        self.values += [value for name, value in attrs if value and name in {"value", "title", "aria-label", "content"}]
        self.links += [given[name] for name in ("href", "hx-get", "formaction", "action") if given.get(name)]
        self._silent += tag in {"script", "style"}
        if tag == "form":
            action = urljoin(self.address, given.get("action") or self.address)
            self._form, self._buttons = Form(self.address, action, given.get("method", "get").lower()), []
        elif self._form is not None:
            self._control(tag, given, self._form)

    def _control(self, tag: str, given: Attributes, form: Form) -> None:
        name, kind = given.get("name", ""), given.get("type", "text")
        if (tag == "button" and kind != "button") or (tag == "input" and kind == "submit"):
            self._buttons.append(given)
        elif tag == "input" and name:
            on = kind not in {"radio", "checkbox"} or "checked" in given
            form.fields.append(
                Field(name, kind, given.get("value", "on" if kind == "checkbox" else "") if on else None)
            )
        elif tag == "textarea" and name:
            self._area = Field(name, "textarea")
            form.fields.append(self._area)
        elif tag == "select" and name:
            self._select = Field(name, "select", None)
            form.fields.append(self._select)
        elif tag == "option" and self._select is not None and (self._select.value is None or "selected" in given):
            self._select.value = given.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area.value = (self._area.value or "") + data
        elif not self._silent:
            self.parts.append(data)

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"script", "style"}
        if tag == "textarea" and self._area is not None:
            # a browser takes the first line end for a part of the markup
            self._area.value = (self._area.value or "").removeprefix("\n")
            self.values.append(self._area.value)
            self._area = None
        elif tag == "select":
            self._select = None
        elif tag == "form" and self._form is not None:
            self._finish(self._form)

    def _finish(self, form: Form) -> None:
        for given in self._buttons or [{}]:
            action = urljoin(self.address, given.get("formaction") or form.action)
            button = (given.get("name", ""), given.get("value", ""))
            self.forms.append(Form(form.page, action, form.method, form.fields, button))
        self._form = None
