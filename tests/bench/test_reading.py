"""Text of foreign files: seconds of the clock from the file to its parts, the child's start and all."""

import resource
from pathlib import Path

from claims.fetching import sandbox
from tests.bench.figures import figure, median, milliseconds, repeated
from tests.fetching import documents

PAGES, LINES, SECONDS, RUNS = 300, 22, 10.0, 3
STARTS = 10
LINE = "The council met at nine and heard the harbour master, who spoke of tonnage, fees and the state of the quays."


def test_text_of_a_pdf_of_300_pages(tmp_path: Path) -> None:
    path = tmp_path / "long.pdf"
    path.write_bytes(documents.pdf(*[" \\\n".join([LINE] * LINES)] * PAGES, paper="a4"))
    before = children()
    reading = sandbox.read(path, _around=sandbox.Around(bubblewrap=False))
    # bubblewrap does not hand on what its child has used
    processors = children() - before
    took = [one.wall for one in repeated(lambda: sandbox.read(path), RUNS, warm=0)]
    assert reading.pages == PAGES
    assert sum(part.text.count("harbour master") for part in reading.parts) == PAGES * LINES
    figure(
        f"text of a pdf of {reading.pages} pages",
        median(took),
        SECONDS,
        " s",
        f"of processors {processors:.2f} s, {path.stat().st_size:,} bytes, "
        f"{sum(len(part.text) for part in reading.parts):,} characters, by {reading.tool}",
        f"protection: {sandbox.protection().name}",
    )


def test_small_files(tmp_path: Path) -> None:
    kinds = {
        "text": b"A line.",
        "csv": b"a,b\n1,2\n",
        "pdf": documents.pdf("A page."),
        "docx": documents.word(),
        "xlsx": documents.workbook({"S": documents.rows(("a", 1))}),
        "html": documents.ARTICLE.encode(),
        "png": documents.png(4, 4),
    }
    slowest, beside = 0.0, []
    for name, content in kinds.items():
        path = tmp_path / f"small.{name}"
        path.write_bytes(content)
        took = median([one.wall for one in repeated(lambda path=path: sandbox.read(path), STARTS, warm=1)])
        slowest = max(slowest, took)
        beside.append(f"{name} {milliseconds(took)}")
    figure("a small file, its child's start included, slowest kind", slowest, None, " s", ", ".join(beside))


def children() -> float:
    """Processors' seconds of the children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
