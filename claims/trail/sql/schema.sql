-- The trail: no act, no change. Domain rows change only inside an act; these tables, triggers and functions see to it.
-- Owned by the owner role. The web role may read, and may open an act; it can neither seal nor change one.

CREATE SCHEMA trail;
-- logged, since an unlogged table's identity would restart at 1 after a crash
CREATE SEQUENCE trail.act_id;

CREATE TABLE trail.head (
  stream text PRIMARY KEY, seq bigint NOT NULL, prev bytea NOT NULL, hash bytea NOT NULL,
  -- the last act's id, by which lists are ordered, and the id of the article whose stream it is, by which they find it;
  -- nothing that is proven rests on them
  act bigint NOT NULL DEFAULT 0, article bigint UNIQUE
) WITH (fillfactor = 50);

-- The act of the running transaction. Nothing of it can be forged: its key is the transaction's own id.
CREATE UNLOGGED TABLE trail.open (
  xid xid8 PRIMARY KEY DEFAULT pg_current_xact_id(),
  id bigint NOT NULL,
  header text NOT NULL,
  name text NOT NULL, name_salt uuid NOT NULL DEFAULT gen_random_uuid(),
  reason text NOT NULL, reason_salt uuid NOT NULL DEFAULT gen_random_uuid(),
  erasing boolean NOT NULL DEFAULT false
);

