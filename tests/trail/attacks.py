"""Statements sent as the web role against the trail and the rows it guards, and what becomes of each.

powers.py beside it goes on: what a role might change about the database, or about itself.

REFUSED: the database raises, and every table is as it was. RECORDED: rows changed, and an act says so.
NOTHING: no error, and every table is as it was.
"""

from typing import NamedTuple

REFUSED, RECORDED, NOTHING = "refused", "recorded", "nothing"
DENIED, NO_ACT = "42501", "GA001"
ACT = "SELECT trail.open_act('claim.edit', {user}, 'Ifeoma', 'attack')"
EDIT = "UPDATE claims_claim SET statement = statement || '!' WHERE id = {claim}"
SOURCE = (
    "INSERT INTO claims_source"
    " (team_id, title, url, publisher, kind, origin_kind, row_version, created_at, created_by_id)"
    " VALUES ({team}, 'Slipped in', '', '', 'page', 'itself', 1, now(), {user})"
)
MEMBER = (
    "INSERT INTO claims_membership (team_id, user_id, role, row_version, joined_at)"
    " VALUES ({other}, {user}, 'admin', 1, now())"
)
EVERYWHERE = EDIT.replace("claims_claim", "public.claims_claim")
AT_CURSOR = "UPDATE claims_source SET title = 'x' WHERE CURRENT OF c"
CAPTURE = (
    "INSERT INTO claims_capture (team_id, source_id, number, sha256, size, media_type, title, file_name, asked_url,"
    " final_url, redirects, headers, captured_at, tool, notes, pages, text_sha256, warc_sha256, created_at)"
    " VALUES ({team}, {source}, 9, '', 0, '', '', '', '', '', '[]', '[]', now(), '', '[]', 0, '', '', now())"
)
PART = (
    "INSERT INTO claims_part (capture_id, team_id, number, place, kind, text, cells)"
    " VALUES ({capture}, {team}, 9, '', 'page', 'Slipped in', '[]')"
)
PROOF = (
    "INSERT INTO claims_proof"
    " (team_id, source_id, capture_id, kind, authority, sha256, size, media_type, detail, made_at)"
    " SELECT team_id, source_id, capture_id, kind, 'x', sha256, size, media_type, detail, now() FROM claims_proof"
)
LABEL = (
    "INSERT INTO claims_label (team_id, meaning, name, explanation, position, created_at)"
    " VALUES ({team}, 'disputed', 'Slipped in', '', 9, now())"
)


REPORT = (
    "INSERT INTO claims_report"
    " (team_id, article_id, version_id, number, sha256, size, state, issued_by_id, created_at)"
    " SELECT team_id, article_id, version_id, number + 1, sha256, size, '', issued_by_id, now() FROM claims_report"
)
CAUGHT = "EXCEPTION WHEN others THEN NULL; END"
IN_A_LOOP = (
    "DO $$ BEGIN FOR i IN 1..3 LOOP BEGIN UPDATE claims_source SET url = i::text;"
    f" IF i = 2 THEN RAISE 'no'; END IF; {CAUGHT}; END LOOP; END $$"
)
SECOND_ACT = "DO $$ BEGIN UPDATE claims_source SET url = 'a'; PERFORM trail.open_act('x', 1, '', ''); " + CAUGHT + " $$"
UNDONE_ACT = (
    "DO $$ BEGIN PERFORM trail.open_act('x', 1, '', ''); UPDATE claims_source SET title = 'x'; RAISE 'no'; "
    + CAUGHT
    + " $$"
)
CONFLICTING = "INSERT INTO claims_source SELECT (s).* FROM claims_source s ON CONFLICT (id) DO UPDATE SET url = 'b'"
SET_ALL = (
    "SELECT set_config('timezone', 'Asia/Kathmandu', true), set_config('datestyle', 'German', true),"
    " set_config('intervalstyle', 'iso_8601', true), set_config('bytea_output', 'escape', true),"
    " set_config('extra_float_digits', '-15', true)"
)
OPENED_BY_THE_WAY = (
    "WITH a AS (SELECT trail.open_act('claim.edit', {user}, 'x', '') AS act), u AS (" + EDIT + " RETURNING 1)"
    " SELECT * FROM a, u"
)


