"""How well paste finds the article on pages it has not seen: `python -m tests.bench.paste.score`.

Prints F1 by cross-validation over the shared pages with the benchmark's own measure, beside the whole text, its densest
run of long lines, and the stored weights (which have seen the pages). Needs GALLEY_TEST_DATA.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from claims.intake import furniture
from claims.intake.furniture import PAGE

from .pages import Page, data_folder, f1, precision_and_recall, read_pages
from .train import Models, folds, train
from .variants import Sample, samples

FOLDS = 10
LONG_LINE = 80  # characters


@dataclass(frozen=True)
class Judged:
    """A sample, the text that is kept of it, and whether its title was found (None: it is not in the text)."""

    sample: Sample
    text: str
    title: bool | None


def judged_unseen(pages: Sequence[Page], seed: int) -> list[Judged]:
    """Each sample as models judge it that were trained without its page."""
    every = [one for page in pages for one in samples(page)]
    fold_of = folds([page.name for page in pages], FOLDS, seed)
    judged: list[Judged] = []
    for fold in range(FOLDS):
        models = train([one for one in every if fold_of[one.page] != fold])
        judged += [Judged(one, kept(models, one), title(models, one)) for one in every if fold_of[one.page] == fold]
    return judged


def kept(models: Models, sample: Sample) -> str:
    """The text kept of a sample: all of what is no page; of a page its article and title.

    The benchmark's articles have no titles, so keeping them costs a point of precision here.
    """
    if models.is_page(sample) <= PAGE:
        return sample.text([True] * len(sample.blocks))
    keep = furniture.kept(sample.blocks, models.article(sample).tolist())
    place = models.title(sample)
    if place is not None:
        keep[place] = True
    return sample.text(keep)


def title(models: Models, sample: Sample) -> bool | None:
    """Whether a page's title is found."""
    if sample.way != "page" or not any(sample.is_title(at) for at in range(len(sample.blocks))):
        return None
    place = models.title(sample)
    return place is not None and sample.is_title(place)


def densest_run(text: str) -> str:
    """The run of lines with the most long lines and the fewest short ones: the simple cut to compare with."""
    lines = [line for line in text.split("\n") if line.strip()]
    best, best_run, total, start = 0, (0, 0), 0, 0
    for at, line in enumerate(lines):
        total += 3 if len(line.strip()) > LONG_LINE else -1
        if total <= 0:
            total, start = 0, at + 1
        elif total > best:
            best, best_run = total, (start, at + 1)
    return "\n".join(lines[best_run[0] : best_run[1]])


def say(label: str, scores: Sequence[tuple[float, float]]) -> None:
    """One line of the table."""
    print(f"{label:44} F1 {f1(scores)[0]:.3f}  precision {f1(scores)[1]:.3f}  recall {f1(scores)[2]:.3f}")


def main() -> None:
    """Print the table."""
    folder = data_folder()
    if folder is None:
        raise SystemExit("GALLEY_TEST_DATA names no folder with the shared pages: nothing to score.")
    pages = list(read_pages(folder))
    print(f"{len(pages)} pages, {FOLDS}-fold cross-validation over pages, 4-word shingles")
    say("whole text", [precision_and_recall(page.article, page.text) for page in pages])
    say("densest run of long lines", [precision_and_recall(page.article, densest_run(page.text)) for page in pages])
    judged = judged_unseen(pages, seed=1)
    for way, label in WAYS.items():
        say(label, [precision_and_recall(one.sample.article, one.text) for one in judged if one.sample.way == way])
    known = [one.title for one in judged if one.title is not None]
    print(f"{'title found where it stands in the text':44} {sum(known)} of {len(known)}")


WAYS = {
    "page": "paste, pages not seen (goal: F1 0.87)",
    "flat": "the same without indents, bullets, blank lines",
    "part": "a part of the page, marked by hand",
    "draft": "the article alone as a draft (recall)",
}

if __name__ == "__main__":
    main()
