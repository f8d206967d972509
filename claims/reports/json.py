"""The report as json: the stored bytes themselves, so that their sha256 is the report's."""

MEDIA_TYPE = "application/json"


def render(content: bytes) -> bytes:
    """The canonical document, untouched."""
    return content
