"""Every page in every state is valid HTML, and every style sheet valid CSS, for the Nu checker (.ci/package.json).

It is a development tool in Java. Where it is missing the tests are skipped, or with GALLEY_REQUIRE_VALIDATOR=1 fail.
"""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.states import Shot, shots

ROOT = Path(__file__).resolve().parents[2]
JAR = Path(os.environ.get("GALLEY_VNU") or ROOT / ".ci/node_modules/vnu-jar/build/dist/vnu.jar")
PATIENCE = 120  # seconds

# htmx's attributes are no HTML and are not meant to be: the one thing that is let through
HTMX_ATTRIBUTES = re.compile(r"Attribute “hx-[\w:-]+” not allowed on element “[\w-]+” at this point\.")


@pytest.fixture(scope="module")
def java() -> str:
    found = shutil.which("java")
    missing = "there is no java on the PATH" if found is None else f"{JAR} is missing" if not JAR.is_file() else ""
    if missing and os.environ.get("GALLEY_REQUIRE_VALIDATOR") == "1":
        pytest.fail(f"GALLEY_REQUIRE_VALIDATOR is set, and {missing}.", pytrace=False)
    if missing:
        pytest.skip(f"No HTML is validated: {missing} (npm ci --prefix .ci brings the checker).")
    return str(found)


def validate(java: str, *arguments: str) -> list[dict[str, Any]]:
    """What the checker says, but for htmx's attributes."""
    command = [java, "-Xss4m", "-jar", str(JAR), "--format", "json", "--exit-zero-always", *arguments]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=PATIENCE)
    messages: list[dict[str, Any]] = json.loads(said.stderr or said.stdout)["messages"]
    return [message for message in messages if not HTMX_ATTRIBUTES.fullmatch(message["message"])]


def told(message: dict[str, Any]) -> str:
    where = Path(message.get("url", "")).name
    return f"{where}:{message.get('lastLine')}: {message['message']} {message.get('extract', '').strip()[:160]}"


def write(folder: Path, taken: list[Shot]) -> None:
    """One file a page; pages that are the same to the byte but for their keys are read all the same."""
    for shot in taken:
        (folder / (re.sub(r"[^\w]+", "-", shot.name).strip("-") + ".html")).write_text(shot.html, encoding="utf-8")


@pytest.mark.parametrize(
    "every", [False, pytest.param(True, marks=pytest.mark.slow)], ids=["each address", "every state"]
)
def test_every_page_is_valid(
    java: str, tmp_path: Path, django_db_setup: None, django_db_blocker: Any, *, every: bool
) -> None:
    """Each address and what forms and failures answer; `make test-all`: in every state."""
    with django_db_blocker.unblock():
        taken = shots(every=every)
    write(tmp_path, taken)
    assert len(list(tmp_path.iterdir())) == len(taken)
    assert [told(message) for message in validate(java, str(tmp_path))] == []


def test_a_fault_is_found_and_only_htmx_attributes_are_let_through(java: str, tmp_path: Path) -> None:
    page = (
        '<!doctype html><html lang="en"><head><title>A</title></head><body><p hx-get="/" hx-oops>x</p>{}</body></html>'
    )
    (tmp_path / "a.html").write_text(page.format('<p hy-get="/">x</p><a href="#"><button>x</button></a>'))
    found = [message["message"] for message in validate(java, str(tmp_path))]
    assert len(found) == 2
    assert found[0].startswith("Attribute “hy-get” not allowed")
    assert "must not appear as a descendant of the “a” element" in found[1]


# --- style sheets ------------------------------------------------------------------------------------

SHEETS = ROOT / "static/css"
# What the checker does not know yet is put in words that it knows, so that it reads what stands inside: containers are
# asked like the window, and the order of layers stands after the imports.
SAID_ANEW = [(re.compile(r"@container [\w-]+ \("), "@media ("), (re.compile(r"^@layer ([\w, -]+);", re.MULTILINE), "")]
# And these it does not know, each by the property or selector that it stumbles over, and where that is specified.
UNKNOWN = {
    "container": re.compile(r"“container”: Property “container” doesn't exist\."),  # CSS Conditional Rules 5
    "field-sizing": re.compile(
        r"“field-sizing”: Property “field-sizing” doesn't exist\."
    ),  # CSS Basic User Interface 4
    "vector-effect": re.compile(r"“vector-effect”: Property “vector-effect” doesn't exist\."),  # SVG 2
    "::highlight(": re.compile(r"Parse Error\."),  # CSS Custom Highlight API
    # a percentage less a length, which is a length (CSS Values 4)
    "inline-size: min(100% - 2 * var(": re.compile(r"“inline-size”: The types are incompatible\."),
}


def unknown(message: dict[str, Any], folder: Path) -> str:
    """The key of UNKNOWN under which the message is let through: its words, and its line, are those."""
    sheet = folder / Path(message["url"]).name
    line = sheet.read_text().splitlines()[message["lastLine"] - 1]
    found = (
        key for key, said in UNKNOWN.items() if said.fullmatch(message["message"].removeprefix("CSS: ")) and key in line
    )
    return next(found, "")


def check_styles(java: str, folder: Path, sheets: dict[str, str]) -> tuple[list[str], set[str]]:
    """What the checker says of the sheets, but for UNKNOWN; and which of those it met."""
    for name, css in sheets.items():
        for pattern, instead in SAID_ANEW:
            css = pattern.sub(instead, css)
        (folder / name).write_text(css)
    messages = validate(java, "--css", str(folder))
    met = {id(message): unknown(message, folder) for message in messages}
    return [told(message) for message in messages if not met[id(message)]], set(met.values()) - {""}


def test_every_style_sheet_is_valid(java: str, tmp_path: Path) -> None:
    sheets = {path.name: path.read_text() for path in SHEETS.rglob("*.css")}
    assert len(sheets) == len(list(SHEETS.rglob("*.css"))) > 20, "two sheets of one name"
    said, met = check_styles(java, tmp_path, sheets)
    assert said == []
    assert met == UNKNOWN.keys(), "what is let through stands nowhere any more"


@pytest.mark.parametrize(
    "fault",
    [
        "p { colour: red; }",
        "p { color: reddish; }",
        "@container text (min-width: 30rem) { p { paddling: 0; } }",
        "p { inline-size: min(100%, red); }",
        "::marker(x) { color: red; }",
    ],
)
def test_a_fault_in_a_style_sheet_is_found(java: str, tmp_path: Path, fault: str) -> None:
    said, _met = check_styles(java, tmp_path, {"a.css": fault})
    assert len(said) == 1, said
