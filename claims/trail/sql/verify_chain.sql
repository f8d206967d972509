-- The links that do not hold: each act against its changes and its words, and against the act before it.
-- Recomputed from the rows with PostgreSQL's own functions alone: those of the schema trail are the owner's to replace.
-- {acts} is a condition on a (the acts) that chooses the streams, {changes} one on c (their changes).
WITH body AS MATERIALIZED (
  SELECT c.act, c.stream, string_agg(
      concat_ws(' ', c.n::text, c.relation, c.row::text, coalesce(c.claim::text, '-'), encode(c.commitment, 'hex')), E'\n' ORDER BY c.n) AS body
    FROM trail.change c WHERE {changes} GROUP BY c.act, c.stream
), weighed AS (
  SELECT a.stream, a.seq, CASE
      -- an act without changes gives NULL, which is no hash
      WHEN a.hash IS DISTINCT FROM sha256(a.prev || convert_to(
        concat_ws(E'\n', a.stream, a.seq::text, a.header, encode(a.name_commitment, 'hex'), encode(a.reason_commitment, 'hex'))
          || E'\n' || b.body, 'UTF8')) THEN 'hash'
      -- the header is in the hash, and says the act's number
      WHEN NOT starts_with(a.header, '{"act" : ' || a.id || ', "at" : "') THEN 'number'
      WHEN (a.name IS NULL) <> (a.name_salt IS NULL) OR a.name_commitment <> sha256(convert_to(a.name_salt::text || a.name, 'UTF8')) THEN 'name'
      WHEN (a.reason IS NULL) <> (a.reason_salt IS NULL) OR a.reason_commitment <> sha256(convert_to(a.reason_salt::text || a.reason, 'UTF8')) THEN 'reason'
      WHEN a.name IS NULL OR a.reason IS NULL THEN 'gone'
    END AS wrong, a.name IS NULL AS nameless, a.reason IS NULL AS reasonless
    FROM trail.act a LEFT JOIN body b ON b.act = a.id AND b.stream = a.stream WHERE {acts}
), wrong AS MATERIALIZED (
  SELECT w.* FROM weighed w WHERE w.wrong IS NOT NULL
), erased AS (
  SELECT e.stream, e.row AS seq, e.relation AS part FROM trail.change e JOIN trail.act x ON x.id = e.act AND x.stream = e.stream
    WHERE e.relation IN ('name', 'reason') AND x.seq > e.row AND strpos(x.header, '"verb" : "erase"') > 0
), chain AS (
  SELECT a.stream, a.seq, a.prev, lag(a.seq, 1, 0::bigint) OVER w AS seq_before, lag(a.hash, 1, ''::bytea) OVER w AS hash_before
    FROM trail.act a WHERE {acts} WINDOW w AS (PARTITION BY a.stream ORDER BY a.seq)
), found AS (
  SELECT c.stream, c.seq, 'missing' AS wrong, c.seq_before FROM chain c WHERE c.seq <> c.seq_before + 1
  UNION ALL
  SELECT w.stream, w.seq, w.wrong, NULL FROM wrong w WHERE w.wrong <> 'gone'
  UNION ALL
  SELECT w.stream, w.seq, p.part || ' gone', NULL FROM wrong w, (VALUES ('name'), ('reason')) p (part)
    WHERE w.wrong = 'gone' AND CASE p.part WHEN 'name' THEN w.nameless ELSE w.reasonless END
      AND NOT EXISTS (SELECT FROM erased e WHERE (e.stream, e.seq, e.part) = (w.stream, w.seq, p.part))
  UNION ALL
  SELECT c.stream, c.seq, 'before', NULL FROM chain c WHERE c.prev <> c.hash_before
)
-- of several things that are wrong with an act, the gravest
SELECT DISTINCT ON (f.stream COLLATE "C", f.seq) f.stream, f.seq, a.header, f.wrong, f.seq_before
  FROM found f JOIN trail.act a USING (stream, seq)
  ORDER BY f.stream COLLATE "C", f.seq, array_position(ARRAY['missing', 'hash', 'before', 'number', 'name', 'reason', 'name gone', 'reason gone'], f.wrong) LIMIT 200