-- header: what stays for good (the act's id, its time, verb and actor id); what can be erased, each by itself, are the
-- actor's name and the reason
CREATE TABLE trail.act (
  stream text NOT NULL, seq bigint NOT NULL, id bigint NOT NULL, prev bytea NOT NULL, hash bytea NOT NULL,
  header text NOT NULL, name_commitment bytea NOT NULL, reason_commitment bytea NOT NULL,
  name_salt uuid, name text, reason_salt uuid, reason text,
  PRIMARY KEY (stream, seq)
);
CREATE INDEX act_by_id ON trail.act (id);
CREATE INDEX act_by_actor ON trail.act ((header::json->>'actor'), id);

-- relation, row and claim say what a line is about; like the header they stay when the line is erased. Three relations are
-- no tables: an act says with `line` that it erased a line (row is its n), with `name` and `reason` whose (row is the seq)
CREATE TABLE trail.change (
  act bigint NOT NULL, n bigint GENERATED ALWAYS AS IDENTITY, stream text NOT NULL,
  relation text NOT NULL, row bigint NOT NULL, claim bigint,
  commitment bytea NOT NULL, salt uuid, line text,
  PRIMARY KEY (act, n)
);
CREATE INDEX change_by_row ON trail.change (relation, row, act);
CREATE INDEX change_by_claim ON trail.change (claim, act) WHERE claim IS NOT NULL;

CREATE FUNCTION trail.commitment(salt uuid, words text) RETURNS bytea LANGUAGE sql IMMUTABLE
RETURN sha256(convert_to(salt::text || words, 'UTF8'));

-- What the hash of an act covers of one of its changes.
CREATE FUNCTION trail.covered(n bigint, relation text, "row" bigint, claim bigint, commitment bytea) RETURNS text LANGUAGE sql IMMUTABLE
RETURN concat_ws(' ', n::text, relation, "row"::text, coalesce(claim::text, '-'), encode(commitment, 'hex'));

CREATE FUNCTION trail.link(prev bytea, stream text, seq bigint, header text, name bytea, reason bytea, body text) RETURNS bytea
LANGUAGE sql IMMUTABLE
RETURN sha256(prev || convert_to(
  concat_ws(E'\n', stream, seq::text, header, encode(name, 'hex'), encode(reason, 'hex'), body), 'UTF8'));

CREATE FUNCTION trail.note_act(verb text, actor bigint, name text, reason text, erasing boolean) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE a bigint := nextval('trail.act_id');
BEGIN
  IF coalesce(verb, '') !~ '^[a-z_]+([.][a-z_]+)?$' THEN RAISE 'not a verb: %', verb USING ERRCODE = 'GA005'; END IF;
  INSERT INTO trail.open (id, header, name, reason, erasing) VALUES (
    a, json_build_object('act', a, 'at', to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'verb', verb, 'actor', actor)::text,
    coalesce(name, ''), coalesce(reason, ''), erasing)
  ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN RAISE 'an act is already open in this transaction' USING ERRCODE = 'GA003'; END IF;
  RETURN a;
END $$;

-- The web role's only write function.
CREATE FUNCTION trail.open_act(verb text, actor bigint, name text, reason text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF verb = 'erase' THEN RAISE 'only the owner erases' USING ERRCODE = 'GA006'; END IF;
  RETURN trail.note_act(verb, actor, name, reason, false);
END $$;

-- The owner's: changes inside it are recorded without the row as it was before.
CREATE FUNCTION trail.open_erasure(actor bigint, name text, reason text) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN trail.note_act('erase', actor, name, reason, true); END $$;

CREATE FUNCTION trail.erasing() RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE a bigint;
BEGIN
  SELECT o.id INTO a FROM trail.open o WHERE o.xid = pg_current_xact_id() AND o.erasing;
  IF a IS NULL THEN RAISE 'no erasure is open in this transaction' USING ERRCODE = 'GA006'; END IF;
  RETURN a;
END $$;

-- Says in the open erasure that something was forgotten: a line, a name, a reason, or a row that is gone.
CREATE FUNCTION trail.note_forgotten(stream text, relation text, "row" bigint, claim bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE s uuid := gen_random_uuid(); l text := json_build_array(relation, 'erase', NULL, NULL)::text;
BEGIN
  INSERT INTO trail.change (act, stream, relation, row, claim, commitment, salt, line)
    VALUES (trail.erasing(), stream, relation, "row", claim, trail.commitment(s, l), s, l);
END $$;

-- Forgets the lines of a row, or those that hold some words; returns how many. A row that is still there is redacted first.
CREATE FUNCTION trail.forget(of_relation text, of_row bigint, words text DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE a bigint := trail.erasing(); c trail.change; forgotten bigint := 0;
BEGIN
  FOR c IN SELECT * FROM trail.change t
    WHERE t.relation = of_relation AND t.row = of_row AND t.act <> a AND t.line IS NOT NULL
      AND (words IS NULL OR strpos(t.line, btrim(to_json(words)::text, '"')) > 0)
    ORDER BY t.n
  LOOP
    PERFORM trail.note_forgotten(c.stream, 'line', c.n, c.claim);
    UPDATE trail.change t SET line = NULL, salt = NULL WHERE t.act = c.act AND t.n = c.n;
    forgotten := forgotten + 1;
  END LOOP;
  IF NOT EXISTS (SELECT FROM trail.change t WHERE t.relation = of_relation AND t.row = of_row AND t.act = a) THEN
    SELECT * INTO STRICT c FROM trail.change t WHERE t.relation = of_relation AND t.row = of_row ORDER BY t.act DESC, t.n DESC LIMIT 1;
    PERFORM trail.note_forgotten(c.stream, c.relation, c.row, c.claim);
  END IF;
  RETURN forgotten;
END $$;

-- Forgets an act's name or its reason (`part`), in each stream that it has a link in.
CREATE FUNCTION trail.forget_of_act(of_stream text, of_seq bigint, part text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE l trail.act; a bigint := trail.erasing();
BEGIN
  IF part NOT IN ('name', 'reason') THEN RAISE 'no part of an act: %', part USING ERRCODE = 'GA005'; END IF;
  FOR l IN SELECT x.* FROM trail.act x JOIN trail.act y ON x.id = y.id WHERE y.stream = of_stream AND y.seq = of_seq
    AND CASE part WHEN 'name' THEN x.name ELSE x.reason END IS NOT NULL ORDER BY x.stream COLLATE "C"
  LOOP
    PERFORM trail.note_forgotten(l.stream, part, l.seq, NULL);
    IF part = 'name' THEN
      UPDATE trail.act t SET name = NULL, name_salt = NULL WHERE t.stream = l.stream AND t.seq = l.seq;
    ELSE
      UPDATE trail.act t SET reason = NULL, reason_salt = NULL WHERE t.stream = l.stream AND t.seq = l.seq;
    END IF;
  END LOOP;
END $$;

-- Runs at commit. Heads are locked in one order (sorted streams), and only from here to the end of the transaction.
CREATE FUNCTION trail.seal() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE h trail.head; s text; body text;
  name bytea := trail.commitment(NEW.name_salt, NEW.name); reason bytea := trail.commitment(NEW.reason_salt, NEW.reason);
BEGIN
  DELETE FROM trail.open WHERE xid = NEW.xid;
  FOR s, body IN
    SELECT c.stream, string_agg(trail.covered(c.n, c.relation, c.row, c.claim, c.commitment), E'\n' ORDER BY c.n)
      FROM trail.change c WHERE c.act = NEW.id GROUP BY c.stream ORDER BY c.stream COLLATE "C"
  LOOP
    LOOP
      UPDATE trail.head t SET seq = t.seq + 1, prev = t.hash, hash = trail.link(t.hash, s, t.seq + 1, NEW.header, name, reason, body), act = NEW.id
        WHERE t.stream = s RETURNING * INTO h;
      EXIT WHEN FOUND;
      INSERT INTO trail.head VALUES (s, 0, '', '', 0, substring(s FROM '^article:([0-9]+)$')::bigint) ON CONFLICT DO NOTHING;
    END LOOP;
    INSERT INTO trail.act (stream, seq, id, prev, hash, header, name_commitment, reason_commitment, name_salt, name, reason_salt, reason)
      VALUES (s, h.seq, NEW.id, h.prev, h.hash, NEW.header, name, reason, NEW.name_salt, NEW.name, NEW.reason_salt, NEW.reason);
  END LOOP;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER seal AFTER INSERT ON trail.open DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION trail.seal();

CREATE FUNCTION trail.refuse() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN RAISE 'refused: % on %.%', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = 'GA002'; END $$;
CREATE TRIGGER guard BEFORE DELETE OR TRUNCATE ON trail.change FOR EACH STATEMENT EXECUTE FUNCTION trail.refuse();
CREATE TRIGGER guard BEFORE DELETE OR TRUNCATE ON trail.act FOR EACH STATEMENT EXECUTE FUNCTION trail.refuse();
CREATE TRIGGER guard BEFORE DELETE OR TRUNCATE ON trail.head FOR EACH STATEMENT EXECUTE FUNCTION trail.refuse();
-- The one update there is: a line, a name or a reason goes with its salt, the commitment stays.
CREATE TRIGGER erase_only BEFORE UPDATE ON trail.change FOR EACH ROW
  WHEN (NOT (NEW.line IS NULL AND NEW.salt IS NULL
    AND (NEW.act, NEW.n, NEW.stream, NEW.relation, NEW.row, NEW.commitment) = (OLD.act, OLD.n, OLD.stream, OLD.relation, OLD.row, OLD.commitment)
    AND NEW.claim IS NOT DISTINCT FROM OLD.claim))
  EXECUTE FUNCTION trail.refuse();
CREATE TRIGGER erase_only BEFORE UPDATE ON trail.act FOR EACH ROW
  WHEN (NOT ((NEW.stream, NEW.seq, NEW.id, NEW.prev, NEW.hash, NEW.header, NEW.name_commitment, NEW.reason_commitment)
      = (OLD.stream, OLD.seq, OLD.id, OLD.prev, OLD.hash, OLD.header, OLD.name_commitment, OLD.reason_commitment)
    AND ((NEW.name IS NULL AND NEW.name_salt IS NULL) OR (NEW.name, NEW.name_salt) IS NOT DISTINCT FROM (OLD.name, OLD.name_salt))
    AND ((NEW.reason IS NULL AND NEW.reason_salt IS NULL) OR (NEW.reason, NEW.reason_salt) IS NOT DISTINCT FROM (OLD.reason, OLD.reason_salt))))
  EXECUTE FUNCTION trail.refuse();

-- Puts a table under watch: one recording function each, since reading the stream's column statically is three
-- times cheaper than from JSON. kind and col name the stream (article or team, by that column); claim is an expression
-- over a row R that gives the claim it is about, or NULL.
CREATE PROCEDURE trail.watch(t text, kind text, col text, claim text DEFAULT 'NULL::bigint') LANGUAGE plpgsql AS $make$
BEGIN
  EXECUTE format($f$
CREATE FUNCTION trail.record_%1$s() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO' SET intervalstyle = 'postgres' SET bytea_output = 'hex' SET extra_float_digits = 1 AS $$
DECLARE o trail.open; r public.%1$I; s uuid := gen_random_uuid(); l text;
BEGIN
  IF TG_OP = 'INSERT' THEN r := NEW; ELSE r := OLD; END IF;
  IF TG_OP = 'UPDATE' AND (NEW.id, NEW.%3$I) IS DISTINCT FROM (OLD.id, OLD.%3$I) THEN
    RAISE 'a row cannot move to another %2$s' USING ERRCODE = 'GA004';
  END IF;
  SELECT * INTO o FROM trail.open p WHERE p.xid = pg_current_xact_id();
  IF NOT FOUND THEN RAISE 'no act, no change: %% on %1$s', TG_OP USING ERRCODE = 'GA001'; END IF;
  l := CASE TG_OP
      WHEN 'INSERT' THEN json_build_array('%1$s', 'insert', NULL, row_to_json(NEW))
      WHEN 'UPDATE' THEN CASE WHEN o.erasing THEN json_build_array('%1$s', 'erase', NULL, row_to_json(NEW))
                              ELSE json_build_array('%1$s', 'update', row_to_json(OLD), row_to_json(NEW)) END
      ELSE CASE WHEN o.erasing THEN json_build_array('%1$s', 'delete', NULL, NULL)
                ELSE json_build_array('%1$s', 'delete', row_to_json(OLD), NULL) END END::text;
  INSERT INTO trail.change (act, stream, relation, row, claim, commitment, salt, line)
    VALUES (o.id, '%2$s:' || r.%3$I, '%1$s', r.id, %4$s, trail.commitment(s, l), s, l);
  RETURN NULL;
END $$;
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON public.%1$I FOR EACH ROW EXECUTE FUNCTION trail.record_%1$s();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON public.%1$I FOR EACH STATEMENT EXECUTE FUNCTION trail.refuse();
$f$, t, kind, col, claim);
  EXECUTE format('REVOKE ALL ON FUNCTION trail.record_%s() FROM PUBLIC', t);
END $make$;

CALL trail.watch('claims_team', 'team', 'id');
CALL trail.watch('claims_membership', 'team', 'team_id');
CALL trail.watch('claims_invitation', 'team', 'team_id');
CALL trail.watch('claims_label', 'team', 'team_id');
CALL trail.watch('claims_source', 'team', 'team_id');
CALL trail.watch('claims_capture', 'team', 'team_id');
CALL trail.watch('claims_proof', 'team', 'team_id');
CALL trail.watch('claims_article', 'article', 'id');
CALL trail.watch('claims_version', 'article', 'article_id');
CALL trail.watch('claims_report', 'article', 'article_id');
CALL trail.watch('claims_claim', 'article', 'article_id', 'r.id');
CALL trail.watch('claims_anchor', 'article', 'article_id', 'r.claim_id');
CALL trail.watch('claims_evidence', 'article', 'article_id', 'r.claim_id');
CALL trail.watch('claims_proposal', 'article', 'article_id', 'r.claim_id');
CALL trail.watch('claims_decision', 'article', 'article_id', 'r.claim_id');

-- A capture's text is no domain row: its hash is in the capture's. It comes in the act that keeps the capture, and never after.
CREATE FUNCTION trail.with_its_capture() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM (SELECT DISTINCT n.capture_id FROM added n) p WHERE NOT EXISTS (
    SELECT FROM trail.open o JOIN trail.change c ON c.act = o.id
      WHERE o.xid = pg_current_xact_id() AND c.relation = 'claims_capture' AND c.row = p.capture_id)) THEN
    RAISE 'no act, no change: text of a capture that is kept already' USING ERRCODE = 'GA001';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER with_its_capture AFTER INSERT ON public.claims_part REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION trail.with_its_capture();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON public.claims_part FOR EACH STATEMENT EXECUTE FUNCTION trail.refuse();

REVOKE ALL ON ALL ROUTINES IN SCHEMA trail FROM PUBLIC;

-- Backstops that Django's constraints cannot say: a row stays within its team and its article.
ALTER TABLE claims_source ADD CONSTRAINT origin_of_team FOREIGN KEY (origin_id, team_id) REFERENCES claims_source (id, team_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE claims_source ADD CONSTRAINT origin_article_of_team FOREIGN KEY (origin_article_id, team_id) REFERENCES claims_article (id, team_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE claims_version ADD CONSTRAINT version_of_team FOREIGN KEY (article_id, team_id) REFERENCES claims_article (id, team_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE claims_claim ADD CONSTRAINT claim_of_team FOREIGN KEY (article_id, team_id) REFERENCES claims_article (id, team_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE claims_claim ADD CONSTRAINT verdict_of_team FOREIGN KEY (verdict_id, team_id) REFERENCES claims_label (id, team_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE claims_anchor ADD CONSTRAINT anchor_of_team FOREIGN KEY (article_id, team_id) REFERENCES claims_article (id, team_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE claims_anchor ADD CONSTRAINT anchor_of_claim FOREIGN KEY (claim_id, article_id) REFERENCES claims_claim (id, article_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE claims_anchor ADD CONSTRAINT anchor_in_version FOREIGN KEY (version_id, article_id) REFERENCES claims_version (id, article_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE claims_evidence ADD CONSTRAINT evidence_of_team FOREIGN KEY (article_id, team_id) REFERENCES claims_article (id, team_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE claims_evidence ADD CONSTRAINT evidence_of_claim FOREIGN KEY (claim_id, article_id) REFERENCES claims_claim (id, article_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE claims_evidence ADD CONSTRAINT source_of_team FOREIGN KEY (source_id, team_id) REFERENCES claims_source (id, team_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE claims_proposal ADD CONSTRAINT proposal_of_team FOREIGN KEY (article_id, team_id) REFERENCES claims_article (id, team_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE claims_proposal ADD CONSTRAINT proposal_of_claim FOREIGN KEY (claim_id, article_id) REFERENCES claims_claim (id, article_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE claims_proposal ADD CONSTRAINT proposal_label_of_team FOREIGN KEY (label_id, team_id) REFERENCES claims_label (id, team_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE claims_decision ADD CONSTRAINT decision_of_team FOREIGN KEY (article_id, team_id) REFERENCES claims_article (id, team_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE claims_decision ADD CONSTRAINT decision_of_claim FOREIGN KEY (claim_id, article_id) REFERENCES claims_claim (id, article_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE claims_decision ADD CONSTRAINT decision_label_of_team FOREIGN KEY (label_id, team_id) REFERENCES claims_label (id, team_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE claims_capture ADD CONSTRAINT capture_of_source FOREIGN KEY (source_id, team_id) REFERENCES claims_source (id, team_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE claims_errand ADD CONSTRAINT errand_of_source FOREIGN KEY (source_id, team_id) REFERENCES claims_source (id, team_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE claims_errand ADD CONSTRAINT errand_of_capture FOREIGN KEY (capture_id, team_id) REFERENCES claims_capture (id, team_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE claims_part ADD CONSTRAINT part_of_capture FOREIGN KEY (capture_id, team_id) REFERENCES claims_capture (id, team_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE claims_proof ADD CONSTRAINT proof_of_capture FOREIGN KEY (capture_id, team_id) REFERENCES claims_capture (id, team_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE claims_report ADD CONSTRAINT report_of_team FOREIGN KEY (article_id, team_id) REFERENCES claims_article (id, team_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE claims_report ADD CONSTRAINT report_of_version FOREIGN KEY (version_id, article_id) REFERENCES claims_version (id, article_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE claims_reportdocument ADD CONSTRAINT content_is_bytes CHECK (octet_length(content) > 0);
