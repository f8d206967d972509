-- What the web role may do; run by the owner after every migrate, as often as one likes. {web} is its quoted name.
REVOKE ALL ON ALL TABLES IN SCHEMA public, trail FROM {web};
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public, trail FROM {web};
REVOKE ALL ON ALL ROUTINES IN SCHEMA trail FROM PUBLIC, {web};
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public, trail TO {web};

-- Sign-in, sessions and the like are no domain rows.
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {web};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {web};
REVOKE INSERT, UPDATE, DELETE ON django_migrations, claims_versionwords, claims_claimwords FROM {web};

-- Domain rows: nothing is deleted but a membership and a place of a claim; what is immutable has no UPDATE.
REVOKE UPDATE, DELETE ON claims_team, claims_membership, claims_invitation, claims_label, claims_source, claims_article,
  claims_version, claims_report, claims_reportdocument, claims_capture, claims_part, claims_proof, claims_unproven, claims_errand, claims_ahead, claims_claim, claims_anchor, claims_evidence, claims_proposal, claims_decision FROM {web};
GRANT UPDATE (name, timezone, four_eyes, high_risk_origins, row_version) ON claims_team TO {web};
GRANT UPDATE (role, row_version), DELETE ON claims_membership TO {web};
GRANT UPDATE (accepted_at, withdrawn_at) ON claims_invitation TO {web};
GRANT UPDATE (retired_at) ON claims_label TO {web};
GRANT UPDATE (title, url, publisher, kind, published_on, origin_kind, origin_id, origin_article_id, row_version) ON claims_source TO {web};
GRANT UPDATE (title, byline, outlet, published_on, language, url, stage, deadline, row_version) ON claims_article TO {web};
GRANT UPDATE (statement, kind, said_by, reported_by, risk, assigned_to_id, status, status_since, status_by_id, status_reason,
  returned_to_id, proposal_id, verdict_id, row_version) ON claims_claim TO {web};
GRANT DELETE ON claims_anchor TO {web};
-- no domain row: why a proof is missing is said anew each time
GRANT DELETE ON claims_unproven TO {web};
-- an errand is no domain row: it changes while work goes on, but what it is about stays
GRANT UPDATE (state, state_since, attempts, begun, code, detail, again_at, capture_id) ON claims_errand TO {web};
-- nor is what is fetched before there is a source; it goes within the hour
GRANT UPDATE (state, state_since, code, detail, size, sha256, warc_sha256, facts, errand_id), DELETE ON claims_ahead TO {web};
GRANT UPDATE (retracted_at, retracted_by_id, retraction_reason) ON claims_evidence TO {web};

-- The trail: to be read; an act may be opened, and no more.
GRANT SELECT ON trail.act, trail.change, trail.head TO {web};
GRANT EXECUTE ON FUNCTION trail.open_act(text, bigint, text, text) TO {web};
GRANT EXECUTE ON FUNCTION trail.commitment(uuid, text), trail.covered(bigint, text, bigint, bigint, bytea),
  trail.link(bytea, text, bigint, text, bytea, bytea, text) TO {web};
