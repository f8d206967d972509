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
    for same, out, into in _runs([(tag, before[a:b], after[c:d]) for tag, a, b, c, d in matcher.get_opcodes()]):
        pieces += [(SAME, out)] if same else [piece for piece in ((OUT, out), (IN, into)) if piece[1]]
    return pieces


def _runs(steps: list[tuple[str, list[str], list[str]]]) -> list[tuple[bool, str, str]]:
    """Steps as (same, old text, new text), changes that only a blank keeps apart made one: people read phrases."""
    runs: list[tuple[bool, str, str]] = []
    for at, (tag, before, after) in enumerate(steps):
        old, new = "".join(before), "".join(after)
        between = 0 < at < len(steps) - 1 and not old.strip()
        same = tag == "equal" and not between
        if runs and not same and not runs[-1][0]:
            runs[-1] = (False, runs[-1][1] + old, runs[-1][2] + new)
        else:
            runs.append((same, old, new))
    return runs
