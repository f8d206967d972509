"""The pdf of 1,000 claims with 3,000 pieces of evidence: seconds from the stored bytes, and the child's memory."""

import resource
import time

from claims.reports import csv, html, pdf
from claims.reports import document as documents
from tests.pure.reports import sample

CLAIMS, SECONDS, MEBIBYTES, RUNS = 1000, 2.0, 300, 3


def test_pdf_of_1000_claims() -> None:
    content = documents.canonical(sample.document(CLAIMS, sources=CLAIMS // 3))
    took = []
    for _run in range(RUNS):
        start = time.perf_counter()
        size = len(pdf.render(content))
        took.append(time.perf_counter() - start)
    best, most = min(took), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"\npdf of {CLAIMS} claims: {best:.2f} s of {SECONDS}, {most:.0f} MiB of {MEBIBYTES}, {size} bytes")
    assert most <= MEBIBYTES
    for peer in (html, csv):
        start = time.perf_counter()
        peer.render(content)
        print(f"  {peer.__name__.rpartition('.')[2]} of the same: {time.perf_counter() - start:.2f} s")
