"""Which specs a pattern means: an id, an alias, or a glob over the ids."""

from __future__ import annotations

import fnmatch

from oracle.systems import spec as find_spec
from oracle.systems import specs as known_specs


def selected(pattern: str | None) -> list[str]:
    """Return the ids that a pattern means, all without one; one that means nothing is refused."""
    ids = known_specs()
    if pattern is None:
        return ids
    matching = [spec for spec in ids if fnmatch.fnmatchcase(spec, pattern)]
    return matching or [find_spec(pattern).id]
