"""What is erased is gone from rows, lines, words and reports; that it was there stays, and the trail holds."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from claims import search
from claims.actions import articles, claims, evidence, reports, sources, verdicts
from claims.anchors import find
from claims.models import (
    Act,
    Anchor,
    Article,
    Change,
    Claim,
    Decision,
    Evidence,
    Report,
    ReportDocument,
    Source,
    Team,
    User,
    Version,
)
from claims.trail.verify import verify
from claims.views.acts import told
from tests.people import log, support, verdict
from verify.database import as_owner

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = "the night porter, Augustin Przybylski"
REASON = "Promise to a source"


def erased(*which: str, email: str = "margit@ledger.example", reason: str = REASON) -> str:
    said = io.StringIO()
    call_command("erase", *which, "--reason", reason, "--as", email, "--yes", stdout=said)
    return said.getvalue()


def standing(words: str) -> list[str]:
    """The tables in which the words stand, in any column, as text or as bytes."""
    found = []
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
            " WHERE schemaname IN ('public', 'trail') ORDER BY 1"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(
                f"SELECT count(*) FROM {table} t WHERE strpos(t::text, %s) > 0"
                " OR strpos(t::text, encode(convert_to(%s, 'UTF8'), 'hex')) > 0",
                [words, words],
            )
            if cursor.fetchone()[0]:
                found.append(table)
    return found


@pytest.fixture
def told_of(article: Article, checker: User, reviewer: User, team: Team) -> Evidence:
    """Evidence from a person who must not be named, whom everything says: title, quote, note, reasons, a report."""
    claim = log(article, checker, "eleven months")
    source = {"title": f"Talk with {SECRET}", "publisher": SECRET, "kind": "person", "origin_kind": "itself"}
    piece = evidence.attach(
        actor=checker,
        claim=claim,
        stance="supports",
        new_source=source,
        quote="They knew.",
        note=f"Ask {SECRET}",
        locator="00:41",
    )
    verdicts.propose(actor=checker, claim=claim, verdict=verdict(team))
    verdicts.decide(actor=reviewer, claim=claim, verdict=verdict(team))
    reports.issue_report(actor=reviewer, article=article)
    sources.edit_source(
        actor=checker, source=piece.source, reason=f"{SECRET} is his name", url="https://porter.example/night"
    )
    return piece


def test_a_source_s_contents_go_from_every_table(told_of: Evidence, article: Article) -> None:
    assert {"public.claims_source", "trail.change", "trail.act", "public.claims_reportdocument"} <= set(
        standing(SECRET)
    )
    erased("--source", str(told_of.source_id))
    assert standing(SECRET) == []
    assert standing("porter.example") == []
    source = Source.objects.get(pk=told_of.source_id)
    assert (source.title, source.publisher, source.kind) == ("[erased]", "[erased]", "person")
    told_of.refresh_from_db()
    assert (told_of.quote, told_of.note, told_of.locator) == ("[erased]",) * 3
    assert [str(fault) for fault in verify().faults] == []
    assert verify().erased >= 3


def test_a_report_that_covered_it_keeps_number_and_hash_and_loses_its_bytes(
    told_of: Evidence, article: Article
) -> None:
    before = Report.objects.values().get()
    erased("--source", str(told_of.source_id))
    assert Report.objects.values().get() == before
    assert not ReportDocument.objects.exists()
    assert verify().holds


def test_the_act_says_that_and_by_whom_and_why(told_of: Evidence, article: Article, team: Team) -> None:
    erased("--source", str(told_of.source_id))
    for stream in (article.stream, f"team:{team.pk}"):
        (it,) = told(Act.objects.in_stream(stream).newest_first()[:1])
        assert it.line == "Margit Sørensen erased contents"
        assert it.reason == REASON
        assert any(diff.erased for diff in it.diffs)
    lines = [it.line for it in told(Act.objects.in_stream(article.stream).order_by("seq"))]
    assert "Ifeoma Brandt attached [erased] to claim 1 as supporting (E1)" in lines
    edited = next(it for it in told(Act.objects.in_stream(f"team:{team.pk}")) if it.act.verb == "source.edit")
    # the reason goes, who gave it stays
    assert (edited.act.actor_name, edited.erased, edited.reason) == ("Ifeoma Brandt", "The reason was erased.", "")


def test_a_reason_that_galley_wrote_from_the_title_goes_too(told_of: Evidence, article: Article, checker: User) -> None:
    team, reviewer = article.team, User.objects.get(email__startswith="tomasz")
    verdicts.reopen(actor=reviewer, claim=Claim.objects.get(), reason="Look again")
    claims.edit_claim(actor=checker, claim=Claim.objects.get(), risk="high")
    support(Claim.objects.get(), checker, title="Minute book")
    verdicts.propose(actor=checker, claim=Claim.objects.get(), verdict=verdict(team))
    verdicts.decide(actor=reviewer, claim=Claim.objects.get(), verdict=verdict(team))
    sources.edit_source(actor=checker, source=Source.objects.get(pk=told_of.source_id), origin_kind="unknown")
    assert SECRET in Claim.objects.get().status_reason
    erased("--source", str(told_of.source_id))
    assert Claim.objects.get().status_reason == "[erased]"
    assert Claim.objects.get().status == "recheck"
    assert standing(SECRET) == []
    assert verify().holds


def test_one_piece_of_evidence_goes_and_its_source_stays(told_of: Evidence, article: Article) -> None:
    title = told_of.source.title
    erased("--evidence", f"{article.pk}/1/1")
    told_of.refresh_from_db()
    assert (told_of.note, told_of.source.title) == ("[erased]", title)
    assert verify().holds


def test_a_claim_s_words_go_with_those_of_its_verdicts(
    article: Article, checker: User, reviewer: User, team: Team
) -> None:
    claim = log(article, checker, "eleven months", said_by=SECRET)
    support(claim, checker)
    verdicts.propose(actor=checker, claim=claim, verdict=verdict(team, rationale=f"{SECRET} told us."))
    verdicts.decide(actor=reviewer, claim=claim, verdict=verdict(team, rationale=f"So he did, {SECRET}."))
    erased("--claim", f"{article.pk}/1")
    assert standing(SECRET) == []
    claim.refresh_from_db()
    assert (claim.statement, claim.said_by, claim.reported_by, claim.status) == ("[erased]", "[erased]", "", "decided")
    assert Decision.objects.get().rationale == "[erased]"
    assert claim.anchors.get().exact == "eleven months"
    assert verify().holds


def test_an_article_s_text_is_masked_and_every_position_still_holds(article: Article, checker: User) -> None:
    claim = log(article, checker, "closed the bridge to lorries")
    erased("--article", str(article.pk))
    version, anchor = Version.objects.get(), claim.anchors.get()
    assert "bridge to lorries" not in version.text
    assert version.text[anchor.start : anchor.end] == anchor.exact
    assert len(version.sha256) == 64
    assert verify().holds


def test_a_claim_is_found_by_its_own_words_when_the_text_says_them_no_more(article: Article, checker: User) -> None:
    claim = log(article, checker, "closed the bridge to lorries")
    other = log(article, checker, "eleven months")
    erased("--claim", f"{article.pk}/{claim.number}")
    erased("--article", str(article.pk))
    assert [other.article_id] == [one.pk for one in search.articles(article.team, '"eleven months"')]
    assert not search.articles(article.team, "lorries")


def test_a_place_that_was_taken_away_is_forgotten_too(article: Article, checker: User) -> None:
    claim = log(article, checker, "closed the bridge to lorries")
    text = article.latest_version().text
    claims.stand_also(actor=checker, claim=claim, place=find(text, "Box 212")[0])
    claims.leave_place(actor=checker, anchor=Anchor.objects.get(exact="Box 212"))
    erased("--article", str(article.pk))
    assert standing('"exact":"Box 212"') == []
    assert verify().holds


def test_an_act_s_name_and_reason_go_in_every_stream(told_of: Evidence, team: Team) -> None:
    stream = f"team:{team.pk}"
    act = next(act for act in Act.objects.in_stream(stream) if act.verb == "source.edit")
    erased("--act", stream, str(act.seq))
    act = Act.objects.get(stream=stream, seq=act.seq)
    assert (act.kept_name, act.name_salt, act.kept_reason, act.reason_salt) == (None,) * 4
    assert verify().holds


def an_act(verb: str) -> Act:
    return next(act for act in Act.objects.order_by("stream", "seq") if act.verb == verb)


@pytest.mark.parametrize(("part", "kept"), [("name", "reason"), ("reason", "name")])
def test_name_and_reason_go_each_by_itself(told_of: Evidence, part: str, kept: str) -> None:
    before = an_act("source.edit")
    erased("--act", before.stream, str(before.seq), "--only", part)
    after = an_act("source.edit")
    assert getattr(after, f"kept_{part}") is None
    assert getattr(after, f"kept_{kept}") == getattr(before, f"kept_{kept}") != ""
    assert verify().holds


def test_an_act_s_reason_goes_from_the_row_that_holds_it_too(told_of: Evidence, checker: User, reviewer: User) -> None:
    evidence.retract(actor=checker, evidence=told_of, reason="He withdrew it")
    verdicts.withdraw(actor=checker, claim=Claim.objects.get(), reason="No more of Gregor")
    for verb in ("evidence.retract", "claim.withdraw"):
        act = an_act(verb)
        assert "which holds the same" in erased("--act", act.stream, str(act.seq), "--only", "reason")
    assert standing("He withdrew it") == standing("No more of Gregor") == []
    assert Claim.objects.get().status_reason == Evidence.objects.get().retraction_reason == "[erased]"
    assert verify().holds


def test_a_reason_of_status_that_has_changed_since_stays_as_it_is(
    told_of: Evidence, checker: User, reviewer: User, team: Team
) -> None:
    evidence.retract(actor=checker, evidence=told_of, reason="Off")
    verdicts.withdraw(actor=checker, claim=Claim.objects.get(), reason="Dr Ona")
    verdicts.restore(actor=reviewer, claim=Claim.objects.get(), reason="It matters after all")
    act = an_act("claim.withdraw")
    erased("--act", act.stream, str(act.seq))
    assert standing("Dr Ona") == []
    assert Claim.objects.get().status_reason == "It matters after all"
    assert verify().holds


def test_only_goes_with_an_act(told_of: Evidence) -> None:
    with pytest.raises(CommandError, match="--only goes with --act"):
        erased("--source", str(told_of.source_id), "--only", "name")


def test_a_short_name_goes_from_reasons_and_reports_that_hold_it_as_well(
    article: Article, checker: User, reviewer: User, team: Team
) -> None:
    claim = log(article, checker, "eleven months", risk="high")
    leaning, origin = (support(claim, checker, title=title) for title in ("Minute book", "Ana Z"))
    support(claim, checker, title="Award notice")
    verdicts.propose(actor=checker, claim=claim, verdict=verdict(team))
    verdicts.decide(actor=reviewer, claim=Claim.objects.get(), verdict=verdict(team))
    sources.edit_source(actor=checker, source=leaning.source, origin_kind="source", origin=origin.source)
    evidence.retract(actor=checker, evidence=origin, reason="Twice")
    reports.issue_report(actor=reviewer, article=article)
    sources.edit_source(actor=checker, source=origin.source, title="Ana Zq", origin_kind="unknown")
    erased("--source", str(origin.source_id))
    assert standing("Ana Z") == []
    assert verify().holds


def test_what_stands_elsewhere_is_named_and_stays(told_of: Evidence, article: Article, checker: User) -> None:
    claim = log(article, checker, "Box 212", said_by=SECRET.upper())
    said = erased("--source", str(told_of.source_id))
    assert f"“{SECRET}”, 1 place: claims_claim {claim.pk} (article:{article.pk})" in said
    assert "public.claims_claim" in standing(SECRET.upper())
    assert verify().holds


def test_words_that_stand_in_many_places_are_counted_and_what_says_nothing_is_not_looked_for(
    article: Article, checker: User, team: Team
) -> None:
    claim = log(article, checker, "eleven months")
    pieces = [
        evidence.attach(
            actor=checker, claim=claim, stance="supports", quote=quote, locator="p. 3",
            new_source={"title": f"Note {number}", "publisher": "Post", "kind": "document", "origin_kind": "itself"},
        )
        for number, quote in enumerate(("Ja", "Ja", "Postal", "No", "No", "No", "Ja"))
    ]  # fmt: skip
    said = erased("--source", str(pieces[0].source_id))
    named = [line for line in said.split("\n") if "place" in line and "“" in line]
    assert [line.partition(",")[0].strip() for line in named] == ["“Post”"]
    assert "“Post”, 6 places: " in named[0]
    assert named[0].endswith(" and 1 more")
    assert verify().holds


def test_how_many_texts_were_not_looked_for_is_said(team: Team, checker: User) -> None:
    blocks = [("paragraph", f"Sentence {number} of a long piece") for number in range(1, 204)]
    article = articles.import_article(
        actor=checker, team=team, blocks=[*blocks, ("quote", "Ja"), ("quote", "p. 3")], title="Long"
    )
    said = erased("--article", str(article.pk))
    assert "2 texts were not looked for elsewhere: they say too little by themselves (“Ja”, “p. 3”)." in said
    assert "3 texts were not looked for elsewhere, only the longest 200 were: look for them yourself." in said


def test_nothing_is_said_where_all_was_looked_for(article: Article, checker: User) -> None:
    source = sources.add_source(actor=checker, team=article.team, title="Minute book")
    assert "not looked for" not in erased("--source", str(source.pk))


def test_bytes_slipped_in_for_an_erased_report_are_found(told_of: Evidence, article: Article) -> None:
    erased("--source", str(told_of.source_id))
    ReportDocument.objects.create(report=Report.objects.get(), content=b"{}")
    (fault,) = verify().faults
    assert "do not give its hash" in str(fault)


def test_lines_cleared_without_an_act_are_found(told_of: Evidence, article: Article) -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("UPDATE trail.change SET line = NULL, salt = NULL WHERE relation = 'claims_source'")
    assert any("no act says that it was erased" in str(fault) for fault in verify().faults)


@pytest.mark.parametrize(
    ("which", "more", "says"),
    [
        (["--source", "999"], {}, "no such source"),
        (["--evidence", "1/1/9"], {}, "no such evidence"),
        (["--evidence", "1/1"], {}, "is no address"),
        (["--claim", "1/99"], {}, "no such claim"),
        (["--article", "999"], {}, "nothing of that kind"),
        (["--act", "team:1", "999"], {}, "nothing of that kind"),
        (["--act", "team:1", "x"], {}, "is no address"),
        (["--source", "{source}"], {"email": "ifeoma@ledger.example"}, "is no admin of the team"),
        (["--source", "{source}"], {"email": "ken@post.example"}, "is no admin of the team"),
        (["--source", "{source}"], {"reason": " "}, "Give a reason"),
        (["--source", "{source}"], {"reason": f"We must not name {SECRET.upper()}"}, "The reason holds words"),
    ],
)
def test_what_cannot_be_erased_is_said_and_nothing_changes(
    told_of: Evidence, other_team: Team, which: list[str], more: dict[str, Any], says: str
) -> None:
    acts = Act.objects.count()
    with pytest.raises(CommandError, match=says):
        erased(*(part.format(source=told_of.source_id) for part in which), **more)
    assert Act.objects.count() == acts
    assert Change.objects.filter(line=None).count() == 0


def test_it_asks_before_it_erases(told_of: Evidence, monkeypatch: pytest.MonkeyPatch) -> None:
    def call() -> str:
        said = io.StringIO()
        call_command(
            "erase",
            "--source",
            str(told_of.source_id),
            "--reason",
            REASON,
            "--as",
            "margit@ledger.example",
            stdout=said,
        )
        return said.getvalue()

    answers: list[Callable[[str], str]] = [lambda _asked: "no", lambda _asked: "erase"]
    monkeypatch.setattr("builtins.input", answers[0])
    with pytest.raises(CommandError, match="Nothing was changed"):
        call()
    assert SECRET in Source.objects.get(pk=told_of.source_id).title
    monkeypatch.setattr("builtins.input", answers[1])
    assert "the bytes of report 1" in call()
    assert standing(SECRET) == []


def test_tables_are_rewritten_on_demand(told_of: Evidence) -> None:
    said = io.StringIO()
    call_command(
        "erase", "--source", str(told_of.source_id), "--reason", REASON, "--as", "margit@ledger.example",
        "--yes", "--rewrite",
        stdout=said,
    )  # fmt: skip
    assert "trail.change" in said.getvalue()
    assert verify().holds
