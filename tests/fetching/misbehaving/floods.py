"""Answers without end."""

import os


def read(file, leaves, asked):  # noqa: ANN001, ANN201
    while True:
        os.write(1, b'["p. 1", "page", ["x"]]\n' * 1000)
