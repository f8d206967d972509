-- The triggers that see to it that no row changes without an act: their state (O is on), what they call and when, and
-- whether a condition or a list of columns keeps them from some rows.
SELECT n.nspname || '.' || c.relname, t.tgname, t.tgenabled::text,
    concat_ws(' ', fn.nspname || '.' || f.proname,
      CASE WHEN t.tgtype & 2 > 0 THEN 'BEFORE' ELSE 'AFTER' END, CASE WHEN t.tgtype & 1 > 0 THEN 'ROW' ELSE 'STATEMENT' END,
      CASE WHEN t.tgtype & 4 > 0 THEN 'INSERT' END, CASE WHEN t.tgtype & 8 > 0 THEN 'DELETE' END,
      CASE WHEN t.tgtype & 16 > 0 THEN 'UPDATE' END, CASE WHEN t.tgtype & 32 > 0 THEN 'TRUNCATE' END),
    t.tgqual IS NOT NULL OR array_length(t.tgattr::int2[], 1) > 0
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_proc f ON f.oid = t.tgfoid JOIN pg_namespace fn ON fn.oid = f.pronamespace
  WHERE NOT t.tgisinternal AND n.nspname IN ('public', 'trail')
