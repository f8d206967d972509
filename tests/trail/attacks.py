"""Statements sent as the web role against the trail and the rows it guards, and what becomes of each.

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
AT_CURSOR = "UPDATE claims_source SET title = 'x' WHERE CURRENT OF c"
LABEL = (
    "INSERT INTO claims_label (team_id, meaning, name, explanation, position, created_at)"
    " VALUES ({team}, 'disputed', 'Slipped in', '', 9, now())"
)


class Attack(NamedTuple):
    """Statements sent one by one on one connection; `code` is the SQLSTATE that refuses."""

    outcome: str
    sql: str
    code: str = ""


def in_act(*statements: str) -> str:
    """The statements in one transaction with an open act."""
    return ";; ".join(("BEGIN", ACT, *statements, "COMMIT"))


def tried(sql: str, code: str = "") -> Attack:
    return Attack(REFUSED, sql, code)


TRAIL_TABLES = [
    tried(statement, DENIED)
    for statement in (
        "UPDATE trail.act SET words = NULL, salt = NULL",
        "UPDATE trail.change SET line = NULL, salt = NULL",
        "UPDATE trail.change SET line = replace(line, 'eleven', 'twelve')",
        "UPDATE trail.head SET seq = seq - 1",
        "UPDATE trail.open SET words = '{{}}'",
        "DELETE FROM trail.act",
        "DELETE FROM trail.change WHERE claim = {claim}",
        "DELETE FROM trail.head",
        "DELETE FROM trail.open",
        "TRUNCATE trail.act",
        "TRUNCATE trail.change CASCADE",
        "TRUNCATE trail.head, trail.open",
        "INSERT INTO trail.head VALUES ('article:999', 1, '', '')",
        "INSERT INTO trail.change (act, stream, relation, row, commitment) VALUES (1, 'x', 'claims_claim', 1, '')",
        "INSERT INTO trail.act SELECT stream, seq + 99, id, prev, hash, header, commitment, salt, words FROM trail.act",
        "INSERT INTO trail.open (header, words) VALUES ('{{}}', '{{}}')",
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
            "SELECT trail.forget_words('team:{team}', 1)",
            "SELECT trail.note_forgotten('team:{team}', 'claims_claim', {claim}, NULL)",
            "CALL trail.watch('claims_user', 'team', 'id')",
        )
    ),
    tried("SELECT trail.seal()"),
    tried("SELECT trail.record_claims_claim()"),
    tried("SELECT trail.open_act('erase', {user}, 'x', '')", "GA006"),
    tried("SELECT trail.open_act(E'erase\\n', {user}, 'x', '')", "GA005"),
    tried("SELECT trail.open_act('ERASE', {user}, 'x', '')", "GA005"),
    tried("SELECT trail.open_act(NULL, {user}, 'x', '')", "GA005"),
    tried("SET standard_conforming_strings = off;; SELECT trail.open_act('erase!x', {user}, 'x', '')"),
    tried("BEGIN READ ONLY;; " + ACT),
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
            "DELETE FROM claims_reportdocument",
            "UPDATE claims_invitation SET email = 'x@y.example', role = 'admin'",
            "UPDATE claims_membership SET user_id = {user}",
        )
    ),
    tried(in_act(SOURCE.replace("{team}", "999999")), "23503"),
    tried(in_act("DELETE FROM claims_user WHERE id = {user}"), "23503"),
    tried(in_act(ACT), "GA003"),
    tried("BEGIN;; " + ACT + ";; " + EDIT + ";; SET TRANSACTION READ ONLY;; COMMIT"),
    tried("BEGIN;; " + ACT + ";; " + EDIT + ";; PREPARE TRANSACTION 'later'"),
]
POWERS = [
    *(
        tried(statement, DENIED)
        for statement in (
            "ALTER TABLE claims_claim DISABLE TRIGGER ALL",
            "ALTER TABLE claims_claim DISABLE TRIGGER trail",
            "ALTER TABLE trail.open DISABLE TRIGGER seal",
            "DROP TRIGGER trail ON claims_claim",
            "CREATE TRIGGER a BEFORE UPDATE ON claims_claim EXECUTE FUNCTION suppress_redundant_updates_trigger()",
            "CREATE RULE r AS ON INSERT TO trail.change DO INSTEAD NOTHING",
            "CREATE RULE r AS ON UPDATE TO claims_claim DO INSTEAD NOTHING",
            "ALTER TABLE claims_claim ADD COLUMN x int",
            "ALTER TABLE claims_claim OWNER TO CURRENT_USER",
            "ALTER TABLE trail.act SET SCHEMA public",
            "DROP TABLE trail.head",
            "DROP TABLE claims_decision CASCADE",
            "DROP FUNCTION trail.record_claims_claim() CASCADE",
            "DROP SCHEMA trail CASCADE",
            "CREATE OR REPLACE FUNCTION trail.seal() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
            "CREATE OR REPLACE FUNCTION trail.commitment(uuid, text) RETURNS bytea LANGUAGE sql AS 'SELECT NULL'",
            "ALTER FUNCTION trail.seal() SET search_path = public",
            "ALTER FUNCTION trail.record_claims_claim() RESET ALL",
            "CREATE FUNCTION public.sha256(bytea) RETURNS bytea LANGUAGE sql AS $$SELECT ''::bytea$$",
            "CREATE FUNCTION pg_catalog.sha256(text) RETURNS bytea LANGUAGE sql AS $$SELECT ''::bytea$$",
            "CREATE TABLE public.change (x int)",
            "CREATE TABLE trail.more (x int)",
            "CREATE VIEW public.act AS SELECT 1",
            "CREATE SCHEMA mine",
            "CREATE SCHEMA AUTHORIZATION CURRENT_USER",
            "CREATE TEMP TABLE open (x int)",
            "CREATE TEMP VIEW claims_claim AS SELECT 1 AS id",
            "CREATE FUNCTION pg_temp.sha256(bytea) RETURNS bytea LANGUAGE sql AS $$SELECT ''::bytea$$",
            "CREATE OPERATOR public.|| (LEFTARG = bytea, RIGHTARG = bytea, FUNCTION = byteacat)",
            "CREATE TYPE public.row AS (x int)",
            "ALTER EXTENSION plpgsql UPDATE",
            "CREATE LANGUAGE mine HANDLER plpgsql_call_handler",
            "CREATE EVENT TRIGGER e ON ddl_command_start EXECUTE FUNCTION trail.refuse()",
            "SET session_replication_role = replica",
            "SELECT set_config('session_replication_role', 'replica', false)",
            "ALTER ROLE CURRENT_USER SET session_replication_role = replica",
            "ALTER ROLE CURRENT_USER SUPERUSER",
            "ALTER ROLE CURRENT_USER BYPASSRLS",
            "ALTER SYSTEM SET session_replication_role = replica",
            "SET ROLE {owner}",
            "SET SESSION AUTHORIZATION {owner}",
            "GRANT {owner} TO CURRENT_USER",
            "GRANT UPDATE ON trail.act TO CURRENT_USER;; UPDATE trail.act SET words = NULL, salt = NULL",
            "GRANT ALL ON ALL TABLES IN SCHEMA trail TO PUBLIC",
            "REASSIGN OWNED BY {owner} TO CURRENT_USER",
            "SELECT pg_read_file('PG_VERSION')",
            "SELECT lo_import('/etc/hostname')",
            "SELECT pg_create_logical_replication_slot('s', 'pgoutput')",
            "COMMENT ON TABLE trail.act IS 'mine'",
        )
    ),
    tried("CREATE CAST (bytea AS integer) WITH INOUT"),
    tried("LOAD 'no_such_plugin'"),
]
SETTINGS = (
    "search_path = pg_temp, trail, public",
    "search_path = ''",
    "TIME ZONE 'Pacific/Chatham'",
    "datestyle = 'SQL, DMY'",
    "intervalstyle = 'sql_standard'",
    "bytea_output = 'escape'",
    "extra_float_digits = -15",
    "standard_conforming_strings = off",
    "transform_null_equals = on",
    "client_encoding = 'LATIN1'",
    "row_security = off",
    "default_transaction_isolation = 'serializable'",
    "timezone_abbreviations = 'Australia'",
    "xmloption = 'document'",
    "quote_all_identifiers = on",
    "lc_numeric = 'C'",
    "check_function_bodies = off",
)
EVERYWHERE = EDIT.replace("claims_claim", "public.claims_claim")
ON_THE_RECORD = [
    *(Attack(RECORDED, f"SET {setting};; BEGIN;; {ACT};; {EVERYWHERE};; COMMIT") for setting in SETTINGS),
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
        )
    ),
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
        "SELECT lo_from_bytea(0, 'x')",
        "VACUUM trail.act",
        "ANALYZE trail.change",
        "ALTER ROLE CURRENT_USER SET search_path = pg_temp;; ALTER ROLE CURRENT_USER RESET search_path",
        "SELECT pg_notify('x', 'y')",
        "UPDATE claims_claim SET risk = 'high' WHERE false",
    )
]
ATTACKS = [
    *TRAIL_TABLES, *TRAIL_FUNCTIONS, *WITHOUT_AN_ACT, *NOT_EVEN_IN_AN_ACT, *POWERS, *ON_THE_RECORD, *TO_NO_EFFECT,
]  # fmt: skip
