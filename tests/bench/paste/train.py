"""Learn the weights of claims/intake/weights.json from the shared pages: `python -m tests.bench.paste.train`.

Needs GALLEY_TEST_DATA. The same pages give the same weights; `tests.bench.paste.score` measures what they are worth.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np

from claims.intake import features, furniture, heads, titles

from .learn import Fit, Floats, fit
from .pages import data_folder, read_pages
from .variants import Sample, samples

PENALTY = 3.0
INNER_FOLDS = 5
WEIGHTS = Path(furniture.__file__).with_name("weights.json")
SOURCE = (
    "Learned from 120 pages of the article-extraction benchmark, copyright (c) 2020 Scrapinghub, MIT licence, "
    "by tests/bench/paste/train.py. No text of the pages is in here."
)


@dataclass(frozen=True)
class Models:
    """The models of claims/intake/furniture.py, in numpy."""

    first: Fit
    second: Fit
    page: Fit
    title_model: Fit

    def article(self, sample: Sample) -> Floats:
        """How likely each block is article."""
        return chance(self.second.log_odds(context(sample, self.first)))

    def title(self, sample: Sample) -> int | None:
        """The place of the title."""
        places, rows = title_rows(sample, self.article(sample))
        odds = self.title_model.log_odds(rows)
        best = max(zip(odds.tolist(), places, strict=True), default=(titles.LIKELY, -1))
        return best[1] if best[0] > titles.LIKELY else None

    def is_page(self, sample: Sample) -> float:
        """How likely the sample is a page and no draft."""
        return float(chance(self.page.log_odds(whole(sample, self.article(sample))[None, :]))[0])


def chance(log_odds: Floats) -> Floats:
    """Probabilities of the logarithms of odds."""
    return np.asarray(1 / (1 + np.exp(-np.clip(log_odds, -30, 30))))


def context(sample: Sample, first: Fit) -> Floats:
    """The second model's rows for a sample."""
    views = first.log_odds(sample.rows).tolist()
    return np.array(furniture.context_rows(sample.rows.tolist(), views, sample.sizes))


def whole(sample: Sample, article: Floats) -> Floats:
    """The page model's row for a sample."""
    return np.array(furniture.whole_row(sample.rows.tolist(), article.tolist(), sample.sizes))


def folds(pages: Sequence[str], count: int, seed: int) -> dict[str, int]:
    """A fold for each page, so that all samples of a page share one."""
    shuffled = Random(seed).sample(sorted(pages), len(pages))
    return {page: at % count for at, page in enumerate(shuffled)}


def fit_blocks(chosen: Sequence[Sample], rows: Sequence[Floats]) -> Fit:
    """Which blocks are article."""
    truth = np.concatenate([one.truth for one in chosen])
    return fit(np.vstack(rows), truth, np.concatenate([one.importance for one in chosen]), PENALTY)


def train(chosen: Sequence[Sample]) -> Models:
    """The models; each learns only from views that were formed without the page they are of."""
    fold_of = folds(list({one.page for one in chosen}), INNER_FOLDS, seed=7)
    contexts: dict[int, Floats] = {}
    for fold in range(INNER_FOLDS):
        rest = [one for one in chosen if fold_of[one.page] != fold]
        first = fit_blocks(rest, [one.rows for one in rest])
        contexts |= {at: context(one, first) for at, one in enumerate(chosen) if fold_of[one.page] == fold}
    rows = [contexts[at] for at in range(len(chosen))]
    articles: dict[int, Floats] = {}
    for fold in range(INNER_FOLDS):
        kept = [at for at, one in enumerate(chosen) if fold_of[one.page] != fold]
        second = fit_blocks([chosen[at] for at in kept], [rows[at] for at in kept])
        left = set(range(len(chosen))) - set(kept)
        articles |= {at: chance(second.log_odds(rows[at])) for at in left}
    return Models(
        fit_blocks(chosen, [one.rows for one in chosen]),
        fit_blocks(chosen, rows),
        fit_page(chosen, [articles[at] for at in range(len(chosen))]),
        fit_title(chosen, [articles[at] for at in range(len(chosen))]),
    )


def fit_page(chosen: Sequence[Sample], articles: Sequence[Floats]) -> Fit:
    """Whether a text is a page; a draft counts more, since there a wrong guess loses what somebody wrote."""
    rows = np.array([whole(one, article) for one, article in zip(chosen, articles, strict=True)])
    page = np.array([one.way != "draft" for one in chosen], float)
    return fit(rows, page, np.where(page, 1.0, 4.0), PENALTY)


def fit_title(chosen: Sequence[Sample], articles: Sequence[Floats]) -> Fit:
    """Which line above the text is the title, from pages that have their title there."""
    rows, truth = [], []
    for one, article in zip(chosen, articles, strict=True):
        places, numbers = title_rows(one, article)
        true = [one.is_title(at) for at in places]
        if one.way in ("page", "flat") and any(true):
            rows.append(numbers)
            truth += true
    return fit(np.vstack(rows), np.array(truth, float), np.ones(len(truth)), PENALTY)


def title_rows(sample: Sample, article: Floats) -> tuple[list[int], Floats]:
    """The places that may hold a sample's title, and the title model's rows for them."""
    looks = [features.look(block) for block in sample.blocks]
    keep = furniture.kept(sample.blocks, article.tolist())
    body = heads.first_of_body(looks, keep)
    places = titles.candidates(looks, body)
    rows = titles.candidate_rows(places, sample.blocks, looks, sample.rows.tolist(), keep, body)
    return places, np.array(rows).reshape(len(places), len(titles.NAMES))


def by_name(model: Fit, names: Sequence[str]) -> dict[str, float]:
    """A model as it is stored: four significant digits are plenty."""
    pairs = [("start", model.start), *zip(names, model.weights.tolist(), strict=True)]
    return {name: float(f"{weight:.4g}") for name, weight in pairs}


def main() -> None:
    """Write the weights."""
    folder = data_folder()
    if folder is None:
        raise SystemExit("GALLEY_TEST_DATA names no folder with the shared pages: nothing to learn from.")
    models = train([one for page in read_pages(folder) for one in samples(page)])
    stored = {
        "first": by_name(models.first, features.NAMES),
        "second": by_name(models.second, (*features.NAMES, *furniture.CONTEXT)),
        "page": by_name(models.page, furniture.WHOLE),
        "title": by_name(models.title_model, titles.NAMES),
    }
    WEIGHTS.write_text(json.dumps({"source": SOURCE, "models": stored}, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
