"""Code of others is served as it came."""

import hashlib
import pathlib

VENDOR = pathlib.Path(__file__).resolve().parents[2] / "static" / "vendor"


def test_every_file_has_the_hash_that_it_was_taken_with() -> None:
    listed = {}
    for line in (VENDOR / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split()
        listed[name] = digest
    present = {path.name for path in VENDOR.iterdir()} - {"README", "SHA256SUMS"}
    assert present == set(listed)
    for name, digest in listed.items():
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == digest, name


def test_the_page_loads_the_file_that_is_here() -> None:
    base = VENDOR.parents[1] / "templates" / "base.html"
    assert "vendor/htmx-4.0.1.min.js" in base.read_text()
