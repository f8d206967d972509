-- The links that do not hold: each act against its changes and its words, and against the act before it.
-- Recomputed from the rows with PostgreSQL's own functions alone: those of the schema trail are the owner's to replace.
-- {acts} is a condition on a (the acts) that chooses the streams, {changes} one on c (their changes).
WITH body AS MATERIALIZED (
  SELECT c.act, c.stream, string_agg(
      concat_ws(' ', c.relation, c.row::text, coalesce(c.claim::text, '-'), encode(c.commitment, 'hex')), E'\n' ORDER BY c.n) AS body
    FROM trail.change c WHERE {changes} GROUP BY c.act, c.stream
), weighed AS (
  SELECT a.stream, a.seq, CASE
      -- an act without changes gives NULL, which is no hash
      WHEN a.hash IS DISTINCT FROM sha256(a.prev || convert_to(
        concat_ws(E'\n', a.stream, a.seq::text, a.header, encode(a.commitment, 'hex')) || E'\n' || b.body, 'UTF8')) THEN 'hash'
      WHEN (a.words IS NULL) <> (a.salt IS NULL) THEN 'words'
      WHEN a.commitment <> sha256(convert_to(a.salt::text || a.words, 'UTF8')) THEN 'words'
      WHEN a.words IS NULL THEN 'words gone'
    END AS wrong
    FROM trail.act a LEFT JOIN body b ON b.act = a.id AND b.stream = a.stream WHERE {acts}
), wrong AS MATERIALIZED (
  SELECT w.* FROM weighed w WHERE w.wrong IS NOT NULL
), chain AS (
  SELECT a.stream, a.seq, a.prev, lag(a.seq, 1, 0::bigint) OVER w AS seq_before, lag(a.hash, 1, ''::bytea) OVER w AS hash_before
    FROM trail.act a WHERE {acts} WINDOW w AS (PARTITION BY a.stream ORDER BY a.seq)
), found AS (
  SELECT c.stream, c.seq, 'missing' AS wrong, c.seq_before FROM chain c WHERE c.seq <> c.seq_before + 1
  UNION ALL
  SELECT w.stream, w.seq, w.wrong, NULL FROM wrong w WHERE NOT (w.wrong = 'words gone' AND EXISTS (
    SELECT FROM trail.change e JOIN trail.act x ON x.id = e.act AND x.stream = e.stream
      WHERE e.relation = 'act' AND e.row = w.seq AND e.stream = w.stream AND x.seq > w.seq AND strpos(x.header, '"verb" : "erase"') > 0))
  UNION ALL
  SELECT c.stream, c.seq, 'before', NULL FROM chain c WHERE c.prev <> c.hash_before
)
-- of several things that are wrong with an act, the gravest
SELECT DISTINCT ON (f.stream COLLATE "C", f.seq) f.stream, f.seq, a.header, f.wrong, f.seq_before
  FROM found f JOIN trail.act a USING (stream, seq)
  ORDER BY f.stream COLLATE "C", f.seq, array_position(ARRAY['missing', 'hash', 'before', 'words', 'words gone'], f.wrong) LIMIT 200
