"""The names of what acts refer to, read in one query a kind, however many acts there are."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from claims.models import Article, Change, Claim, Evidence, Label, Report, Source, User, Version

# a column of a trailed row: the kind of thing whose id it holds
REFERS = {
    "assigned_to_id": "user",
    "returned_to_id": "user",
    "user_id": "user",
    "label_id": "label",
    "verdict_id": "label",
    "source_id": "source",
    "origin_id": "source",
    "origin_article_id": "article",
}
# a relation: the kind of thing its rows are
ROWS = {
    "claims_claim": "claim",
    "claims_evidence": "evidence",
    "claims_label": "label",
    "claims_report": "report",
    "claims_source": "source",
    "claims_version": "version",
}


class Things:
    """What the rows of some changes are called now. A kind that no change refers to costs no query."""

    def __init__(self, changes: Iterable[Change]) -> None:
        self.ids: dict[str, set[int]] = defaultdict(set)
        for change in changes:
            self._note(change)

    def _note(self, change: Change) -> None:
        if change.relation in ROWS:
            self.ids[ROWS[change.relation]].add(change.row)
        if change.claim is not None:
            self.ids["claim"].add(change.claim)
        if change.said is not None:
            for columns in (change.said.before, change.said.after):
                for column in REFERS.keys() & columns.keys():
                    if columns[column] is not None:
                        self.ids[REFERS[column]].add(columns[column])

    def _read(self, kind: str, model: Any, *columns: str) -> dict[int, Any]:
        found: dict[int, Any] = (
            model.objects.order_by().only(*columns).in_bulk(self.ids[kind]) if self.ids[kind] else {}
        )
        return found

    @cached_property
    def users(self) -> dict[int, User]:
        return self._read("user", User, "name")

    @cached_property
    def labels(self) -> dict[int, Label]:
        return self._read("label", Label, "name", "meaning")

    @cached_property
    def claims(self) -> dict[int, Claim]:
        return self._read("claim", Claim, "number", "article_id")

    @cached_property
    def evidence(self) -> dict[int, Evidence]:
        found = self._read("evidence", Evidence, "number", "stance", "source_id")
        self.ids["source"] |= {piece.source_id for piece in found.values()}
        return found

    @cached_property
    def sources(self) -> dict[int, Source]:
        self.evidence  # noqa: B018 (the sources it leans on are among those to read)
        return self._read("source", Source, "title")

    @cached_property
    def articles(self) -> dict[int, Article]:
        return self._read("article", Article, "title")

    @cached_property
    def versions(self) -> dict[int, Version]:
        return self._read("version", Version, "number", "words", "sha256")

    @cached_property
    def reports(self) -> dict[int, Report]:
        return self._read("report", Report, "number", "sha256", "article_id")

    def person(self, pk: int | None) -> str:
        """Their name; empty for nobody."""
        return self.users[pk].name if pk in self.users else ""
