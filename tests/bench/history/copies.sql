-- Copies of one article's history, each with ids of its own: {mark} in front of five digits becomes {mark} + k, in rows, in
-- lines and in headers. What a copy says is sealed as trail.seal() does it, by the trail's own functions; salts are new.
CREATE TEMP TABLE copy AS SELECT k, ({mark} + k)::text AS mark, k * 100000 AS shift FROM generate_series(1, {copies}) k;
CREATE TEMP TABLE line_of AS SELECT * FROM trail.change WHERE act >= {mark} * 100000::bigint;
CREATE TEMP TABLE link_of AS SELECT * FROM trail.act WHERE id >= {mark} * 100000::bigint;
ANALYZE copy, line_of, link_of;

INSERT INTO trail.change (act, n, stream, relation, row, claim, commitment, salt, line) OVERRIDING SYSTEM VALUE
  SELECT act, n, stream, relation, row, claim, trail.commitment(salt, line), salt, line
    FROM (SELECT l.act + shift AS act, n + shift AS n, replace(stream, '{mark}', mark) AS stream, relation, row + shift AS row,
        claim + shift AS claim, gen_random_uuid() AS salt, replace(line, '{mark}', mark) AS line
      FROM copy, line_of l) x;

CREATE AGGREGATE pg_temp.chained (text, bigint, text, bytea, bytea, text) (SFUNC = trail.link, STYPE = bytea, INITCOND = '');
CREATE TEMP TABLE said AS
  SELECT id + shift AS id, replace(header, '{mark}', mark) AS header, gen_random_uuid() AS name_salt, name, gen_random_uuid() AS reason_salt, reason
    FROM copy, (SELECT DISTINCT id, header, name, reason FROM link_of) x;
CREATE TEMP TABLE body AS
  SELECT act, stream, string_agg(trail.covered(n, relation, row, claim, commitment), E'\n' ORDER BY n) AS body FROM trail.change GROUP BY act, stream;
CREATE TEMP TABLE link AS
  SELECT replace(stream, '{mark}', mark) AS stream, seq + CASE WHEN strpos(stream, '{mark}') > 0 THEN 0 ELSE k * of_copy END AS seq, l.id + shift AS id,
      s.header, trail.commitment(s.name_salt, s.name) AS name_commitment, trail.commitment(s.reason_salt, s.reason) AS reason_commitment,
      s.name_salt, s.name, s.reason_salt, s.reason
    FROM copy, (SELECT *, count(*) OVER (PARTITION BY stream) AS of_copy FROM link_of) l, said s WHERE s.id = l.id + shift
  UNION ALL SELECT stream, seq, id, header, name_commitment, reason_commitment, name_salt, name, reason_salt, reason FROM trail.act
    WHERE stream IN (SELECT stream FROM link_of WHERE strpos(stream, '{mark}') = 0);
INSERT INTO trail.act (stream, seq, id, prev, hash, header, name_commitment, reason_commitment, name_salt, name, reason_salt, reason)
  SELECT stream, seq, id, lag(hash, 1, ''::bytea) OVER (PARTITION BY stream ORDER BY seq), hash, header, name_commitment, reason_commitment,
      name_salt, name, reason_salt, reason
    FROM (SELECT l.*, pg_temp.chained(l.stream, seq, header, name_commitment, reason_commitment, body) OVER (PARTITION BY l.stream ORDER BY seq) AS hash
      FROM link l JOIN body b ON b.act = l.id AND b.stream = l.stream) x
  ON CONFLICT DO NOTHING;
INSERT INTO trail.head (stream, seq, prev, hash, act, article)
  SELECT DISTINCT ON (stream) stream, seq, prev, hash, id, substring(stream FROM '^article:([0-9]+)$')::bigint FROM trail.act ORDER BY stream, seq DESC
  ON CONFLICT (stream) DO UPDATE SET seq = EXCLUDED.seq, prev = EXCLUDED.prev, hash = EXCLUDED.hash, act = EXCLUDED.act;
