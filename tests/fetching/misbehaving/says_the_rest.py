"""Answers what the file says from its second line on, as it stands there."""

import os


def read(file, leaves, asked):  # noqa: ANN001, ANN201
    file.readline()
    leaves.out.flush()
    os.write(1, file.read())
    os._exit(0)
