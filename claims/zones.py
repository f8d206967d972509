"""Time zones by their names (pure)."""

import zoneinfo


def zone(name: str) -> zoneinfo.ZoneInfo:
    """The zone of that name. UTC where there is none: what a team's row says may have been written by hand."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown; no name at all; a folder, or too long for one
        return zoneinfo.ZoneInfo("UTC")
