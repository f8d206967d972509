"""A newsroom with a confidential source, in an installation of its own, and then the erasure of it.

test_files.py runs it as a process of its own: `python -m tests.trail.confidence confide` tells it all in JSON, and
`python -m tests.trail.confidence erase` takes it away again. Its log goes to standard error, as a web process's does.
"""

import io
import json
import random
import string
import sys
from typing import Any

import django
from django.conf import settings

SEED = 20261124
# words that stand nowhere else; some that case and escapes change
TOKENS = {
    "title": "Žofie Qwurblenská",
    "publisher": "Xylodu",
    "url": "https://quiblix.example/nachtpförtner?zimmer=12",
    "locator": "Tonband Frumkolotti",
    "retraction": "Grumvexelstraße",
    "edit_reason": "Snorkwithian",
    "statement": "Bramblezotternacht",
    "said_by": "Kvistelrundqvist",
    "rationale": "Thrumbleckenhøj",
    "article": "Plonkvartzallee",
    "stash": "Wuzzlepondİstanbul",
    "back": "Vexillofroop",
    "captured": "Drangelwitzmoor",
    "file": "Plimsoquetteur",
}


def noise(length: int) -> str:
    """Text that does not compress, always the same."""
    rng = random.Random(SEED + length)
    return "".join(rng.choice(string.ascii_letters + string.digits) for _ in range(length))


LONG = noise(9000)
FOLDED = noise(96) + " said the porter, and said it again;" * 400  # PostgreSQL compresses it


def confide() -> dict[str, Any]:
    """Let people write it all down, by actions and by pages; returns what there is to be erased."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    from claims.actions import articles, claims, evidence, reports, sources, stashes, verdicts
    from claims.models import Source
    from tests.people import TEXT, log, support, verdict

    admin, checker, reviewer, team = _people()
    blocks = [*TEXT, ("paragraph", f"They met in {TOKENS['article']} at night. {LONG[:3000]}")]
    article = articles.import_article(actor=checker, team=team, blocks=blocks, title=TEXT[0][1])
    claim, piece = _leaning_on_a_talk(article, checker)
    said = log(article, checker, TOKENS["article"], said_by=TOKENS["said_by"])
    claims.edit_claim(actor=checker, claim=said, statement=TOKENS["statement"] + FOLDED[:200])
    support(said, checker)
    for one, rationale in ((claim, "The report says so."), (said, TOKENS["rationale"])):
        one.refresh_from_db()
        verdicts.propose(actor=checker, claim=one, verdict=verdict(team, rationale=rationale))
        verdicts.decide(actor=reviewer, claim=one, verdict=verdict(team, rationale="So it is."))
    source = Source.objects.get(pk=piece.source_id)
    sources.edit_source(actor=checker, source=source, reason=TOKENS["edit_reason"], origin_kind="unknown")
    reports.issue_report(actor=reviewer, article=article)
    claim.refresh_from_db()
    assert TOKENS["title"] in claim.status_reason
    evidence.retract(actor=checker, evidence=piece, reason=TOKENS["retraction"])
    claim.refresh_from_db()
    verdicts.withdraw(actor=checker, claim=claim, reason=TOKENS["back"])
    stashes.keep(user=checker, path="/x/", fields={"note": [f"{TOKENS['title']}, {TOKENS['stash'].upper()}"]})
    stashes.keep(user=checker, path="/y/", fields={"quote": [LONG]})
    _captured(checker, source)
    _by_pages(checker, team.pk, article.pk, source.pk)
    return {"source": source.pk, "article": article.pk, "claim": said.number, "admin": admin.email}


def _leaning_on_a_talk(article: Any, checker: Any) -> tuple[Any, Any]:
    """A high-risk claim, and the evidence for it that comes of a talk with the confidential source."""
    from claims.actions import claims, evidence
    from claims.workflow import Stance
    from tests.people import log, support

    claim = log(article, checker, "eleven months")
    new = {
        "title": f"Talk with {TOKENS['title']}",
        "publisher": TOKENS["publisher"],
        "url": TOKENS["url"],
        "kind": "person",
        "origin_kind": "itself",
    }
    piece = evidence.attach(
        actor=checker, claim=claim, stance=Stance.SUPPORTS, new_source=new, quote=LONG, note=FOLDED,
        locator=TOKENS["locator"],
    )  # fmt: skip
    claims.edit_claim(actor=checker, claim=claim, risk="high")
    support(claim, checker, title="Minute book")
    return claim, piece


def _captured(checker: Any, source: Any) -> None:
    """A file of the source's, kept, read and indexed."""
    from claims import tasks
    from claims.actions import captures

    content = f"{TOKENS['captured']} said so.\n\n{LONG}\n\n{FOLDED}".encode()
    name = f"{TOKENS['file']}.txt"
    received = captures.receive(actor=checker, source=source, file=io.BytesIO(content), name=name)
    tasks.capture(errand=captures.ask_upload(actor=checker, source=source, received=received).pk)
    assert source.captures.get().parts.count() == 3


