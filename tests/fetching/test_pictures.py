"""Pages are pictured by a real Chromium: from their bytes, without scripts, network, or this machine's files."""

import os
import shutil
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest

from claims.fetching.pictures import PDF, PNG, WIDTH, Limits, NotPictured, picture
from tests.conftest import BROWSERS

PAGE = b"<!doctype html><title>Bridge report</title><h1>Bridge report</h1><p>The outturn cost is \xc2\xa331.4m."


@pytest.fixture(scope="module")
def chromium() -> str:
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path and shutil.which("bwrap"):
        return path
    if os.environ.get("GALLEY_REQUIRE_BROWSER") == "1":
        pytest.fail("GALLEY_REQUIRE_BROWSER is set, and Chromium or bwrap is not on the PATH.", pytrace=False)
    pytest.skip("There is no Chromium or no bwrap on the PATH.")


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()


def width_of(png: bytes) -> int:
    return int.from_bytes(png[16:20])


def test_a_page_has_a_picture_and_a_pdf(chromium: str) -> None:
    made = picture(PAGE, chromium, "text/html; charset=utf-8")
    assert made.png.startswith(PNG)
    assert made.pdf.startswith(PDF)
    assert width_of(made.png) == WIDTH
    assert "The outturn cost is £31.4m." in text_of(made.pdf)
    assert made.tool.startswith("Chrom")
    assert any(sign.isdigit() for sign in made.tool)


def test_letters_are_those_that_the_answer_named(chromium: str) -> None:
    page = "<!doctype html><p>Мост длиной 2737 метров".encode("koi8-r")
    assert "Мост длиной" in text_of(picture(page, chromium, "text/html; charset=koi8-r").pdf)


def test_scripts_do_not_run(chromium: str) -> None:
    page = PAGE + b"<noscript>No scripts here</noscript><script>document.body.textContent = 'It ran'</script>"
    said = text_of(picture(page, chromium).pdf)
    assert "No scripts here" in said
    assert "It ran" not in said


@pytest.fixture
def listener() -> Iterator[tuple[int, list[bytes]]]:
    """A server of this machine, and whatever came to it."""
    heard: list[bytes] = []

    def hear(server: socket.socket) -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection:
                heard.append(b"somebody")

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=hear, args=(server,))
        thread.start()
        yield server.getsockname()[1], heard
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


def test_nothing_is_reached_on_the_network(chromium: str, listener: tuple[int, list[bytes]]) -> None:
    port, heard = listener
    there = f"http://127.0.0.1:{port}".encode()
    page = PAGE + b'<img src="%s/a"><iframe src="%s/b"></iframe><link rel=stylesheet href="%s/c">' % ((there,) * 3)
    page += b"<meta http-equiv=refresh content='0;url=%s/d'>" % there
    picture(page, chromium)
    assert heard == []


def test_a_page_that_leads_elsewhere_is_not_left(tmp_path: Path, chromium: str) -> None:
    browser = tmp_path / "telling"
    script = (
        "#!/bin/sh",
        "[ $1 = --version ] && echo T 1 && exit",
        "for page; do :; done",
        'cat "${page#*//}" >&2',
    )
    browser.write_text("\n".join(script))
    browser.chmod(0o755)
    with pytest.raises(NotPictured) as caught:
        picture(b"<META HTTP-EQUIV = 'Refresh' content='0;url=/elsewhere'>", str(browser))
    assert "<META data-equiv = 'Refresh'" in str(caught.value)


def test_no_file_of_this_machine_is_in_it(chromium: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the key is 7261")
    frames = "".join(f'<iframe src="file://{path}"></iframe>' for path in (secret, "/etc/passwd"))
    said = text_of(picture(PAGE + frames.encode(), chromium).pdf)
    assert "outturn" in said
    assert "7261" not in said
    assert "root:" not in said


def test_a_slow_one_is_ended_with_all_that_it_started(chromium: str) -> None:
    with pytest.raises(NotPictured) as caught:
        picture(PAGE, chromium, limits=Limits(seconds=0.3))
    assert caught.value.code == "too-slow"


def test_an_endless_one_is_ended(tmp_path: Path, chromium: str) -> None:
    browser = tmp_path / "endless"
    browser.write_text("#!/bin/sh\nexec cat /dev/zero\n")
    browser.chmod(0o755)
    with pytest.raises(NotPictured) as caught:
        picture(PAGE, str(browser), limits=Limits(output=100_000))
    assert caught.value.code == "too-large"


def test_one_that_makes_nothing_says_so(tmp_path: Path, chromium: str) -> None:
    browser = tmp_path / "broken"
    browser.write_text("#!/bin/sh\n[ $1 = --version ] && echo Broken 1 && exit\necho no display >&2\n")
    browser.chmod(0o755)
    with pytest.raises(NotPictured, match="no display") as caught:
        picture(PAGE, str(browser))
    assert (caught.value.code, caught.value.again) == ("failed", True)


def test_what_is_handed_back_has_to_be_a_picture(tmp_path: Path, chromium: str) -> None:
    browser = tmp_path / "liar"
    browser.write_text("#!/bin/sh\necho liar | tee /tmp/page.png > /tmp/page.pdf\necho Liar 1\n")
    browser.chmod(0o755)
    with pytest.raises(NotPictured) as caught:
        picture(PAGE, str(browser))
    assert caught.value.code == "failed"


@pytest.mark.parametrize("path", ["/nowhere/chromium", "chromium", "/etc/passwd"])
def test_without_a_browser_it_says_so(path: str) -> None:
    with pytest.raises(NotPictured, match="There is no Chromium") as caught:
        picture(PAGE, path)
    assert caught.value.code == "chromium"


def test_without_bubblewrap_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(NotPictured, match="bubblewrap") as caught:
        picture(PAGE, "/bin/true", _path=str(tmp_path))
    assert (caught.value.code, caught.value.again) == ("bubblewrap", False)


def test_only_pages_are_pictured() -> None:
    with pytest.raises(NotPictured) as caught:
        picture(b"%PDF-1.7", "/bin/true", "application/pdf")
    assert caught.value.code == "type"
