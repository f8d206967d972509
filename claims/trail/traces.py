"""Where erased words stand besides: in reasons that Galley wrote from them, in reports, elsewhere in the trail."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.db import connection
from django.utils.translation import gettext as _

Row = tuple[str, int]
Issued = tuple[int, int, int]  # a report: id, article, number

LONG = 8  # characters; a longer text is looked for within others, a shorter one as a word or a value of its own
SHORTEST = 4  # what is shorter than this stands nearly everywhere
MOST = 200  # texts that are looked for in the whole trail; the longest first
SHOWN = 5  # places that are named of each


# what no article's report is of
OF_THE_TEAM = {"claims_source", "claims_capture", "claims_proof"}


class Trace(NamedTuple):
    """Words that stand elsewhere too: the first of the places, and how many there are."""

    words: str
    places: list[str]
    of: int


class Unsought(NamedTuple):
    """How many texts are not looked for elsewhere: those that say too little, and those beyond the MOST longest."""

    little: int = 0
    beyond: int = 0


def rows_of(sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """The rows of a query; its parameters one by one, or a mapping."""
    named = parameters[0] if len(parameters) == 1 and isinstance(parameters[0], dict) else parameters
    with connection.cursor() as cursor:
        cursor.execute(sql, named)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def ids_of(sql: str, *parameters: Any) -> list[int]:
    return [row[0] for row in rows_of(sql, *parameters)]


def findable(texts: Sequence[str]) -> tuple[list[str], Unsought]:
    """Those that are looked for, and how many are not: a name says enough, “Ja”, “p. 3” and “00:41” do not."""
    telling = [text for text in texts if len(text) >= SHORTEST and re.search(r"[^\W\d_]{2}", text)]
    return telling[:MOST], Unsought(len(texts) - len(telling), len(telling[MOST:]))


def streams_of(team: int) -> list[str]:
    """The team's own stream and those of its articles."""
    articles = ids_of("SELECT id FROM claims_article WHERE team_id = %s ORDER BY id", team)
    return [f"team:{team}", *(f"article:{pk}" for pk in articles)]


# where an action writes an act's reason, or a sentence with a source's title, into a row as well
COPIES = {"claims_claim": "status_reason", "claims_evidence": "retraction_reason"}


def mentions(team: int, acts: Sequence[int], mine: Iterable[Row], secrets: Sequence[str]) -> dict[Row, list[str]]:
    """The team's rows, but for `mine`, into which Galley wrote the secrets, with all such texts that they ever held.

    A short secret counts where the row got the text in one of the acts.
    """
    found: dict[Row, list[str]] = {}
    for table, column in COPIES.items():
        for pk, text in rows_of(
            "SELECT DISTINCT s.row, s.text FROM ("
            "   SELECT c.row, c.line::json->3->>%(column)s AS text, c.act = ANY(%(acts)s) AS near FROM trail.change c"
            "   WHERE c.relation = %(table)s AND c.row <> ALL(%(mine)s) AND c.stream = ANY(%(streams)s)"
            "   AND c.line ~ %(filled)s) s, unnest(%(secrets)s::text[]) AS w (words)"
            " WHERE (s.near OR length(w.words) >= %(long)s) AND strpos(s.text, w.words) > 0 ORDER BY 1, 2",
            {
                "table": table, "column": column, "filled": f'"{column}":"[^"]', "acts": list(acts),
                "mine": [pk for name, pk in mine if name == table], "streams": streams_of(team),
                "secrets": list(secrets), "long": LONG,
            },
        ):  # fmt: skip
            found.setdefault((table, pk), []).append(text)
    return found


def reports_covering(rows: Sequence[Row]) -> list[Issued]:
    """The reports with bytes that were issued after one of the rows was made, on its article."""
    found: set[Issued] = set()
    for table, pk in rows:
        if table not in OF_THE_TEAM:
            since = "r.created_at >= t.created_at" if table != "claims_anchor" else "true"
            sql = (
                "SELECT r.id, r.article_id, r.number FROM claims_report r"  # noqa: S608 (names of ours)
                " JOIN claims_reportdocument d ON d.report_id = r.id"
                f" JOIN {table} t ON t.article_id = r.article_id WHERE t.id = %s AND {since}"
            )
            found.update(rows_of(sql, pk))
    return sorted(found)


def reports_holding(team: int, secrets: Sequence[str]) -> list[Issued]:
    """The team's reports whose bytes hold one of the secrets; a short one as a value of its own."""
    return rows_of(
        "SELECT DISTINCT r.id, r.article_id, r.number"
        " FROM claims_report r JOIN claims_reportdocument d ON d.report_id = r.id,"
        " unnest(%s::text[]) AS s (words)"
        " WHERE r.team_id = %s AND position(convert_to(CASE WHEN length(s.words) >= %s"
        " THEN btrim(to_json(s.words)::text, '\"') ELSE to_json(s.words)::text END, 'UTF8') IN d.content) > 0",
        [text for text in secrets if text.strip()],
        team,
        LONG,
    )


def elsewhere(team: int, sought: Sequence[str], mine: Iterable[Row], acts: Iterable[tuple[str, int]]) -> list[Trace]:
    """Where the same words stand in the team's trail besides, in any case; a person decides whether those go too."""
    own, gone = set(mine), set(acts)
    streams, traces = streams_of(team), []
    for words in sought:
        places = [
            *(f"{table} {pk} ({stream})" for table, pk, stream in _in_lines(words, streams) if (table, pk) not in own),
            *(
                _("the reason of %(stream)s act %(seq)d") % {"stream": stream, "seq": seq}
                for stream, seq in sorted(_in_reasons(words, streams) - gone)
            ),
        ]
        if places:
            traces.append(Trace(words, places[:SHOWN], len(places)))
    return traces


def _pattern(words: str) -> str:
    """The words as a regular expression for lower-case text: a short one stands as a word of its own."""
    escaped = re.sub(r"([^\w\s])", r"\\\1", words.lower())
    return escaped if len(words) >= LONG else rf"(^|\W){escaped}(\W|$)"


def _in_lines(words: str, streams: list[str]) -> list[tuple[Any, ...]]:
    (quoted,) = rows_of("SELECT btrim(to_json(%s::text)::text, '\"')", words)[0]
    return rows_of(
        "SELECT DISTINCT c.relation, c.row, c.stream FROM trail.change c WHERE c.stream = ANY(%s)"
        " AND strpos(lower(c.line), lower(%s)) > 0 AND lower(c.line) ~ %s ORDER BY 3, 1, 2",
        streams,
        quoted,
        _pattern(quoted),
    )


def _in_reasons(words: str, streams: list[str]) -> set[tuple[str, int]]:
    return set(
        rows_of(
            "SELECT a.stream, a.seq FROM trail.act a WHERE a.stream = ANY(%s)"
            " AND strpos(lower(a.reason), lower(%s)) > 0 AND lower(a.reason) ~ %s",
            streams,
            words,
            _pattern(words),
        )
    )