def _people() -> tuple[Any, Any, Any, Any]:
    from claims.actions import teams
    from claims.roles import Role
    from tests.people import member, person

    admin, checker, reviewer = (
        person(f"{name}@ledger.example", name.title()) for name in ("margit", "ifeoma", "tomasz")
    )
    team = teams.create_team(name="Ledger", slug="ledger", admin=admin)
    member(team, checker, Role.CHECKER)
    member(team, reviewer, Role.REVIEWER)
    return admin, checker, reviewer, team


def _by_pages(checker: Any, team: int, article: int, source: int) -> None:
    """Read and write by the web: sessions, messages, forms sent twice, forms refused, files, things not found."""
    from django.test import Client
    from django.urls import reverse

    from tests.people import keys

    web = Client(SERVER_NAME="localhost", raise_request_exception=False)
    web.force_login(checker, backend="django.contrib.auth.backends.ModelBackend")
    title = f"Talk with {TOKENS['title']}"
    for name, args in (("desk", [article]), ("article_trail", [article]), ("source", [source]), ("team_trail", [])):
        assert web.get(reverse(name, args=args)).status_code == 200, name
    for words in (title, TOKENS["publisher"], TOKENS["url"], "'" + TOKENS["title"] + "<->"):
        assert web.get(reverse("sources"), {"q": words}).status_code == 200
        asked = {"words": words, "team": str(team)}
        assert web.get(reverse("find_sources"), asked, headers={"HX-Request": "true"}).status_code < 500
    for kind in ("html", "csv", "json", "pdf"):
        assert web.get(reverse("report_file", args=[article, 1, kind])).status_code == 200, kind
    web.get("/nowhere/", {"q": title})
    fields = {"title": title, "url": "no address at all, " + TOKENS["url"], "kind": "person", "origin": "itself"}
    sent = fields | keys()
    refused = web.post(reverse("add_source"), sent)
    assert refused.status_code in {422, 200}, refused.status_code
    stranger = Client(SERVER_NAME="localhost", raise_request_exception=False)
    stranger.post(reverse("add_source"), sent | {"person": str(checker.pk)})
    web.post(reverse("add_source"), {"title": title, "kind": "person", "version": "\0"} | keys())


def erase(wanted: dict[str, Any]) -> dict[str, Any]:
    """Erase it by the command, and look into every column of every table; returns where something of it stands."""
    from django.core.management import call_command

    from claims.models import Act, Report, ReportDocument

    stream = f"article:{wanted['article']}"
    withdrawn = next(act.seq for act in Act.objects.in_stream(stream) if act.reason == TOKENS["back"])
    reports = [(report.number, report.sha256) for report in Report.objects.all()]
    for which in (
        ["--source", str(wanted["source"])],
        ["--claim", f"{wanted['article']}/{wanted['claim']}"],
        ["--article", str(wanted["article"])],
        ["--act", stream, str(withdrawn), "--only", "reason"],
    ):
        said = io.StringIO()
        more = ["--rewrite"] if "--act" in which else []
        call_command("erase", *which, *more, "--yes", "--reason", "A promise", "--as", wanted["admin"], stdout=said)
    call_command("verify_trail", stdout=said)
    return {
        "said": said.getvalue(),
        "standing": _standing(),
        "reports": reports == [(report.number, report.sha256) for report in Report.objects.all()] and len(reports),
        "documents": ReportDocument.objects.count(),
    }


def _standing() -> list[str]:
    """The tables, statistics and sessions that say one of the words, however PostgreSQL stores them."""
    from django.contrib.sessions.models import Session
    from django.db import connection

    from verify.database import as_owner

    words = [part for said in TOKENS.values() for part in said.split()] + [LONG[:24], LONG[-24:], FOLDED[:24]]
    found = [
        f"session: {word}" for session in Session.objects.all() for word in words
        if word.lower() in json.dumps(session.get_decoded(), ensure_ascii=False).lower()
    ]  # fmt: skip
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relkind IN ('r', 'v', 'm') AND n.nspname IN ('public', 'trail')"
            " UNION ALL SELECT unnest(ARRAY['pg_stats', 'pg_stats_ext', 'pg_description', 'pg_largeobject_metadata'])"
        )
        for (table,) in cursor.fetchall():
            for word in words:
                cursor.execute(
                    f"SELECT count(*) FROM {table} t WHERE strpos(lower(t::text), lower(%s)) > 0"
                    " OR strpos(t::text, encode(convert_to(%s, 'UTF8'), 'hex')) > 0",
                    [word, word],
                )
                if cursor.fetchone()[0]:
                    found.append(f"{table}: {word}")
    return found


if __name__ == "__main__":
    django.setup()
    # pages name their files without a manifest, which only `make demo` writes
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}
    result = confide() if sys.argv[1] == "confide" else erase(json.loads(sys.argv[2]))
    json.dump(result, sys.stdout)
