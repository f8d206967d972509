-- Issued reports whose bytes do not give their hash, or are gone though no act erased them. {only} chooses them.
SELECT 'article:' || r.article_id, r.id, r.number, d.report_id IS NULL
  FROM public.claims_report r LEFT JOIN public.claims_reportdocument d ON d.report_id = r.id
  WHERE {only} AND encode(sha256(d.content), 'hex') IS DISTINCT FROM r.sha256 AND NOT (d.report_id IS NULL AND EXISTS (
    SELECT FROM trail.change c JOIN trail.act a ON a.id = c.act AND a.stream = c.stream
      WHERE c.relation = 'claims_report' AND c.row = r.id AND strpos(a.header, '"verb" : "erase"') > 0))
  ORDER BY r.article_id, r.number
