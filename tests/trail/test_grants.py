"""What the web role may do to each table and column, held against a table that says it once more."""

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db

# domain tables, whose rows change in acts: the columns that may be updated; and those whose rows may be deleted
UPDATED = {
    "claims_team": {"name", "timezone", "four_eyes", "high_risk_origins", "row_version"},
    "claims_membership": {"role", "row_version"},
    "claims_invitation": {"accepted_at", "withdrawn_at"},
    "claims_label": {"retired_at"},
    "claims_source": {
        "title", "url", "publisher", "kind", "published_on", "origin_kind", "origin_id", "origin_article_id",
        "row_version",
    },
    "claims_article": {
        "title", "byline", "outlet", "published_on", "language", "url", "stage", "deadline", "row_version",
    },
    "claims_version": set(),
    "claims_report": set(),
    "claims_reportdocument": set(),
    "claims_claim": {
        "statement", "kind", "said_by", "reported_by", "risk", "assigned_to_id", "status", "status_since",
        "status_by_id", "status_reason", "returned_to_id", "proposal_id", "verdict_id", "row_version",
    },
    "claims_capture": set(),
    "claims_part": set(),
    "claims_proof": set(),
    "claims_unproven": set(),
    # no domain row: what it is about stays, how far it is changes
    "claims_errand": {"state", "state_since", "attempts", "begun", "code", "detail", "again_at", "capture_id"},
    "claims_ahead": {
        "state", "state_since", "code", "detail", "size", "sha256", "warc_sha256", "facts", "errand_id",
    },
    "claims_anchor": set(),
    "claims_evidence": {"retracted_at", "retracted_by_id", "retraction_reason"},
    "claims_proposal": set(),
    "claims_decision": set(),
}  # fmt: skip
DELETED = {"claims_membership", "claims_anchor", "claims_ahead", "claims_unproven"}
NO_DOMAIN = ("claims_user", "claims_stash", "claims_submission", "claims_pending")
READ_ONLY = {"django_migrations", "claims_versionwords", "claims_claimwords"}
TRAIL = {"act": {"SELECT"}, "change": {"SELECT"}, "head": {"SELECT"}}
EVERYTHING = {"SELECT", "INSERT", "UPDATE", "DELETE"}
RIGHTS = (*sorted(EVERYTHING), "TRUNCATE", "REFERENCES", "TRIGGER")


def rights() -> dict[tuple[str, str], set[str]]:
    """By schema and table: what the role may do to whole tables."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT n.nspname, c.relname, array(SELECT p FROM unnest(%s::text[]) p WHERE has_table_privilege(c.oid, p))"
            " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname IN ('public', 'trail') AND c.relkind IN ('r', 'p', 'v', 'm', 'f')",
            [list(RIGHTS)],
        )
        return {(schema, table): set(found) for schema, table, found in cursor.fetchall()}


def test_whole_tables_are_as_open_as_they_have_to_be() -> None:
    expected = {}
    for schema, table in rights():
        if schema == "trail":
            expected[schema, table] = TRAIL.get(table, set())
        elif table in READ_ONLY:
            expected[schema, table] = {"SELECT"}
        elif table in UPDATED:
            expected[schema, table] = {"SELECT", "INSERT"} | ({"DELETE"} if table in DELETED else set())
        else:
            assert not table.startswith("claims_") or table in NO_DOMAIN, table
            expected[schema, table] = EVERYTHING
    assert rights() == expected
    assert {("public", table) for table in UPDATED} <= set(expected)


def test_of_domain_rows_only_what_changes_may_be_updated() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, a.attname,"
            " array(SELECT p FROM unnest(%s::text[]) p WHERE has_column_privilege(c.oid, a.attnum, p))"
            " FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'public' AND c.relname = ANY(%s) AND a.attnum > 0 AND NOT a.attisdropped",
            [["UPDATE", "REFERENCES"], list(UPDATED)],
        )
        found: dict[str, set[str]] = {table: set() for table in UPDATED}
        for table, column, may in cursor.fetchall():
            assert "REFERENCES" not in may, (table, column)
            found[table] |= {column} if "UPDATE" in may else set()
    assert found == UPDATED


def test_of_the_trail_s_functions_one_writes() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
            " WHERE n.nspname = 'trail' AND has_function_privilege(p.oid, 'EXECUTE')"
        )
        assert {name for (name,) in cursor.fetchall()} == {"open_act", "commitment", "covered", "link"}
