-- The history of each row, replayed: what one change left is what the next one found, and what the last one left is the row.
-- What differs by its hash is compared column by column by the caller, who knows the columns added since.
-- {changes} chooses the changes and joins their acts (c and a), {rows} gives the rows as they are now, {watched} the tables.
-- A line reads ["table", "operation", row before, row after]; its two rows are cut apart where `}, {"id":N,` stands, which
-- no text within a row can hold, since there a quotation mark is escaped.
-- A line in another stream than its row's is wrong, and no part of the row's history; nor is one that is gone and no act
-- says so, whose stream nobody can tell.
-- A line that is gone was erased by a later act of its stream, which says so by the line's number.
WITH watched (relation, kind, "column", claim_column) AS (VALUES {watched}),
forgotten AS (
  SELECT c.stream, c.row AS n, max(a.seq) AS seq FROM trail.change c JOIN trail.act a ON a.id = c.act AND a.stream = c.stream
    WHERE c.relation = 'line' AND strpos(a.header, '"verb" : "erase"') > 0 GROUP BY c.stream, c.row
), line AS (
  SELECT c.relation, c.row, c.claim, c.stream, c.act, c.n, a.seq, c.line, c.salt, c.commitment, a.header, w.kind, w."column", w.claim_column,
      split_part(c.stream, ':', 1) AS stream_kind, split_part(c.stream, ':', 2) AS stream_id, CASE
        WHEN c.line IS NULL THEN 'gone'
        WHEN starts_with(c.line, '["' || c.relation || '", "insert", null, {"id":' || c.row || ',') THEN 'insert'
        WHEN starts_with(c.line, '["' || c.relation || '", "update", {"id":' || c.row || ',') THEN 'update'
        WHEN starts_with(c.line, '["' || c.relation || '", "delete", {"id":' || c.row || ',') AND right(c.line, 7) = ', null]' THEN 'delete'
        WHEN starts_with(c.line, '["' || c.relation || '", "erase", null, {"id":' || c.row || ',') THEN 'erase'
        WHEN c.line IN ('["' || c.relation || '", "erase", null, null]', '["' || c.relation || '", "delete", null, null]') THEN 'forget'
        ELSE 'odd'
      END AS deed,
      octet_length(c.relation) AS size,
      convert_to(c.line, 'UTF8') AS said,
      position(convert_to('}, {"id":' || c.row || ',', 'UTF8') IN convert_to(c.line, 'UTF8')) AS cut
    FROM {changes} LEFT JOIN watched w ON w.relation = c.relation WHERE {only}
), told AS (
  SELECT l.relation, l.row, l.claim, l.stream, l.act, l.n, l.seq, l.deed, CASE
        WHEN l.seq IS NULL THEN 'no act'
        WHEN l.kind IS NULL AND l.relation NOT IN ('line', 'name', 'reason') THEN 'not watched'
        WHEN l.deed = 'gone' THEN CASE WHEN l.salt IS NOT NULL THEN 'line' WHEN f.n IS NULL OR f.seq <= l.seq THEN 'gone' END
        WHEN l.salt IS NULL OR l.commitment <> sha256(convert_to(l.salt::text, 'UTF8') || l.said) THEN 'line'
        WHEN l.kind IS NULL AND l.deed <> 'forget' THEN 'form'
        WHEN l.deed = 'odd' OR (l.deed = 'update') <> (l.cut > 0) THEN 'form'
        WHEN l.deed IN ('erase', 'forget') AND strpos(l.header, '"verb" : "erase"') = 0 THEN 'not erasing'
        WHEN l.deed = 'forget' THEN NULL
        WHEN l.stream_kind <> l.kind THEN 'stream'
        WHEN l."column" = 'id' AND l.stream_id <> l.row::text THEN 'stream'
        WHEN l."column" <> 'id' AND strpos(l.line, '"' || l."column" || '":' || l.stream_id || ',') = 0
          AND strpos(l.line, '"' || l."column" || '":' || l.stream_id || '}') = 0 THEN 'stream'
        WHEN l.claim_column IS NULL AND l.claim IS NOT NULL THEN 'claim'
        WHEN l.claim_column = 'id' AND l.claim IS DISTINCT FROM l.row THEN 'claim'
        WHEN l.claim_column <> 'id' AND (l.claim IS NULL OR strpos(l.line, '"' || l.claim_column || '":' || l.claim || ',') = 0
          AND strpos(l.line, '"' || l.claim_column || '":' || l.claim || '}') = 0) THEN 'claim'
      END AS wrong,
      CASE l.deed
        WHEN 'update' THEN sha256(substring(l.said FROM l.size + 16 FOR l.cut - l.size - 15))
        WHEN 'delete' THEN sha256(substring(l.said FROM l.size + 16 FOR octet_length(l.said) - l.size - 22))
      END AS found,
      CASE l.deed
        WHEN 'insert' THEN sha256(substring(l.said FROM l.size + 22 FOR octet_length(l.said) - l.size - 22))
        WHEN 'erase' THEN sha256(substring(l.said FROM l.size + 21 FOR octet_length(l.said) - l.size - 21))
        WHEN 'update' THEN sha256(substring(l.said FROM l.cut + 3 FOR octet_length(l.said) - l.cut - 3))
      END AS leaves
    FROM line l LEFT JOIN forgotten f ON l.deed = 'gone' AND f.stream = l.stream AND f.n = l.n
  UNION ALL
  {rows}
), story AS (
  SELECT t.*, lag(t.deed) OVER w AS deed_before, lag(t.leaves) OVER w AS left_before, lag(t.stream) OVER w AS stream_before,
      lag(t.act) OVER w AS act_before, lag(t.n) OVER w AS n_before, lag(t.seq) OVER w AS seq_before, lead(t.deed) OVER w AS deed_after
    FROM told t WINDOW w AS (PARTITION BY t.relation, t.row, coalesce(t.wrong IN ('stream', 'gone'), false) ORDER BY t.seq, t.n)
), weighed AS (
  SELECT s.*, coalesce(s.wrong, CASE
      WHEN s.relation IN ('line', 'name', 'reason') THEN NULL
      WHEN s.deed_before IS NOT NULL AND s.stream_before <> s.stream THEN 'moved'
      WHEN s.deed = 'insert' AND s.deed_before NOT IN ('delete', 'forget') THEN 'made twice'
      WHEN s.deed = 'now' AND s.deed_before IS NULL THEN 'row without an act'
      WHEN s.deed IN ('update', 'delete', 'erase') AND s.deed_before IS NULL THEN 'never made'
      WHEN s.deed IN ('update', 'now') AND s.deed_before IN ('delete', 'forget') THEN 'back again'
      WHEN s.deed_after IS NULL AND s.deed NOT IN ('now', 'delete', 'forget') THEN 'row gone'
      WHEN s.deed = 'now' AND s.left_before IS NULL THEN 'erased, and no act says what is left'
      WHEN s.deed IN ('update', 'delete', 'now') AND s.found <> s.left_before THEN 'differs'
    END) AS verdict
    FROM story s
)
SELECT stream, seq, relation, "row", deed, verdict, act, n, stream_before, seq_before, act_before, n_before
  FROM weighed WHERE verdict IS NOT NULL ORDER BY stream COLLATE "C", seq, n
