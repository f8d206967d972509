"""The trail: no act, no change."""

from claims.trail.acts import act

__all__ = ["act"]
