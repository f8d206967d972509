-- Newsrooms with 200 claims an article, written by the owner past the triggers: what lists are measured on, no history.
-- The temporary table newsroom (team, people, articles) says which. A tenth of a newsroom's articles is at work.
-- Words come with the frequency that words have: few everywhere, most of them rare.

CREATE TEMP TABLE placed AS
  SELECT *, coalesce(sum(articles) OVER (ORDER BY team ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)::bigint AS before FROM newsroom;
CREATE TEMP TABLE vocabulary AS
  SELECT n, (SELECT string_agg(chr(97 + ((n * (7 + i * 13) + n / (i * 26 + 1)) % 26)::int), '') FROM generate_series(1, 3 + n % 7) i) AS word
    FROM generate_series(0, 19999) n;
CREATE UNIQUE INDEX ON vocabulary (n);
CREATE TEMP TABLE piece AS
  SELECT p, (SELECT string_agg(v.word, ' ' ORDER BY i) FROM generate_series(1, 12) i
      JOIN vocabulary v ON v.n = floor(power((hashtextextended(p || ':' || i, 0) & 1048575) / 1048576.0, 3) * 20000)::int) AS words
    FROM generate_series(0, 99999) p;
CREATE UNIQUE INDEX ON piece (p);
ANALYZE vocabulary, piece;

INSERT INTO claims_user (id, password, email, name, shortcuts, is_active, date_joined)
  SELECT team * 100 + g, '', 'person' || g || '@team' || team || '.example', 'Person ' || g || ' of ' || team, true, true, now()
    FROM placed, generate_series(1, people) g;
INSERT INTO claims_team (id, name, slug, timezone, four_eyes, high_risk_origins, row_version, created_at)
  SELECT team, 'Newsroom ' || team, 'newsroom-' || team, 'Europe/London', true, 2, 1, now() FROM placed;
INSERT INTO claims_membership (team_id, user_id, role, row_version, joined_at)
  SELECT team, team * 100 + g, CASE g WHEN 1 THEN 'admin' WHEN 2 THEN 'reviewer' ELSE 'checker' END, 1, now() FROM placed, generate_series(1, people) g;
INSERT INTO claims_label (id, team_id, meaning, name, explanation, position, created_at)
  SELECT team * 2 + n, team, (ARRAY['accurate', 'inaccurate'])[n + 1], (ARRAY['Verified', 'Inaccurate'])[n + 1], '', n, now() FROM placed, generate_series(0, 1) n;

INSERT INTO claims_article (id, team_id, title, byline, outlet, published_on, language, url, stage, deadline, row_version, created_at, created_by_id)
  SELECT before + g, team, (SELECT words FROM piece WHERE p = (g * 20) % 99900), 'Nora Vance', 'Ledger', NULL, 'en', '',
      CASE WHEN g * 10 > articles * 9 THEN (CASE WHEN g % 5 = 0 THEN 'ready' ELSE 'checking' END) WHEN g % 10 = 0 THEN 'published' ELSE 'closed' END,
      CASE WHEN g % 9 <> 0 THEN now() + (g - articles * 0.97) * interval '6 hours' END, 1, now() - (articles + 1 - g) * interval '8 hours', team * 100 + 1 + g % people
    FROM placed, generate_series(1, articles) g;
INSERT INTO claims_version (id, team_id, article_id, number, text, sha256, blocks, words, created_at, created_by_id)
  SELECT id, team_id, id, 1, words, encode(sha256(convert_to(words, 'UTF8')), 'hex'),
      json_build_array(json_build_object('kind', 'paragraph', 'start', 0, 'end', length(words))), 972, created_at, created_by_id
    FROM (SELECT a.*, (SELECT string_agg(words, '. ' ORDER BY p) FROM piece WHERE p BETWEEN ((a.id - before) * 20) % 99900 AND ((a.id - before) * 20) % 99900 + 80) AS words
      FROM claims_article a JOIN placed ON team = team_id) x;
INSERT INTO claims_versionwords SELECT id, article_id, found, pairs_of(team_id, found)
  FROM (SELECT id, article_id, team_id, words_of(team_id, left(text, 150000)) AS found FROM claims_version) x;
INSERT INTO claims_source (id, team_id, title, url, publisher, kind, origin_kind, row_version, created_at, created_by_id)
  SELECT before * 10 + g, team, (SELECT words FROM piece WHERE p = g % 100000), 'https://example.org/' || g, 'Publisher ' || g % 300,
      CASE WHEN g % 4 = 0 THEN 'document' ELSE 'page' END, CASE WHEN g % 2 = 0 THEN 'itself' ELSE 'unknown' END, 1, now(), team * 100 + 1
    FROM placed, generate_series(1, articles * 10) g;

INSERT INTO claims_claim (id, team_id, article_id, number, statement, kind, said_by, reported_by, risk, assigned_to_id, status, status_since, status_by_id,
    status_reason, returned_to_id, proposal_id, verdict_id, row_version, created_at, created_by_id)
  SELECT id, team, article, n, (SELECT words FROM piece WHERE p = CASE WHEN h % 10 = 1 THEN id % 100000 ELSE (a * 20) % 99900 + n % 80 END), 'other', '', '', 'medium',
      CASE WHEN h % 10 < 7 THEN team * 100 + 1 + (h / 10) % people END, status, now() - (articles + 1 - a) * interval '8 hours' + n * interval '1 minute', team * 100 + 1 + (h / 100) % people,
      CASE WHEN status = 'recheck' THEN 'Evidence was retracted' ELSE '' END,
      CASE WHEN status = 'open' AND h % 20 = 3 THEN team * 100 + 1 + (h / 1000) % people END,
      CASE WHEN status = 'proposed' THEN id END, CASE WHEN status IN ('decided', 'recheck') THEN team * 2 + h % 2 END, 1,
      now() - (articles + 1 - a) * interval '8 hours', team * 100 + 1 + (h / 7) % people
    FROM (SELECT team, people, articles, before, before + a AS article, (before + a - 1) * 200 + n AS id, a, n, h, CASE
        WHEN a * 10 > articles * 9 THEN (CASE WHEN h % 100 < 40 THEN 'open' WHEN h % 100 < 55 THEN 'proposed' WHEN h % 100 < 60 THEN 'recheck' WHEN h % 100 < 97 THEN 'decided' ELSE 'withdrawn' END)
        ELSE (CASE WHEN h % 100 < 3 THEN 'open' WHEN h % 100 < 4 THEN 'proposed' WHEN h % 100 < 5 THEN 'recheck' WHEN h % 100 < 97 THEN 'decided' ELSE 'withdrawn' END) END AS status
      FROM placed, generate_series(1, articles) a, generate_series(1, 200) n, LATERAL (SELECT abs(hashint8((before + a - 1) * 200 + n))::bigint AS h) x) y;
ANALYZE claims_versionwords;
INSERT INTO claims_claimwords SELECT id, article_id, words_of(team_id, statement) FROM claims_claim WHERE NOT said_in(article_id, statement);
INSERT INTO claims_proposal (id, team_id, article_id, label_id, rationale, proposed_wording, searched, created_at, claim_id, proposed_by_id)
  SELECT id, team_id, article_id, team_id * 2 + id % 2, 'r', '', '', now(), id, team_id * 100 + 1 + (id * 31) % people
    FROM claims_claim JOIN placed ON team = team_id WHERE status = 'proposed';
-- every fiftieth claim leans on one and the same source
INSERT INTO claims_evidence (team_id, article_id, claim_id, source_id, number, stance, quote, locator, note, added_by_id, created_at, retraction_reason)
  SELECT team_id, article_id, id, before * 10 + CASE WHEN id % 50 = 0 THEN 1 ELSE 1 + id % (articles * 10) END, 1, 'supports', 'q', 'p. 1', '',
      team_id * 100 + 1 + (id * 17) % people, now(), '' FROM claims_claim JOIN placed ON team = team_id;

-- As many acts as claims, whose words and lines can be read. Nobody verifies them: their hashes are empty.
INSERT INTO trail.act (stream, seq, id, prev, hash, header, name_commitment, name_salt, name, reason_commitment, reason_salt, reason)
  SELECT 'article:' || article_id, number, id, '', '', json_build_object('act', id, 'at', to_char(created_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'verb', 'claim.log', 'actor', created_by_id)::text,
    '', gen_random_uuid(), 'Person ' || created_by_id % 100, '', gen_random_uuid(), '' FROM claims_claim ORDER BY hashint8(id);
INSERT INTO trail.head (stream, seq, prev, hash, act, article) SELECT 'article:' || id, 200, '', '', id * 200, id FROM claims_article;
INSERT INTO trail.change (act, stream, relation, row, claim, commitment, salt, line)
  SELECT id, 'article:' || article_id, 'claims_claim', id, id, '', gen_random_uuid(), json_build_array('claims_claim', 'insert', NULL, row_to_json(c))::text
    FROM claims_claim c WHERE number = 200;
SELECT setval('trail.act_id', 100000000);
SELECT setval(pg_get_serial_sequence(t, 'id'), 100000000) FROM unnest(ARRAY['claims_user', 'claims_team', 'claims_membership', 'claims_label', 'claims_article',
  'claims_version', 'claims_source', 'claims_claim', 'claims_proposal', 'claims_evidence']) t;
