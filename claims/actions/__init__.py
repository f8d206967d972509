"""The only code that writes domain rows: one function an act, keyword-only `actor`."""

from claims.actions.rows import Stale
from claims.actions.submissions import Retyped, Sent, once

__all__ = ["Retyped", "Sent", "Stale", "once"]
