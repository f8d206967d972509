-- Search by words: PostgreSQL's full text in its configuration “simple” (words as they are, in any language), by GIN indexes.

-- The words of a text, and with them its team as a word that no text holds: so an index finds one team's rows at once,
-- however many rows of other teams hold the same words. It begins with a blank, so that no beginning of a word finds it:
-- it has no place, and a phrase with a word that could mean it (“t/…”, “te/…”) would find nothing.
-- Before, as _term in search.py does it to what is looked for: letters and figures of another shape become plain ones
-- (“⁰⁴⁵”, “ﬁ”, which not every PostgreSQL holds for parts of words), and what its parser would take for markup, an entity
-- or the name of a file is words apart (“<script>”, “&nbsp;”, “HW/26/118”, “and/or”).
-- A tsvector holds 1 MB less a byte: of the longest texts the beginning, some 25,000 words, is searched. So many letters
-- may be too many bytes still: each word of a compound stands in it twice, with its place. 256,000 bytes never are.
CREATE FUNCTION public.within(words text, bytes int) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN octet_length(words) <= bytes THEN words ELSE (WITH utf8 AS (SELECT convert_to(words, 'UTF8') AS b)
  -- where the next byte begins a letter
  SELECT convert_from(substring(b, 1, max(cut)), 'UTF8') FROM utf8, generate_series(bytes - 3, bytes) cut
    WHERE get_byte(b, cut) & 192 <> 128 GROUP BY b) END;
