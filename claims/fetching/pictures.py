"""A picture and a PDF of a captured page: by a local Chromium, from the captured bytes, with no network and no scripts.

The browser runs within bubblewrap: no network, no file of this machine but programs and fonts, and what it writes is
memory that ends with it. Without bubblewrap there is no picture: a page could show files of this machine in it
(decision 052). What it hands back is taken for as hostile as the page.
"""

import codecs
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from claims.fetching import letters
from claims.fetching.kinds import charset
from claims.fetching.listening import Heard, heard

FAMILIES: Final = {"text/html": "html", "application/xhtml+xml": "xhtml"}
PNG, PDF = b"\x89PNG\r\n\x1a\n", b"%PDF-"
WIDTH, HEIGHT = 1280, 2000  # CSS pixels of the picture; the PDF has the whole page
# a <meta> that sends the browser to another page
LEAVES: Final = re.compile(rb"http-equiv(\s*=\s*[\"']?\s*refresh)", re.IGNORECASE)
LONGEST_PAGE: Final = 20 * 1024 * 1024
# what a browser needs to start, beside the folder that it is in; only programs, libraries, fonts and flags
SHOWN: Final = (
    *("/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/etc/alternatives", "/etc/fonts", "/var/cache/fontconfig"),
    *("/etc/chromium.d", "/etc/opt/chrome"),
)
# JavaScript is off for all pages. The engine's own switch for it ends headless mode, which is a script itself.
PREFERENCES: Final = '{"profile":{"default_content_setting_values":{"javascript":2}}}'
# The page by standard input; to standard output the version, the picture's size, and both files. Chromium's own sandbox
# works within bubblewrap where the kernel lets namespaces be nested; else bubblewrap is the one there is.
SCRIPT: Final = """
page=$1; shift
cat > "$page" && mkdir -p /tmp/profile/Default && printf %s "$PREFERENCES" > /tmp/profile/Default/Preferences || exit 90
"$1" --version </dev/null 2>/dev/null || exit 91
"$@" "file://$page" </dev/null >&2
[ -s /tmp/page.png ] || "$@" --no-sandbox "file://$page" </dev/null >&2
[ -s /tmp/page.png ] && [ -s /tmp/page.pdf ] || exit 92
wc -c < /tmp/page.png; cat /tmp/page.png /tmp/page.pdf
"""
FLAGS: Final = (
    *("--headless", "--disable-gpu", "--user-data-dir=/tmp/profile", "--no-first-run", "--disable-extensions"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"),
    # there is no network; these keep it from looking for one
    *("--host-resolver-rules=MAP * ~NOTFOUND", "--proxy-server=127.0.0.1:9", "--proxy-bypass-list=<-loopback>"),
    *("--hide-scrollbars", f"--window-size={WIDTH},{HEIGHT}", "--force-device-scale-factor=1"),
    *("--no-pdf-header-footer", "--screenshot=/tmp/page.png", "--print-to-pdf=/tmp/page.pdf"),
)


@dataclass(frozen=True)
class Limits:
    """Seconds; bytes of both files; bytes of all that the browser writes."""

    seconds: float = 60.0
    output: int = 64 * 1024 * 1024
    scratch: int = 256 * 1024 * 1024


@dataclass(frozen=True)
class Pictured:
    """A picture (PNG) of the page's beginning, a PDF of all of it, and what made them: “Chromium 156.0.8078.108”."""

    png: bytes
    pdf: bytes
    tool: str


class NotPictured(Exception):
    """There is no picture: `code` says why (chromium, bubblewrap, type, too-slow, too-large, failed).

    `again`: another try may do better.
    """

    def __init__(self, code: str, detail: str, *, again: bool = False) -> None:
        super().__init__(detail)
        self.code = code
        self.again = again


def picture(
    content: bytes, chromium: str, declared: str = "text/html", *, limits: Limits = Limits(), _path: str | None = None
) -> Pictured:
    """What the page looks like. `chromium` is the browser's path, `declared` the page's Content-Type. NotPictured."""
    ending = FAMILIES.get(declared.partition(";")[0].strip().lower())
    if ending is None:
        raise NotPictured("type", f"Only pages are pictured, not {declared[:100]}.")
    if len(content) > LONGEST_PAGE:
        raise NotPictured("too-large", "The page is too large for a picture.")
    browser, around = _browser(chromium), _bubblewrap(_path)
    command = [*_wrapping(around, browser, limits), "/bin/sh", "-c", SCRIPT, "sh", f"/tmp/page.{ending}",  # noqa: S108
               str(browser), *FLAGS]  # fmt: skip
    what, status = _run(command, _staying(_marked(content, declared)), limits)
    if what.ended == "time":
        raise NotPictured("too-slow", f"Chromium was given {limits.seconds:g} seconds.")
    if what.ended == "size":
        raise NotPictured("too-large", "The picture and the PDF are too large.")
    return _understood(bytes(what.out), status, what.errors)


def _understood(out: bytes, status: int, errors: bytearray) -> Pictured:
    version, _end, rest = out.partition(b"\n")
    size, _end, files = rest.partition(b"\n")
    if status == 0 and size.strip().isdigit() and len(size) < 12:
        png, pdf = files[: int(size)], files[int(size) :]
        if png.startswith(PNG) and pdf.startswith(PDF):
            tool = " ".join(letters.clean(version.decode("utf-8", "replace")).split()[:2])[:100]
            return Pictured(png, pdf, tool)
    last = letters.clean(errors[-500:].decode("utf-8", "replace")).strip()
    raise NotPictured("failed", f"Chromium ended with {status} and without a picture: {last}", again=True)


def _marked(content: bytes, declared: str) -> bytes:
    """The page's bytes. Where the answer's head named their letters, which a file cannot, as UTF-8 that says so."""
    named = charset(declared)
    if not named or content.startswith(codecs.BOM_UTF8):
        return content
    return codecs.BOM_UTF8 + letters.decoded(content, named).encode("utf-8", "replace")


def _staying(content: bytes) -> bytes:
    """The page's bytes, without its being led elsewhere before its picture is made."""
    return LEAVES.sub(rb"data-equiv\1", content)


# --- the browser ----------------------------------------------------------------------------------------------------


def _browser(chromium: str) -> Path:
    path = Path(chromium)
    if not (path.is_absolute() and path.is_file() and os.access(path, os.X_OK)):
        raise NotPictured("chromium", f"There is no Chromium at {chromium}.")
    return path


def _bubblewrap(path: str | None) -> str:
    found = shutil.which("bwrap", path=path)
    if found is None:
        raise NotPictured("bubblewrap", "Pictures need bubblewrap (bwrap), and it is not installed.")
    return found


def _wrapping(bubblewrap: str, browser: Path, limits: Limits) -> list[str]:
    """bubblewrap and its arguments: everything unshared, nothing there but what is shown, and nobody to be."""
    return [
        bubblewrap,
        *("--unshare-all", "--unshare-user", "--uid", "65534", "--gid", "65534", "--cap-drop", "ALL"),
        *("--die-with-parent", "--new-session", "--clearenv", "--hostname", "picture"),
        *("--setenv", "HOME", "/tmp", "--setenv", "PATH", "/usr/bin:/bin", "--setenv", "PREFERENCES", PREFERENCES),  # noqa: S108
        *("--proc", "/proc", "--dev", "/dev", "--size", str(limits.scratch), "--tmpfs", "/tmp"),  # noqa: S108
        *(word for words in _shown(browser) for word in words),
        *("--chdir", "/tmp", "--remount-ro", "/", "--"),  # noqa: S108
    ]


def _shown(browser: Path) -> Iterator[tuple[str, ...]]:
    for place in map(Path, SHOWN):
        if place.is_symlink():
            yield "--symlink", str(place.readlink()), str(place)
        elif place.exists():
            yield "--ro-bind", str(place), str(place)
    folders = {browser.parent, browser.resolve().parent}
    for folder in sorted(folder for folder in folders if not folder.is_relative_to("/usr")):
        yield "--ro-bind", str(folder), str(folder)


def _run(command: list[str], page: bytes, limits: Limits) -> tuple[Heard, int]:
    """Run it in a group of its own, and end all of that whatever happens."""
    until = time.monotonic() + limits.seconds
    with tempfile.TemporaryFile() as file:
        file.write(page)
        file.seek(0)
        return _listened(command, file, until, limits)


def _listened(command: list[str], page: IO[bytes], until: float, limits: Limits) -> tuple[Heard, int]:
    with subprocess.Popen(
        command, stdin=page, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={}, cwd="/", start_new_session=True
    ) as child:
        try:
            what = heard(child, until, limits.output)
            if what.ended == "closed":
                with suppress(subprocess.TimeoutExpired):
                    child.wait(max(until - time.monotonic(), 1))
        finally:
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()
    return what, child.returncode
