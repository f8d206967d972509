"""The language of a text."""

from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

ENOUGH: Final = 4_000  # characters that tell it as well as all
SURE: Final = 0.5


def language_of(text: str) -> str:
    """The BCP 47 code of the language of `text`, "" where it is too little to tell."""
    text = text[:ENOUGH]
    if sum(map(str.isalpha, text)) < 4:
        return ""
    code, sureness = identifier().classify(text)
    return str(code) if sureness >= SURE else ""


@cache
def identifier() -> "LanguageIdentifier":
    """The model of 97 languages; loaded when first asked, since it takes half a second and 90 MB."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
