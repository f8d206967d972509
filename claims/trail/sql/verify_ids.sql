-- An act that touched several streams says the same in each. That its number is its own stands in the header, which the hash
-- covers; so two acts cannot share one unless their headers differ.
SELECT array_agg(a.stream ORDER BY a.stream COLLATE "C", a.seq), array_agg(a.seq ORDER BY a.stream COLLATE "C", a.seq), min(a.header) FROM trail.act a GROUP BY a.id
  HAVING count(*) > 1 AND (count(DISTINCT a.stream) < count(*) OR min(a.header) <> max(a.header)
    OR min(encode(a.name_commitment, 'hex')) <> max(encode(a.name_commitment, 'hex'))
    OR min(encode(a.reason_commitment, 'hex')) <> max(encode(a.reason_commitment, 'hex'))
    OR count(a.name) NOT IN (0, count(*)) OR count(a.reason) NOT IN (0, count(*)))
LIMIT 200
