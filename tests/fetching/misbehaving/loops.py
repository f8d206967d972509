"""Goes round without end."""


def read(file, leaves, asked):  # noqa: ANN001, ANN201
    while True:
        pass
