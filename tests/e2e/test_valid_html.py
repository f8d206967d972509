"""Every page in every state is valid HTML, for the Nu checker (.ci/package.json).

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