class Attack(NamedTuple):
    """Statements sent one by one on one connection, with ;; between; `code` is the SQLSTATE that refuses the last."""

    outcome: str
    sql: str
    code: str = ""


def in_act(*statements: str) -> str:
    """The statements in one transaction with an open act."""
    return ";; ".join(("BEGIN", ACT, *statements, "COMMIT"))


def tried(sql: str, code: str = DENIED) -> Attack:
    return Attack(REFUSED, sql, code)


TRAIL_TABLES = [
    tried(statement, DENIED)
    for statement in (
        "UPDATE trail.act SET reason = NULL, reason_salt = NULL",
        "UPDATE trail.change SET line = NULL, salt = NULL",
        "UPDATE trail.change SET line = replace(line, 'eleven', 'twelve')",
        "UPDATE trail.head SET seq = seq - 1",
        "UPDATE trail.open SET reason = ''",
        "DELETE FROM trail.act",
        "DELETE FROM trail.change WHERE claim = {claim}",
        "DELETE FROM trail.head",
        "DELETE FROM trail.open",
        "TRUNCATE trail.act",
        "TRUNCATE trail.change CASCADE",
        "TRUNCATE trail.head, trail.open",
        "INSERT INTO trail.head VALUES ('article:999', 1, '', '')",
        "INSERT INTO trail.change (act, stream, relation, row, commitment) VALUES (1, 'x', 'claims_claim', 1, '')",
        "INSERT INTO trail.act SELECT (a).* FROM trail.act a",
        "INSERT INTO trail.open (id, header, name, reason) VALUES (9, '{{}}', '', '')",
        "MERGE INTO trail.head h USING trail.act a ON h.stream = a.stream WHEN MATCHED THEN UPDATE SET seq = 0",
        "SELECT * FROM trail.open",
        "SELECT * FROM trail.head FOR UPDATE",
        "BEGIN;; LOCK TABLE trail.head IN ACCESS EXCLUSIVE MODE",
        "SELECT nextval('trail.act_id')",
        "SELECT setval('trail.act_id', 1)",
        "COPY trail.act FROM PROGRAM 'true'",
        "COPY trail.act TO PROGRAM 'cat'",
        "COPY trail.change FROM '/etc/hostname'",
        "COPY trail.head TO '/tmp/heads'",
        "COPY trail.act FROM STDIN",
        "COPY trail.change (act, stream, relation, row, commitment) FROM STDIN",
        "COPY trail.open FROM STDIN",
        "COPY trail.open TO STDOUT",
        "INSERT INTO trail.head SELECT * FROM trail.head ON CONFLICT (stream) DO UPDATE SET seq = 0",
        "WITH gone AS (DELETE FROM trail.act RETURNING *) SELECT count(*) FROM gone",
        "MERGE INTO trail.act a USING trail.head h ON false WHEN NOT MATCHED THEN INSERT (stream) VALUES (h.stream)",
        "MERGE INTO trail.change c USING trail.head h ON c.stream = h.stream WHEN MATCHED THEN DELETE",
        "SELECT * FROM trail.act FOR UPDATE",
        "SELECT * FROM trail.change FOR KEY SHARE",
        "BEGIN;; LOCK TABLE trail.open IN ACCESS SHARE MODE",
        "BEGIN;; LOCK TABLE trail.act IN SHARE MODE",
        "BEGIN;; DECLARE c CURSOR FOR SELECT * FROM trail.act;; FETCH c;; DELETE FROM trail.act WHERE CURRENT OF c",
        "SELECT currval('trail.act_id')",
        "SELECT setval('trail.change_n_seq', 1)",
        "SELECT last_value FROM trail.act_id",
        "EXPLAIN ANALYZE DELETE FROM trail.head",
        "PREPARE p AS DELETE FROM trail.head;; EXECUTE p",
        "DO $$ BEGIN DELETE FROM trail.head; END $$",
    )
]
TRAIL_FUNCTIONS = [
    *(
        tried(statement, DENIED)
        for statement in (
            "SELECT trail.note_act('claim.edit', 1, 'x', '', true)",
            "SELECT trail.open_erasure(1, 'x', 'y')",
            "SELECT trail.erasing()",
            "SELECT trail.forget('claims_claim', {claim})",
            "SELECT trail.forget_of_act('team:{team}', 1, 'reason')",
            "SELECT trail.note_forgotten('team:{team}', 'claims_claim', {claim}, NULL)",
            "CALL trail.watch('claims_user', 'team', 'id')",
        )
    ),
    tried("SELECT trail.seal()"),
    tried("SELECT trail.record_claims_claim()"),
    tried("SELECT trail.refuse()"),
    # the record of another table's change, by a trigger of its own
    tried("CREATE TRIGGER mine AFTER INSERT ON claims_stash EXECUTE FUNCTION trail.record_claims_claim()"),
    tried("SELECT trail.open_act('claim.edit', {user}, repeat('x', 1 << 30), '')", "54000"),
    tried("SELECT trail.open_act('claim.edit', 99999999999999999999, 'x', '')", "42883"),
    tried("SELECT trail.open_act('claim.edit', {user}, E'x\\x00', '')", "22021"),
    tried("SELECT trail.open_act('erase', {user}, 'x', '')", "GA006"),
    tried("SELECT trail.open_act(E'erase\\n', {user}, 'x', '')", "GA005"),
    tried("SELECT trail.open_act('ERASE', {user}, 'x', '')", "GA005"),
    tried("SELECT trail.open_act(NULL, {user}, 'x', '')", "GA005"),
    tried("SET standard_conforming_strings = off;; SELECT trail.open_act('erase!x', {user}, 'x', '')", "GA005"),
    tried("BEGIN READ ONLY;; " + ACT, "25006"),
    tried("SET default_transaction_read_only = on;; " + ACT, "25006"),
]
WITHOUT_AN_ACT = [
    tried(statement, NO_ACT)
    for statement in (
        EDIT,
        "UPDATE claims_team SET four_eyes = false",
        "UPDATE claims_membership SET role = 'admin'",
        "UPDATE claims_invitation SET accepted_at = now()",
        "UPDATE claims_label SET retired_at = now()",
        "UPDATE claims_source SET title = 'x'",
        "UPDATE claims_article SET title = 'x'",
        "UPDATE claims_evidence SET retracted_at = now(), retracted_by_id = {user}",
        "DELETE FROM claims_membership WHERE id = {member}",
        "DELETE FROM claims_anchor WHERE id = {anchor}",
        SOURCE,
        LABEL,
        MEMBER,
        CAPTURE,
        PART,
        PROOF,
        SOURCE + " ON CONFLICT DO NOTHING",
        "WITH gone AS (DELETE FROM claims_anchor WHERE id = {anchor} RETURNING *) SELECT * FROM gone",
        "MERGE INTO claims_source s USING (SELECT 1) x ON s.id = {source} WHEN MATCHED THEN UPDATE SET title = 'x'",
        "EXPLAIN ANALYZE " + EDIT,
        "PREPARE p AS " + EDIT + ";; EXECUTE p",
        "DO $$ BEGIN EXECUTE 'UPDATE claims_source SET title = 1'; END $$",
        "BEGIN;; DECLARE c CURSOR FOR SELECT * FROM claims_source FOR UPDATE;; FETCH c;; " + AT_CURSOR,
        "BEGIN;; " + ACT + ";; COMMIT;; " + EDIT,
        "BEGIN;; " + ACT + ";; ROLLBACK;; " + EDIT,
        "BEGIN;; SAVEPOINT s;; " + ACT + ";; ROLLBACK TO s;; " + EDIT,
        "BEGIN;; " + ACT + ";; SET CONSTRAINTS ALL IMMEDIATE;; " + EDIT,
        "BEGIN;; " + ACT + ";; SET CONSTRAINTS trail.seal IMMEDIATE;; " + EDIT,
        "SET trail.act = '1';; SET trail.erasing = 'on';; " + EDIT,
        "SELECT set_config('trail.act', '1', false), set_config('galley.act', '1', false);; " + EDIT,
        "BEGIN;; SET CONSTRAINTS ALL IMMEDIATE;; " + ACT + ";; " + EDIT,
        "BEGIN;; SET CONSTRAINTS trail.seal IMMEDIATE;; " + ACT + ";; " + EDIT,
        "BEGIN;; SAVEPOINT a;; " + ACT + ";; " + EDIT + ";; ROLLBACK TO a;; RELEASE a;; " + EDIT,
        # an act that another connection had: its number is nobody else's
        "BEGIN;; " + ACT + ";; COMMIT AND CHAIN;; " + EDIT,
        "BEGIN;; " + ACT + ";; ROLLBACK AND CHAIN;; " + EDIT,
        "BEGIN ISOLATION LEVEL REPEATABLE READ;; " + EDIT,
        "BEGIN ISOLATION LEVEL SERIALIZABLE;; " + EDIT,
        SOURCE + " RETURNING id",
        "INSERT INTO claims_source SELECT (s).* FROM claims_source s ON CONFLICT (id) DO UPDATE SET title = 'x'",
        "UPDATE ONLY claims_source SET title = 'x'",
        "WITH a AS (UPDATE claims_source SET title = 'a'), b AS (UPDATE claims_article SET title = 'b') SELECT 1",
        "MERGE INTO claims_anchor a USING (SELECT 1) x ON a.id = {anchor} WHEN MATCHED THEN DELETE",
        "BEGIN;; UPDATE claims_user SET name = 'x' WHERE false;; " + EDIT,
        REPORT,
    )
]
NOT_EVEN_IN_AN_ACT = [
    *(
        tried(in_act(statement), DENIED)
        for statement in (
            "DELETE FROM claims_claim",
            "DELETE FROM claims_evidence",
            "DELETE FROM claims_source",
            "DELETE FROM claims_team",
            "DELETE FROM claims_decision",
            "TRUNCATE claims_claim CASCADE",
            "TRUNCATE claims_team CASCADE",
            "UPDATE claims_claim SET number = 99",
            "UPDATE claims_claim SET id = id + 1000",
            "UPDATE claims_claim SET team_id = {other}",
            "UPDATE claims_source SET created_by_id = {user}",
            "UPDATE claims_evidence SET quote = 'x'",
            "UPDATE claims_evidence SET added_by_id = {user}",
            "UPDATE claims_label SET name = 'Verified, truly'",
            "UPDATE claims_version SET text = 'x'",
            "UPDATE claims_proposal SET rationale = 'x'",
            "UPDATE claims_decision SET decided_by_id = {user}",
            "UPDATE claims_report SET sha256 = ''",
            "UPDATE claims_reportdocument SET content = ''",
            "UPDATE claims_capture SET sha256 = repeat('0', 64)",
            "UPDATE claims_proof SET authority = 'x'",
            "UPDATE claims_part SET text = 'x'",
            "UPDATE claims_errand SET url = 'https://other.example', source_id = {source}",
            "UPDATE claims_ahead SET url = 'https://other.example', asked_by_id = {user}",
            "DELETE FROM claims_capture",
            "DELETE FROM claims_proof",
            "DELETE FROM claims_part",
            "DELETE FROM claims_errand",
            "TRUNCATE claims_part",
            "DELETE FROM claims_reportdocument",
            "UPDATE claims_invitation SET email = 'x@y.example', role = 'admin'",
            "UPDATE claims_membership SET user_id = {user}",
            "DELETE FROM claims_article",
            "DELETE FROM claims_version",
            "DELETE FROM claims_report",
            "DELETE FROM claims_label",
            "DELETE FROM claims_proposal",
            "DELETE FROM claims_invitation",
            "UPDATE claims_claim SET article_id = article_id",
            "UPDATE claims_evidence SET claim_id = claim_id, stance = 'supports'",
            "UPDATE claims_anchor SET start = 0",
            "UPDATE claims_team SET slug = 'x'",
            "MERGE INTO claims_claim c USING (SELECT 1) x ON c.id = {claim} WHEN MATCHED THEN DELETE",
            "INSERT INTO claims_claim SELECT (c).* FROM claims_claim c ON CONFLICT (id) DO UPDATE SET number = 1",
            "SELECT setval('claims_claim_id_seq', 1)",
        )
    ),
    # text of a capture that is kept already; a capture of another team's source
    tried(in_act(PART), NO_ACT),
    tried(in_act(CAPTURE.replace("{team}", "{other}")), "23503"),
    # what no page could show
    *(
        tried(in_act(statement), "23514")
        for statement in (
            "UPDATE claims_article SET published_on = 'infinity'",
            "UPDATE claims_article SET deadline = '-infinity'",
            "UPDATE claims_source SET published_on = '0044-03-15 BC'",
            "UPDATE claims_source SET published_on = '10000-01-01'",
            "UPDATE claims_claim SET status_since = 'infinity'",
            SOURCE.replace("now()", "'-infinity'"),
            MEMBER.replace("now()", "'294276-12-31'"),
        )
    ),
    # settings of a transaction, while an act is open
    tried(in_act("SET CONSTRAINTS trail.seal, no_such_constraint IMMEDIATE"), "42704"),
    tried(in_act("SET CONSTRAINTS trail.trail DEFERRED"), "42704"),
    tried(in_act(SOURCE.replace("{team}", "999999")), "23503"),
    tried(in_act("DELETE FROM claims_user WHERE id = {user}"), "23503"),
    tried(in_act(ACT), "GA003"),
    tried("BEGIN;; " + ACT + ";; " + EDIT + ";; SET TRANSACTION READ ONLY;; COMMIT", "25006"),
    # more of it in test_prepared.py
    tried("BEGIN;; " + EDIT + ";; PREPARE TRANSACTION 'later'", NO_ACT),
    tried("COMMIT PREPARED 'later'", "42704"),
    # a cursor that outlives the transaction must have been read to its end, and writes nothing
    tried("BEGIN;; DECLARE c CURSOR WITH HOLD FOR SELECT * FROM claims_source FOR UPDATE", "0A000"),
    tried("BEGIN;; DECLARE c CURSOR FOR UPDATE claims_source SET title = 'x' RETURNING id", "42601"),
]
ON_THE_RECORD = [
    *(
        Attack(RECORDED, in_act(*statements))
        for statements in (
            (EDIT,),
            (EDIT, EDIT, EDIT),
            (SOURCE,),
            (LABEL,),
            ("SAVEPOINT s", EDIT, "ROLLBACK TO s", SOURCE),
            ("SAVEPOINT s", EDIT, "RELEASE s"),
            ("SET CONSTRAINTS trail.seal DEFERRED", EDIT),
            (EDIT, "SET CONSTRAINTS ALL IMMEDIATE"),
            (EDIT, "SET CONSTRAINTS trail.seal IMMEDIATE", "SET CONSTRAINTS trail.seal DEFERRED", ACT, SOURCE),
            ("MERGE INTO claims_source s USING (SELECT 1) x ON s.id = {source} WHEN MATCHED THEN UPDATE SET url = ''",),
            ("WITH o AS (SELECT * FROM claims_source) UPDATE claims_source s SET url = 'x' FROM o WHERE s.id = o.id",),
            ("DO $$ BEGIN UPDATE claims_source SET url = 'y'; EXCEPTION WHEN others THEN NULL; END $$",),
            ("DECLARE c CURSOR FOR SELECT * FROM claims_source FOR UPDATE", "FETCH c", AT_CURSOR),
            ("UPDATE claims_source SET origin_kind = 'unknown'",),
            # sealed, and taken back to before the seal: it is sealed again at the end
            (EDIT, "SAVEPOINT s", "SET CONSTRAINTS trail.seal IMMEDIATE", "ROLLBACK TO s"),
            (EDIT, "SAVEPOINT s", "SET CONSTRAINTS trail.seal IMMEDIATE", "ROLLBACK TO s", SOURCE),
            ("SAVEPOINT s", EDIT, "SAVEPOINT t", SOURCE, "ROLLBACK TO t", "RELEASE s"),
            ("SAVEPOINT s", "SET CONSTRAINTS ALL IMMEDIATE", "ROLLBACK TO s", EDIT),
            (EDIT, "SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL DEFERRED", ACT, EDIT),
            (IN_A_LOOP,),
            (SECOND_ACT, EDIT),
            (CONFLICTING,),
            ("MERGE INTO claims_anchor a USING (SELECT 1) x ON a.id = {anchor} WHEN MATCHED THEN DELETE",),
            ("WITH a AS (UPDATE claims_source SET url = 'a'), b AS (UPDATE claims_article SET url = 'b') SELECT 1",),
            ("PREPARE p AS " + EDIT, "EXECUTE p", "EXECUTE p", "DEALLOCATE p"),
            ("SELECT set_config('search_path', 'pg_temp, trail', true)", EVERYWHERE),
            (SET_ALL, EDIT),
            ("SET LOCAL TIME ZONE INTERVAL '-08:08' HOUR TO MINUTE", EDIT),
            # an act opened in the statement that writes
            ("SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL DEFERRED", OPENED_BY_THE_WAY),
        )
    ),
    Attack(RECORDED, "BEGIN ISOLATION LEVEL SERIALIZABLE;; " + ACT + ";; " + EDIT + ";; COMMIT"),
    Attack(RECORDED, "BEGIN;; " + ACT + ";; " + EDIT + ";; COMMIT AND CHAIN;; " + ACT + ";; " + SOURCE + ";; COMMIT"),
    Attack(RECORDED, "BEGIN;; SAVEPOINT s;; " + ACT + ";; ROLLBACK TO s;; " + ACT + ";; " + EDIT + ";; COMMIT"),
    # who acts, a web process may invent; that it was done, it cannot hide
    Attack(RECORDED, "BEGIN;; SELECT trail.open_act('claim.decide', 999999, 'Nobody', '');; " + EDIT + ";; COMMIT"),
    Attack(RECORDED, "BEGIN;; SELECT trail.open_act('member.join', {user}, 'x', '');;"
                     " UPDATE claims_membership SET role = 'admin'"
                     " WHERE id = {member};; COMMIT"),
]  # fmt: skip
TO_NO_EFFECT = [
    Attack(NOTHING, sql)
    for sql in (
        in_act(),
        "BEGIN;; " + ACT + ";; " + EDIT + ";; ROLLBACK",
        "BEGIN;; " + ACT + ";; " + EDIT,  # and the connection goes away
        "DO $$ BEGIN UPDATE claims_source SET title = 'x'; EXCEPTION WHEN others THEN NULL; END $$",
        "UPDATE claims_claim SET risk = 'high' WHERE false",
        "BEGIN;; SAVEPOINT s;; " + ACT + ";; ROLLBACK TO s;; COMMIT",
        "BEGIN;; " + ACT + ";; SAVEPOINT s;; " + EDIT + ";; ROLLBACK TO s;; COMMIT",
        "BEGIN;; " + ACT + ";; " + EDIT + ";; SET CONSTRAINTS ALL IMMEDIATE;; ROLLBACK",
        "BEGIN;; " + ACT + ";; PREPARE p AS " + EDIT + ";; COMMIT",
        UNDONE_ACT,
        "DO $$ BEGIN DELETE FROM trail.head; EXCEPTION WHEN insufficient_privilege THEN NULL; END $$",
        "BEGIN;; DECLARE c CURSOR WITH HOLD FOR SELECT * FROM trail.act;; COMMIT;; FETCH ALL FROM c",
        "BEGIN;; LOCK TABLE trail.head IN ACCESS SHARE MODE;; COMMIT",
        "SELECT * FROM trail.change TABLESAMPLE SYSTEM (50)",
        "SELECT nextval('claims_claim_id_seq')",
    )
]
ATTACKS = [*TRAIL_TABLES, *TRAIL_FUNCTIONS, *WITHOUT_AN_ACT, *NOT_EVEN_IN_AN_ACT, *ON_THE_RECORD, *TO_NO_EFFECT]
