"""How a proposed wording differs from the words it replaces, word by word."""

import re
from difflib import SequenceMatcher

SAME, OUT, IN = "same", "out", "in"
LONGEST = 600  # words; beyond it, and where little stays, the old and the new text stand whole
ALIKE = 0.4
WORDS = re.compile(r"\s+|\w+|[^\w\s]")


def rewording(old: str, new: str) -> list[tuple[str, str]]:
    """Pieces of (SAME, OUT or IN, text); those that are not IN give `old` again, those not OUT give `new`."""
    before, after = WORDS.findall(old), WORDS.findall(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if len(before) + len(after) > LONGEST or matcher.ratio() < ALIKE:
        return [piece for piece in ((OUT, old), (IN, new)) if piece[1]]
    pieces: list[tuple[str, str]] = []
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            pieces.append((SAME, "".join(before[a:b])))
            continue
        pieces += [piece for piece in ((OUT, "".join(before[a:b])), (IN, "".join(after[c:d]))) if piece[1]]
    return pieces
