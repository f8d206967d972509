"""The child that reads a foreign file: fences first, then the reader, then the file, which is its standard input.

    python -I -S -B reading.py JSON < file > answer

JSON says which reader, where packages are, what may be opened, and how much may be handed over. The answer is lines of
JSON: the fences that stand, leaves, and a last line. Nothing of Galley is imported but this folder.
"""

import importlib.util
import json
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

HERE = Path(__file__).resolve().parent


def loaded(path: str) -> ModuleType:
    """The reader in that file."""
    spec = importlib.util.spec_from_file_location("reader", path)
    if spec is None or spec.loader is None:
        raise ImportError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def fenced(told: dict[str, Any]) -> tuple[list[str], ModuleType]:
    """The fences that stand, and the reader, loaded before what it is may no longer be looked for."""
    from claims.fetching import fences

    asked = {name: name not in told["without"] for name in (fences.NAMESPACES, fences.FILES, fences.CALLS)}
    stand = {fences.NAMESPACES: asked[fences.NAMESPACES] and fences.namespaces()}
    stand[fences.LIMITS] = fences.limits(told["memory"], told["seconds"])
    reader = loaded(told["reader"])
    stand[fences.FILES] = asked[fences.FILES] and fences.files(told["readable"])
    stand[fences.CALLS] = asked[fences.CALLS] and fences.calls()
    return [name for name, stands in stand.items() if stands], reader


def main() -> None:
    """Read, and say how it went in the last line."""
    told = json.loads(sys.argv[1])
    sys.path += [*told["packages"], str(HERE.parent.parent)]
    from claims.fetching.readers import Asked, Full, Leaves, Refused

    out, file = os.fdopen(1, "wb", closefd=False), os.fdopen(0, "rb", closefd=False)
    leaves = Leaves(out, Asked(**told["asked"]))
    stand, reader = fenced(told)
    leaves.line({"fences": stand})
    try:
        reader.read(file, leaves, leaves.asked)
        last: dict[str, Any] = {"read": leaves.facts}
    except Full:
        last = {"read": leaves.facts}
    except Refused as refused:
        last = {"refused": refused.code, "detail": refused.detail}
    except MemoryError:
        last = {"refused": "too-large"}
    except Exception:  # readers raise whatever they like over a broken file
        last = {"refused": "broken"}
    leaves.line(last)
    out.flush()
    # nothing of what the file led to is run any more, not even its end
    os._exit(0)


if __name__ == "__main__":
    main()
