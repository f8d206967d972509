-- An act that touched several streams says the same in each, and no two acts share an id.
SELECT min(a.stream), (array_agg(a.seq ORDER BY a.stream, a.seq))[1], min(a.header) FROM trail.act a GROUP BY a.id
  HAVING count(*) > 1 AND (count(DISTINCT a.stream) < count(*) OR min(a.header) <> max(a.header) OR min(encode(a.commitment, 'hex')) <> max(encode(a.commitment, 'hex'))
    OR count(a.words) NOT IN (0, count(*)))
UNION ALL
SELECT min(a.stream), (array_agg(a.seq ORDER BY a.stream, a.seq))[1], min(a.header) FROM trail.act a GROUP BY a.commitment
  HAVING count(DISTINCT a.id) > 1
LIMIT 200
