"""The stored weights against the shared pages; `tests.bench.paste.score` measures them on pages not seen."""

import pytest

from claims.intake import read_text

from .pages import data_folder, f1, precision_and_recall, read_pages


def test_the_stored_weights_find_the_articles_of_the_shared_pages() -> None:
    folder = data_folder()
    if folder is None:
        pytest.skip("GALLEY_TEST_DATA names no folder with the shared pages")
    scores = []
    for page in read_pages(folder):
        kept = [block.text for block in read_text(page.text.replace("\0", "")).blocks if block.keep]
        scores.append(precision_and_recall(page.article, "\n".join(kept)))
    assert f1(scores)[0] >= 0.87
