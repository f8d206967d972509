-- Captures whose text does not give its hash: of a line of JSON for each part, in their order, joined by LF. No text, no hash.
-- {only} chooses them.
SELECT 'team:' || c.team_id, c.id, c.source_id, c.number
  FROM public.claims_capture c LEFT JOIN LATERAL (
    SELECT string_agg(json_build_array(p.number, p.place, p.kind, p.text, p.cells)::text, E'\n' ORDER BY p.number) AS said
      FROM public.claims_part p WHERE p.capture_id = c.id) t ON true
  WHERE {only} AND c.text_sha256 <> coalesce(encode(sha256(convert_to(t.said, 'UTF8')), 'hex'), '')
  ORDER BY c.team_id, c.id
