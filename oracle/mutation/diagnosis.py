"""Why a candidate is wrong: what fits the numbers that it showed."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from oracle.mutation.search import Search
from oracle.mutation.sighting import Sighting
from oracle.mutation.suspects import Suspect, other_systems
from oracle.mutation.whereabouts import extent
from oracle.systems.base import Program, Spec

__all__ = ["Sighting", "diagnose"]

SHOWN = 3
"""How many explanations are told, the likeliest first."""


def diagnose(
    sighting: Sighting, seconds: float, elsewhere: Iterable[Sighting] = ()
) -> Iterator[str]:
    """Yield what explains the candidate, in lines; give up looking after ``seconds``.

    ``elsewhere`` is what it shows in other cases, wrong or right: of several explanations, those
    count that hold in most of them. Next to a violation that float64 itself cannot see, everything
    fits, and nothing is explained.
    """
    if not sighting.worst:
        yield "looks like: no explanation found"
        return
    end = time.process_time() + seconds
    search = Search(sighting, end, elsewhere)
    fitting = search.best()
    for ratio, suspect in fitting[:SHOWN]:
        yield f"looks like: {suspect.text}, fits to {ratio:.2g} bound"
    kin = list(_kin(sighting, end))
    for ratio, id in sorted(kin)[:SHOWN]:
        yield f"also is: {id} -- your numbers are those of another system, to {ratio:.2g} bound"
    if not fitting and not kin:
        found = "in the time there is" if time.process_time() > end else "found"
        yield from search.whereabouts() or [f"looks like: no explanation {found}"]
        yield from (f"note: {fact}" for fact in extent(sighting.outside))


def _kin(sighting: Sighting, end: float) -> Iterator[tuple[float, str]]:
    for spec, hyper in other_systems(sighting.spec, sighting.hyper):
        ratio = sighting.fit(Suspect(spec.id, (0, 0), partial(_made, spec, hyper)), spec)
        if ratio is not None:
            yield ratio, spec.id
        if time.process_time() > end:
            return


def _made(spec: Spec, hyper: Mapping[str, Any], _: Mapping[str, Any]) -> Program:
    return spec.program(hyper)
