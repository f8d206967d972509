"""Passwords that say no more than where they are for."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# docs/security.md lists them; the names of the person's own teams count too
WORDS = (
    "galley", "newsroom", "newspaper", "editorial", "editor", "reporter", "journalist", "journalism", "article",
    "factchecking", "factchecker", "factcheck", "fact", "checking", "checker", "check", "reviewer", "review",
    "viewer", "admin", "desk", "claim", "verdict", "verified", "verify", "evidence", "source", "trail", "press",
    "password", "passwort", "secret", "login", "welcome",
)  # fmt: skip
LEAST = 6  # characters that have to be left


class WordsOfTheHouse:
    """Refuses a password that is made of the words that everybody at a checking desk knows, with figures or without."""

    def validate(self, password: str, user: Any = None) -> None:
        rest = password.lower()
        for word in sorted((*WORDS, *_of_teams(user)), key=len, reverse=True):
            rest = rest.replace(word, "")
        if len(re.sub(r"[\W\d_]", "", rest)) < LEAST and rest != password.lower():
            raise ValidationError(
                _("This is made of words that anybody would try here. Add others, of your own."), code="house_words"
            )

    def get_help_text(self) -> str:
        return _("Not only words of the trade, such as “newsroom” or “fact check”.")


def _of_teams(user: Any) -> set[str]:
    """The words of the names of the person's teams."""
    if getattr(user, "pk", None) is None:
        return set()
    names = user.memberships.values_list("team__name", "team__slug")
    return {word for pair in names for name in pair for word in re.findall(r"\w{4,}", name.lower())}
