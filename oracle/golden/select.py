"""Which specs a pattern means: an id, an alias, or a glob over the ids."""

from __future__ import annotations

import fnmatch

from oracle.systems import spec as find_spec
from oracle.systems import specs as known_specs


def selected(pattern: str | None, *, may_be_none: bool = False) -> list[str]:
    """Return the ids that a pattern means, all without one.

    A pattern that means nothing is refused with `UnknownSpecError`, unless ``may_be_none``.
    """
    ids = known_specs()
    if pattern is None:
        return ids
    matching = [spec for spec in ids if fnmatch.fnmatchcase(spec, pattern)]
    return matching if matching or may_be_none else [find_spec(pattern).id]
