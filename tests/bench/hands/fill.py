"""Fills the database of a data folder with a large desk: `python -m tests.bench.hands.fill CLAIMS` says what there is.

5,000 words, three pieces of evidence a claim; the second half of the claims is proposed, for a reviewer to decide on.
"""

import json
import sys

import django

EMAILS = {"checker": "hands-checker@bench.example", "reviewer": "hands-reviewer@bench.example"}
PASSWORD = "carry bread and coal"
STATEMENT = "In {year} the bill was {sum} million"


def main(count: int) -> None:
    django.setup()
    from claims.actions import articles, claims, evidence, teams, verdicts
    from claims.anchors import find
    from claims.models import Membership, User
    from claims.roles import Role
    from claims.trail import act

    people = {name: User.objects.create_user(email, name.title(), PASSWORD) for name, email in EMAILS.items()}
    team = teams.create_team(
        name="Bench", slug="bench", admin=User.objects.create_user("a@bench.example", "A", PASSWORD)
    )
    for name, user in people.items():
        with act("member.join", user):
            Membership.objects.create(team=team, user=user, role=Role(name))
    checker = people["checker"]
    said = [STATEMENT.format(year=1000 + number, sum=number) for number in range(count)]
    filler = "and nobody who was asked by this newspaper could say where all of it had gone since the day it came in."
    blocks = [("title", "A long text"), *(("paragraph", f"{words}, {filler}") for words in said)]
    article = articles.import_article(actor=checker, team=team, blocks=blocks, title="A long text", language="en")
    text = article.latest_version().text
    source = {"title": "Register of bills", "kind": "document", "origin_kind": "itself"}
    scale = team.labels.in_force()
    known = None
    for number, words in enumerate(said):
        claim = claims.log_claim(actor=checker, article=article, places=find(text, f"{words},")[:1], statement=words)
        for _piece in range(3):
            bring = {"source": known} if known else {"new_source": source}
            piece = evidence.attach(actor=checker, claim=claim, stance="supports", quote=words, locator="p. 1", **bring)
            known = known or piece.source
        if number >= count // 2:
            verdict = verdicts.Verdict(scale.get(meaning="accurate"), "The register says so.")
            verdicts.propose(actor=checker, claim=claim, verdict=verdict)
    print(json.dumps({"article": article.pk, "words": len(text.split()), "claims": count}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
