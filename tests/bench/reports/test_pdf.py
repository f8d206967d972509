"""The pdf of 1,000 claims with 3,000 pieces of evidence: seconds from the stored bytes, and the child's memory."""

import os
import resource
import subprocess
import sys

from claims.reports import csv, html, pdf
from claims.reports import document as documents
from tests.bench.figures import figure, median, milliseconds, repeated
from tests.pure.reports import sample
from verify.folder import PROJECT

CLAIMS, SECONDS, MEBIBYTES, RUNS = 1000, 2.0, 300, 3


def test_pdf_of_1000_claims() -> None:
    content = documents.canonical(sample.document(CLAIMS, sources=CLAIMS // 3))
    before = children()
    took = [one.wall for one in repeated(lambda: pdf.render(content), RUNS, warm=0)]
    processors = (children() - before) / RUNS
    most = memory_of_the_child(content)
    peers = {
        peer.__name__.rpartition(".")[2]: repeated(lambda peer=peer: peer.render(content), 1) for peer in (html, csv)
    }
    said = ", ".join(f"{name} {milliseconds(some[0].wall)}" for name, some in peers.items())
    figure(
        f"pdf of {CLAIMS:,} claims",
        median(took),
        SECONDS,
        " s",
        f"of processors in the child {processors:.2f} s a time, {len(pdf.render(content)):,} bytes",
        f"the same document in other formats: {said}",
    )
    figure(f"pdf of {CLAIMS:,} claims, the child's memory", most, MEBIBYTES, " MiB")
    assert most <= MEBIBYTES


# in a process without other children, among which the largest would be told
ALONE = """
import resource, sys
import django

django.setup()
from claims.reports import pdf

pdf.render(sys.stdin.buffer.read())
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
"""


def memory_of_the_child(content: bytes) -> float:
    """MiB that the child which makes the pdf takes at most."""
    nowhere = {"DATABASE_URL": "postgresql://nobody@localhost/nothing", "GALLEY_SECRET_KEY": "for-measuring-only"}
    environment = os.environ | nowhere | {"DJANGO_SETTINGS_MODULE": "verify.settings"}
    command = [sys.executable, "-c", ALONE]
    done = subprocess.run(command, input=content, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, check=True)
    return float(done.stdout)


def children() -> float:
    """Processors' seconds of the children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
