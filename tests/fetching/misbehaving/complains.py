"""Fills its standard error, then reads."""

import os


def read(file, leaves, asked):  # noqa: ANN001, ANN201
    for _again in range(200):
        os.write(2, b"x" * 65536)
    leaves.text("", "paragraph", "read")
