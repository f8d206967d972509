-- The articles of a team with the words of a query in the title, in a version's text, or in one claim's statement;
-- some of them more than once. A function for the sake of its settings: for a word that nearly every text holds, the
-- planner would read text after text where the GIN indexes (…_words in the models) know the answer.
CREATE OR REPLACE FUNCTION public.search_articles(team bigint, query tsquery) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE ROWS 100 SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $$
DECLARE texts bigint;
BEGIN
  -- “+ 0” keeps the planner from the indexes on team, which would have it read every row of a team
  RETURN QUERY SELECT a.id FROM public.claims_article a
    WHERE to_tsvector('simple'::regconfig, COALESCE(replace(a.title, '/', ' '), '')) @@ query AND a.team_id + 0 = team;
  RETURN QUERY SELECT v.article_id FROM public.claims_version v
    WHERE to_tsvector('simple'::regconfig, COALESCE(replace(left(v.text, 150000), '/', ' '), '')) @@ query AND v.team_id + 0 = team;
  GET DIAGNOSTICS texts = ROW_COUNT;
  -- A claim's words are as a rule its article's, where they are found already. So claims are looked at for a word that
  -- is not common: to find the few hundred thousand that hold a common one takes long and finds no other article.
  IF texts < 1000 THEN
    RETURN QUERY SELECT c.article_id FROM public.claims_claim c
      WHERE to_tsvector('simple'::regconfig, COALESCE(replace(left(c.statement, 10000), '/', ' '), '')) @@ query AND c.team_id + 0 = team;
  END IF;
END $$;
