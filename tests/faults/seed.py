"""Makes the newsroom of a House, within its data folder, and prints what its people need to write by HTTP.

Run as a program with the House's environment: `python -m tests.faults.seed`.
"""

import json
import os

import django

COOKIE = "c" * 32  # the form's key: cookie and field have to be the same
PEOPLE = {"checker": 4, "reviewer": 2}


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "verify.settings"
    django.setup()
    from django.core.management import call_command
    from django.db import transaction

    from tests.people import TEXT
    from verify import statics

    call_command("migrate", verbosity=0)  # there is nothing to migrate; it grants
    statics.collect()
    with transaction.atomic():
        print(json.dumps(newsroom(TEXT)))


def newsroom(text: object) -> dict[str, object]:
    """A team with people signed in, and an article: ids, session cookies and signed persons by name."""
    from claims.actions import articles, teams
    from claims.models import User
    from tests.people import member

    admin = User.objects.create_user("margit@ledger.example", "Margit Sørensen")
    team = teams.create_team(name="The Wexcombe Ledger", slug="ledger", admin=admin)
    people = {"admin": admin}
    for role, count in PEOPLE.items():
        for number in range(count):
            user = User.objects.create_user(f"{role}{number}@ledger.example", f"{role.title()} {number}")
            people[f"{role}{number}"] = member(team, user, role)
    article = articles.import_article(actor=admin, team=team, blocks=text, title="Kingsmill Bridge")
    labels = {label.meaning: label.pk for label in team.labels.in_force()}
    return {
        "team": team.pk,
        "article": article.pk,
        "labels": labels,
        "people": {name: signed_in(user) for name, user in people.items()},
    }


def signed_in(user: object) -> dict[str, str]:
    """A session of the person's, as the sign-in page makes it."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from claims.forms.keys import sign_person
    from claims.models import User
    from verify.sessions import SessionStore

    assert isinstance(user, User)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return {"session": str(session.session_key), "person": sign_person(user)}


if __name__ == "__main__":
    main()
