"""Run in a House: a checker adds sources of the addresses given, which are captured by themselves.

`python -m tests.faults.sources [--typed] URL …`, with the House's environment; `--typed`: the forms are not saved yet.
"""

import os
import sys

import django


def main(urls: list[str], *, typed: bool) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "verify.settings"
    django.setup()
    from claims.actions import ahead, sources
    from claims.models import Membership

    checker = Membership.objects.filter(role="checker").earliest("pk")
    for url in urls:
        if typed:
            assert ahead.ask(actor=checker.user, team=checker.team, url=url)
        else:
            sources.add_source(actor=checker.user, team=checker.team, title=url, url=url)


if __name__ == "__main__":
    main([said for said in sys.argv[1:] if said != "--typed"], typed="--typed" in sys.argv)
