-- Ends of streams that do not fit: the head has to be the last act. {acts} and {heads} choose the streams.
SELECT coalesce(h.stream, a.stream), h.seq, a.seq, h.hash = a.hash AND h.prev = a.prev
  FROM (SELECT DISTINCT ON (a.stream) a.stream, a.seq, a.hash, a.prev FROM trail.act a WHERE {acts} ORDER BY a.stream, a.seq DESC) a
  FULL JOIN (SELECT * FROM trail.head h WHERE {heads}) h ON h.stream = a.stream
  WHERE h.seq IS DISTINCT FROM a.seq OR h.hash <> a.hash OR h.prev <> a.prev
  ORDER BY 1
