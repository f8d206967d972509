"""Sets a report in type: a program of its own, so that its memory and its faults are not the web server's.

    python typeset.py SECONDS < sheet.json > report.pdf

SECONDS since 1970 are the PDF's creation date. Imports nothing of Galley; what it holds counts against its memory.
Exit status 3: typst refused the document; the reason is on standard error.
"""

import json
import resource
import sys
from pathlib import Path

import typst

HERE = Path(__file__).resolve().parent
REFUSED = 3
# The kernel's backstop for a document that nobody foresaw; 1,000 claims take about an eighth of it.
MEMORY = 2 * 1024**3
LAST = ("Noto Sans Symbols", "Noto Sans Symbols2", "Noto Sans Math", "Noto Emoji", "Droid Sans Fallback")


def faces(fonts: typst.Fonts) -> dict[str, list[str]]:
    """The families of each voice, in the order in which a letter looks for one that has it."""
    own = {"Source Serif 4", "Libre Franklin", "IBM Plex Mono", "Noto Sans", *LAST}
    rest = ["Noto Sans", *sorted(set(fonts.families()) - own), *LAST]
    return {
        "serif": ["Source Serif 4", *rest],
        "sans": ["Libre Franklin", *rest],
        "mono": ["IBM Plex Mono", *rest],
    }


def typeset(report: str, timestamp: int) -> bytes:
    """The PDF: PDF/A-2a and PDF/UA-1, tagged; the same sheet gives the same bytes."""
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(HERE / "fonts")])
    made: bytes = typst.compile(
        str(HERE / "report.typ"),
        root=str(HERE),
        font_paths=fonts,
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"report": report, "faces": json.dumps(faces(fonts))},
        pdf_standards=["a-2a", "ua-1"],
        timestamp=timestamp,
    )
    return made


def main() -> int:
    """Read, set, write."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        sys.stdout.buffer.write(typeset(sys.stdin.buffer.read().decode(), int(sys.argv[1])))
    except typst.TypstError as error:
        sys.stderr.write("\n".join([error.message, *error.hints]))
        return REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main())
