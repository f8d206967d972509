"""Every page in every state is valid HTML, and every style sheet valid CSS, for the Nu checker (.ci/package.json).

It is a development tool in Java. Where it is missing the tests are skipped, or with GALLEY_REQUIRE_VALIDATOR=1 fail.
"""

import json
import os
import re
import shutil
import subprocess
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.states import Shot, shots

ROOT = Path(__file__).resolve().parents[2]
JAR = Path(os.environ.get("GALLEY_VNU") or ROOT / ".ci/node_modules/vnu-jar/build/dist/vnu.jar")
PATIENCE = 120  # seconds
QUICK = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")  # it ends before better code would pay

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
    command = [java, *QUICK, "-Xss4m", "-jar", str(JAR), "--format", "json", "--exit-zero-always", *arguments]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=PATIENCE)
    messages: list[dict[str, Any]] = json.loads(said.stderr or said.stdout)["messages"]
    return [message for message in messages if not HTMX_ATTRIBUTES.fullmatch(message["message"])]


def where(message: dict[str, Any]) -> str:
    return Path(message.get("url", "")).name


def told(message: dict[str, Any]) -> str:
    return (
        f"{where(message)}:{message.get('lastLine')}: {message['message']} {message.get('extract', '').strip()[:160]}"
    )


# --- pages -------------------------------------------------------------------------------------------

FAULTY = "_faulty.html"  # no shot has such a name
FAULTS = """<!doctype html><html lang="en"><head><title>A</title></head><body><p hx-get="/" hx-oops>x</p>\
<p hy-get="/">x</p><a href="#"><button>x</button></a></body></html>"""


def write(folder: Path, taken: list[Shot]) -> None:
    """One file a page; pages that are the same to the byte but for their keys are read all the same."""
    for shot in taken:
        (folder / (re.sub(r"[^\w]+", "-", shot.name).strip("-") + ".html")).write_text(shot.html, encoding="utf-8")


@pytest.fixture(
    scope="module", params=[False, pytest.param(True, marks=pytest.mark.slow)], ids=["each address", "every state"]
)
def messages(
    request: pytest.FixtureRequest,
    java: str,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_setup: None,
    django_db_blocker: Any,
) -> list[dict[str, Any]]:
    """What is said of each address and what forms and failures answer, or of every state; and of a faulty page."""
    with django_db_blocker.unblock():
        taken = shots(every=request.param)
    folder = tmp_path_factory.mktemp("pages")
    write(folder, taken)
    assert len(list(folder.iterdir())) == len(taken)
    (folder / FAULTY).write_text(FAULTS)
    return validate(java, str(folder))


def test_every_page_is_valid(messages: list[dict[str, Any]]) -> None:
    assert [told(message) for message in messages if where(message) != FAULTY] == []


def test_a_fault_is_found_and_only_htmx_attributes_are_let_through(messages: list[dict[str, Any]]) -> None:
    found = [message["message"] for message in messages if where(message) == FAULTY]
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


STYLE_FAULTS = [
    "p { colour: red; }",
    "p { color: reddish; }",
    "@container text (min-width: 30rem) { p { paddling: 0; } }",
    "p { inline-size: min(100%, red); }",
    "::marker(x) { color: red; }",
]


def unknown(message: dict[str, Any], folder: Path) -> str:
    """The key of UNKNOWN under which the message is let through: its words, and its line, are those."""
    line = (folder / where(message)).read_text().splitlines()[message["lastLine"] - 1]
    found = (
        key for key, said in UNKNOWN.items() if said.fullmatch(message["message"].removeprefix("CSS: ")) and key in line
    )
    return next(found, "")


@dataclass
class Read:
    """What was said of the style sheets, by the sheet's name, but for UNKNOWN; and which of those were met."""

    said: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    met: set[str] = field(default_factory=set)


def faulty(fault: str) -> str:
    return f"fault-{STYLE_FAULTS.index(fault)}.css"


@pytest.fixture(scope="module")
def read(java: str, tmp_path_factory: pytest.TempPathFactory) -> Read:
    """All sheets of the project, and some with a fault each, read at once."""
    folder = tmp_path_factory.mktemp("sheets")
    sheets = {path.name: path.read_text() for path in SHEETS.rglob("*.css")}
    assert len(sheets) == len(list(SHEETS.rglob("*.css"))) > 20, "two sheets of one name"
    for name, css in (sheets | {faulty(fault): fault for fault in STYLE_FAULTS}).items():
        for pattern, instead in SAID_ANEW:
            css = pattern.sub(instead, css)
        (folder / name).write_text(css)
    read = Read()
    for message in validate(java, "--css", str(folder)):
        if key := unknown(message, folder):
            read.met.add(key)
        else:
            read.said[where(message)].append(told(message))
    return read


def test_every_style_sheet_is_valid(read: Read) -> None:
    ours = {name: said for name, said in read.said.items() if name not in map(faulty, STYLE_FAULTS)}
    assert ours == {}
    assert read.met == UNKNOWN.keys(), "what is let through stands nowhere any more"


@pytest.mark.parametrize("fault", STYLE_FAULTS)
def test_a_fault_in_a_style_sheet_is_found(read: Read, fault: str) -> None:
    said = read.said[faulty(fault)]
    assert len(said) == 1, said
