"""Takes all the memory there is."""


def read(file, leaves, asked):  # noqa: ANN001, ANN201
    held = []
    while True:
        held.append(bytearray(16 * 1024 * 1024))
