-- The links that do not hold: each act against the one before it, against its changes, and its words.
-- Recomputed from the rows with PostgreSQL's own functions alone: those of the schema trail are the owner's to replace.
-- {acts} is a condition on a (the acts) that chooses the streams, {changes} one on c (their changes).
WITH body AS (
  SELECT c.act, c.stream, string_agg(
      concat_ws(' ', c.relation, c.row::text, coalesce(c.claim::text, '-'), encode(c.commitment, 'hex')), E'\n' ORDER BY c.n) AS body
    FROM trail.change c WHERE {changes} GROUP BY c.act, c.stream
), link AS (
  SELECT a.*, b.body, lag(a.seq, 1, 0::bigint) OVER w AS seq_before, lag(a.hash, 1, ''::bytea) OVER w AS hash_before
    FROM trail.act a LEFT JOIN body b ON b.act = a.id AND b.stream = a.stream
    WHERE {acts} WINDOW w AS (PARTITION BY a.stream ORDER BY a.seq)
), weighed AS (
  SELECT l.stream, l.seq, l.header, l.seq_before, CASE
      WHEN l.seq <> l.seq_before + 1 THEN 'missing'
      WHEN l.body IS NULL THEN 'empty'
      WHEN l.hash <> sha256(l.prev || convert_to(
        concat_ws(E'\n', l.stream, l.seq::text, l.header, encode(l.commitment, 'hex'), l.body), 'UTF8')) THEN 'hash'
      WHEN l.prev <> l.hash_before THEN 'before'
      WHEN (l.words IS NULL) <> (l.salt IS NULL) THEN 'words'
      WHEN l.commitment <> sha256(convert_to(l.salt::text || l.words, 'UTF8')) THEN 'words'
      WHEN l.words IS NULL AND NOT EXISTS (
        SELECT FROM trail.change e JOIN trail.act x ON x.id = e.act AND x.stream = e.stream
          WHERE e.relation = 'act' AND e.row = l.seq AND e.stream = l.stream AND x.seq > l.seq AND x.header::json->>'verb' = 'erase')
        THEN 'words gone'
    END AS wrong
    FROM link l
)
SELECT stream, seq, header, wrong, seq_before FROM weighed WHERE wrong IS NOT NULL ORDER BY stream COLLATE "C", seq LIMIT 200
