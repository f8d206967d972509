"""Falls over as programs in C do."""

import ctypes


def read(file, leaves, asked):  # noqa: ANN001, ANN201
    leaves.text("", "paragraph", "before")
    leaves.out.flush()
    ctypes.string_at(0)