-- NFKC makes at most eleven bytes of one: texts of less than 20,000, which nearly all are, need not be measured after it
CREATE FUNCTION public.words_of(team bigint, words text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN to_tsvector('pg_catalog.simple'::regconfig, CASE WHEN octet_length(words) < 20000
    THEN translate(normalize(words, NFKC), '<>&/\', '     ')
    ELSE public.within(left(translate(normalize(words, NFKC), '<>&/\', '     '), 150000), 256000) END)
  || array_to_tsvector(ARRAY[' team ' || team::text]);

CREATE INDEX article_words ON public.claims_article USING gin (public.words_of(team_id, title));
CREATE INDEX source_words ON public.claims_source USING gin (public.words_of(team_id, title || ' ' || publisher || ' ' || url));

-- Which words stand beside which, as one number a pair. Nearly every text holds two common words; that one follows the
-- other, few do. From md5, which is the same on every machine and in every PostgreSQL; of 64 bits, so that no two pairs are one.
CREATE FUNCTION public.pairs_of(team bigint, words tsvector) RETURNS bigint[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (WITH word AS (SELECT lexeme, unnest(positions) AS place FROM unnest(words))
  SELECT coalesce(array_agg(DISTINCT ('x' || left(md5(concat_ws(' ', team, a.lexeme, b.lexeme)), 16))::bit(64)::bigint), '{}')
    FROM word a JOIN word b ON b.place = a.place + 1);
CREATE FUNCTION public.pairs_in(team bigint, phrases text[]) RETURNS bigint[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ARRAY(SELECT unnest(public.pairs_of(team, public.words_of(team, phrase))) FROM unnest(phrases) phrase);

-- The words of whole texts are kept: to know whether a text holds a phrase, words are looked up in it, and it is not read
-- again. Versions never change but for an erasure, so this is written once.
CREATE TABLE public.claims_versionwords (
  version_id bigint PRIMARY KEY REFERENCES public.claims_version ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
  article_id bigint NOT NULL,
  words tsvector NOT NULL,
  pairs bigint[] NOT NULL
);
CREATE INDEX version_words ON public.claims_versionwords USING gin (words);
CREATE INDEX version_pairs ON public.claims_versionwords USING gin (pairs);
CREATE INDEX version_words_of_article ON public.claims_versionwords (article_id);

-- Whether a text of an article says some words one after the other, as they stand. The article's texts are few; OFFSET
-- keeps the planner from looking for the words among all texts first.
CREATE FUNCTION public.said_in(article bigint, said text) RETURNS boolean LANGUAGE sql STABLE
RETURN EXISTS (SELECT FROM (SELECT v.words FROM public.claims_versionwords v WHERE v.article_id = article OFFSET 0) v
  WHERE v.words @@ phraseto_tsquery('pg_catalog.simple'::regconfig, translate(normalize(said, NFKC), '<>&/\', '     ')));

-- The words of claims are kept where no text of their article says them so. As a rule one does, a claim being a stretch of
-- it, and what would find the claim finds the text. So few claims are indexed: of all, the hundred thousands that hold
-- a word beginning with “the” would be gathered for each search of it beside a rare one.
CREATE TABLE public.claims_claimwords (
  claim_id bigint PRIMARY KEY REFERENCES public.claims_claim ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
  article_id bigint NOT NULL,
  words tsvector NOT NULL
);
CREATE INDEX claim_words ON public.claims_claimwords USING gin (words);
CREATE FUNCTION public.keep_claim_words() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  DELETE FROM public.claims_claimwords WHERE claim_id = NEW.id;
  IF NOT public.said_in(NEW.article_id, left(NEW.statement, 10000)) THEN
    INSERT INTO public.claims_claimwords VALUES (NEW.id, NEW.article_id, public.words_of(NEW.team_id, left(NEW.statement, 10000)));
  END IF;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION public.keep_claim_words() FROM PUBLIC;
CREATE TRIGGER words AFTER INSERT OR UPDATE OF statement ON public.claims_claim
  FOR EACH ROW EXECUTE FUNCTION public.keep_claim_words();

CREATE FUNCTION public.keep_words() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE found tsvector := public.words_of(NEW.team_id, left(NEW.text, 150000));
BEGIN
  INSERT INTO public.claims_versionwords VALUES (NEW.id, NEW.article_id, found, public.pairs_of(NEW.team_id, found))
    ON CONFLICT (version_id) DO UPDATE SET words = EXCLUDED.words, pairs = EXCLUDED.pairs;
  -- of a text that an erasure masked, the claims say now what it does not
  INSERT INTO public.claims_claimwords SELECT c.id, c.article_id, public.words_of(c.team_id, left(c.statement, 10000))
    FROM public.claims_claim c WHERE TG_OP = 'UPDATE' AND c.article_id = NEW.article_id
      AND NOT public.said_in(c.article_id, left(c.statement, 10000))
    ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION public.keep_words() FROM PUBLIC;
CREATE TRIGGER words AFTER INSERT OR UPDATE OF text ON public.claims_version FOR EACH ROW EXECUTE FUNCTION public.keep_words();

-- What asks for no word finds nothing, and not all that the team has.
CREATE FUNCTION public.of_team(team bigint, query tsquery) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN numnode(query) = 0 THEN query ELSE query && (''' team ' || team::text || '''')::tsquery END;

-- A query that finds at least what the other does, without the order of words: an index answers it without reading texts.
CREATE FUNCTION public.in_any_order(query tsquery) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN regexp_replace(query::text, '<(-|[0-9]+)>', '&', 'g')::tsquery;

-- The articles of a team with the words of a query in the title, in a version's text, or in one claim's statement;
-- some of them more than once. `phrases` are those of the query, in their words. A function for the sake of its settings:
-- for a word that nearly every text holds, the planner would read text after text where the indexes know the answer.
CREATE FUNCTION public.search_articles(team bigint, query tsquery, phrases text[]) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE ROWS 100 SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
  texts bigint;
  mine tsquery := public.of_team(team, query);
  loose tsquery := public.in_any_order(mine);
  beside bigint[] := public.pairs_in(team, phrases);
BEGIN
  RETURN QUERY SELECT a.id FROM public.claims_article a WHERE public.words_of(a.team_id, a.title) @@ mine;
  IF beside = '{}' THEN
    RETURN QUERY SELECT v.article_id FROM public.claims_versionwords v WHERE v.words @@ mine;
  ELSIF numnode(query) = 3 AND cardinality(beside) = 1 THEN
    -- two words and nothing else: whatever holds the pair holds the phrase
    RETURN QUERY SELECT v.article_id FROM public.claims_versionwords v WHERE v.pairs @> beside;
  ELSE
    RETURN QUERY WITH near AS MATERIALIZED (SELECT * FROM public.claims_versionwords v WHERE v.pairs @> beside)
      SELECT near.article_id FROM near WHERE near.words @@ mine;
  END IF;
  GET DIAGNOSTICS texts = ROW_COUNT;
  -- The claims that no text of their article says, and no more of them than would ever be read. Where a thousand texts hold
  -- the word, more than is counted is found already: the claims that alone say a common word would be so many again.
  IF texts < 1000 THEN
    RETURN QUERY SELECT c.article_id FROM (
      SELECT * FROM public.claims_claimwords c WHERE c.words @@ loose LIMIT CASE WHEN loose = mine THEN 5000 ELSE 1000 END) c
      WHERE loose = mine OR c.words @@ mine;
  END IF;
END $$;

-- The articles of a team with the words of a query in the title or in a version's text, by the indexes alone.
CREATE FUNCTION public.articles_holding(team bigint, query tsquery) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE ROWS 100 SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $$
DECLARE mine tsquery := public.of_team(team, query);
BEGIN
  RETURN QUERY SELECT a.id FROM public.claims_article a WHERE public.words_of(a.team_id, a.title) @@ mine;
  RETURN QUERY SELECT v.article_id FROM public.claims_versionwords v WHERE v.words @@ mine;
END $$;

CREATE INDEX source_pairs ON public.claims_source
  USING gin (public.pairs_of(team_id, public.words_of(team_id, title || ' ' || publisher || ' ' || url)));

-- The id after which the newest so many sources of a team stand; null where it has no more.
CREATE FUNCTION public.since_source(team bigint, newest int) RETURNS bigint
LANGUAGE sql STABLE SET enable_indexscan = on SET enable_bitmapscan = off
BEGIN ATOMIC SELECT s.id FROM public.claims_source s WHERE s.team_id = team ORDER BY s.id DESC OFFSET newest LIMIT 1; END;

-- The newest sources of a team, so many, with the words of a query in title, publisher or address; of a kind and an origin,
-- where those are not empty. A common word is found often enough among the newest; only else are all looked at.
CREATE FUNCTION public.search_sources(team bigint, query tsquery, phrases text[], of_kind text, of_origin text, most int) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE ROWS 100 SET enable_seqscan = off SET enable_indexscan = off SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
  mine tsquery := public.of_team(team, query);
  beside bigint[] := public.pairs_in(team, phrases);
  since bigint := public.since_source(team, 8 * most);
  found bigint[];
BEGIN
  IF beside <> '{}' THEN
    found := ARRAY(SELECT s.id FROM (SELECT * FROM public.claims_source s
        WHERE public.pairs_of(s.team_id, public.words_of(s.team_id, s.title || ' ' || s.publisher || ' ' || s.url)) @> beside OFFSET 0) s
      WHERE public.words_of(s.team_id, s.title || ' ' || s.publisher || ' ' || s.url) @@ mine
        AND (of_kind = '' OR s.kind = of_kind) AND (of_origin = '' OR s.origin_kind = of_origin)
      ORDER BY s.id DESC LIMIT most);
    RETURN QUERY SELECT unnest(found);
    RETURN;
  END IF;
  LOOP
    found := ARRAY(SELECT s.id FROM public.claims_source s
      WHERE public.words_of(s.team_id, s.title || ' ' || s.publisher || ' ' || s.url) @@ mine AND s.id > coalesce(since, 0)
        AND (of_kind = '' OR s.kind = of_kind) AND (of_origin = '' OR s.origin_kind = of_origin)
      ORDER BY s.id DESC LIMIT most);
    EXIT WHEN since IS NULL OR cardinality(found) = most;
    since := NULL;
  END LOOP;
  RETURN QUERY SELECT unnest(found);
END $$;

-- The text of captures: words that stand in one part of it.
CREATE INDEX part_words ON public.claims_part USING gin (public.words_of(team_id, text));

-- The newest captures of a team, so many, with the words of a query in one part of the text.
CREATE FUNCTION public.search_captures(team bigint, query tsquery, most int) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE ROWS 100 SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $$
DECLARE mine tsquery := public.of_team(team, query);
BEGIN
  RETURN QUERY SELECT DISTINCT p.capture_id FROM public.claims_part p
    WHERE public.words_of(p.team_id, p.text) @@ mine ORDER BY 1 DESC LIMIT most;
END $$;
