"""Run in a House: a checker adds sources of the addresses given, which are captured by themselves.

`python -m tests.faults.sources URL …`, with the House's environment.
"""

import os
import sys

import django


def main(urls: list[str]) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "verify.settings"
    django.setup()
    from claims.actions import sources
    from claims.models import Membership

    checker = Membership.objects.filter(role="checker").earliest("pk")
    for url in urls:
        sources.add_source(actor=checker.user, team=checker.team, title=url, url=url)


if __name__ == "__main__":
    main(sys.argv[1:])
