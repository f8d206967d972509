"""Run in a House: a checker adds sources of the addresses given, which are captured by themselves, or sends files.

`python -m tests.faults.sources [--typed] URL|file:NAME …`, with its environment; `--typed`: nothing is saved yet.
"""

import io
import os
import sys

import django


def main(urls: list[str], *, typed: bool) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "verify.settings"
    django.setup()
    from claims.actions import ahead, captures, sources
    from claims.models import Membership

    checker = Membership.objects.filter(role="checker").earliest("pk")
    for url in urls:
        if typed:
            assert ahead.ask(actor=checker.user, team=checker.team, url=url)
            continue
        if not url.startswith("file:"):
            sources.add_source(actor=checker.user, team=checker.team, title=url, url=url)
            continue
        source = sources.add_source(actor=checker.user, team=checker.team, title=url)
        file = io.BytesIO(f"What {url} says.".encode())
        received = captures.receive(actor=checker.user, source=source, file=file, name=url)
        captures.ask_upload(actor=checker.user, source=source, received=received)


if __name__ == "__main__":
    main([said for said in sys.argv[1:] if said != "--typed"], typed="--typed" in sys.argv)
