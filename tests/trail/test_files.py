"""What was erased is in no file that Galley keeps: an installation's whole data folder is searched, byte by byte."""

import base64
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.platform.folders import passable
from tests.trail.confidence import FOLDED, LONG, TOKENS
from verify import embedded
from verify.folder import PROJECT, Folder

pytestmark = pytest.mark.slow
OTHERS = ("DATABASE_URL", "DATABASE_OWNER_URL", "GALLEY_TEST_FOLDER", "GALLEY_SECRET_KEY", "GALLEY_DATA")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Folder]:
    """An installation of its own, as `make demo` sets one up."""
    made = Folder(passable(tmp_path_factory.mktemp("confidential") / "var"))
    embedded.create(made)
    yield made
    embedded.stop(made)
    embedded.remove(made)


def process(folder: Folder, *arguments: str) -> Any:
    """What tests.trail.confidence says, run beside the folder; what it logs stays in the folder."""
    environment = {name: value for name, value in os.environ.items() if name not in OTHERS}
    environment |= {"GALLEY_DATA": str(folder.root), "DJANGO_SETTINGS_MODULE": "verify.settings"}
    with (folder.root / "web.log").open("ab") as log:
        ran = subprocess.run(
            [sys.executable, "-m", "tests.trail.confidence", *arguments],
            cwd=PROJECT, env=environment, stdout=subprocess.PIPE, stderr=log, check=False,
        )  # fmt: skip
    assert ran.returncode == 0, (folder.root / "web.log").read_text()[-3000:]
    return json.loads(ran.stdout)


def forms(words: str) -> Iterator[bytes]:
    """The words as a file may hold them: in any case, escaped, in hexadecimal, in base64 at any place, in UTF-16."""
    for said in {words, words.lower(), words.upper(), words.casefold(), words.title()}:
        plain = said.encode()
        yield from (plain, json.dumps(said)[1:-1].encode(), plain.hex().encode(), plain.hex().upper().encode())
        yield said.encode("utf-16-le")
        for shift in range(3):
            # without the ends, which depend on what stands beside
            yield base64.b64encode(b"\0" * shift + plain)[4 : -4 or None]


def pressed(text: str) -> Iterator[bytes]:
    """A text's beginning in PostgreSQL's own compression: eight bytes as they are after a byte of flags."""
    plain = text.encode()
    for start in range(8, 16):
        yield b"\0".join(plain[at : at + 8] for at in range(start, start + 32, 8))


def needles() -> dict[bytes, str]:
    """All byte strings that must not be found, with what they are."""
    words = [part for said in TOKENS.values() for part in said.replace("/", " ").split() if len(part) > 5]
    wanted = {form: word for word in words if word != "https:" for form in forms(word) if len(form) > 5}
    windows = [LONG[at : at + 32] for at in range(0, len(LONG) - 32, 500)] + [FOLDED[:32], FOLDED[60:92]]
    wanted |= {form: "a long quote" for window in windows for form in (window.encode(), window.lower().encode())}
    return wanted | dict.fromkeys(pressed(FOLDED), "a compressed note")


def standing(folder: Folder) -> dict[str, set[str]]:
    """What is found, with the files that hold it."""
    found: dict[str, set[str]] = {}
    wanted = needles()
    for path in sorted(folder.root.rglob("*")):
        if path.is_file() and not path.is_symlink():
            content = path.read_bytes()
            for form, word in wanted.items():
                if form in content:
                    found.setdefault(word, set()).add(str(path.relative_to(folder.root)))
    return found


def test_what_was_erased_is_in_no_file_of_the_installation(folder: Folder) -> None:
    with embedded.serving(folder):
        wanted = process(folder, "confide")
    before = standing(folder)
    # the search sees it all where it is: plain, compressed, in tables and in the log of writes
    found = {"Qwurblenská", "Snorkwithian", "Xylodu", "Drangelwitzmoor", "Plimsoquetteur"}
    assert {"a long quote", "a compressed note", *found} <= before.keys()
    assert any(path.startswith("captures/") for path in before["Drangelwitzmoor"])
    assert any("/base/" in f"/{path}" for path in before["a compressed note"])
    paths = {path for paths in before.values() for path in paths}
    assert any("pg_wal" in path for path in paths)
    assert not any(path.endswith(".log") for path in paths)
    with embedded.serving(folder):
        erased = process(folder, "erase", json.dumps(wanted))
    assert "The trail holds" in erased["said"]
    assert "was begun anew" in erased["said"]
    assert erased["standing"] == [], "\n".join(erased["standing"])
    assert (erased["reports"], erased["documents"]) == (1, 0)
    assert not (after := standing(folder)), after


def test_the_search_covers_the_logs_of_postgresql_and_of_the_web_process(folder: Folder) -> None:
    kept = {path.name for path in Path(folder.root).iterdir()}
    assert {"postgres.log", "web.log", "cluster", "secrets.json"} <= kept
