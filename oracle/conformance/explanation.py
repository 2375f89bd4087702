"""Why a check fails: a search through wrong versions, made only where something failed."""

from __future__ import annotations

import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from oracle.conformance.problem import Answer
from oracle.diagnosis.told import Told
from oracle.errors import OracleError

if TYPE_CHECKING:
    from oracle.diagnosis.causes import Causes
    from oracle.diagnosis.evidence import Evidence

LONGEST = 8.0
"""Seconds of the processor's time that one failure may be searched for."""

WHOLE_RUN = 60.0
"""Seconds that all searches of a run may take together."""

IN_VAIN = 2
"""After so many searches in vain, those of the same rule may take half as long."""


def kept(search: Callable[[], Iterable[Told]]) -> list[Told]:
    """Return the lines of a search; whatever goes wrong in it is one more line.

    The finding has its numbers without it. Warnings that the project around turns into errors, and
    what a candidate sets with `numpy.seterr`, do not reach the search.
    """
    lines: list[Told] = []
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            for line in search():
                lines.append(line)
    except OracleError as error:
        lines.append(Told(f"not found out: {_on_a_line(error)}"))
    except Exception as error:
        told = f"{type(error).__name__}: {_on_a_line(error)}".removesuffix(": ")
        lines.append(Told(f"not found out, the search failed ({told}); please report it"))
    return lines


def _on_a_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


@dataclass(eq=False)
class Allowance:
    """How long a run may go on looking for explanations, and which it has found already."""

    seconds: float = WHOLE_RUN
    longest: float = LONGEST
    _causes: Causes | None = None
    _in_vain: Counter[str] = field(default_factory=Counter)
    """How many searches found nothing, by the name of the rule."""

    def explain(self, answer: Answer, elsewhere: Iterable[Answer] = ()) -> Iterator[Told]:
        """Yield what the candidate computes instead; ``elsewhere`` are other answers of it.

        A cause that is known already is told at once, and takes nothing of the time.
        """
        evidence = answer.evidence
        known = self._known.recognised(evidence) if evidence.worst else None
        if known is not None:
            yield known
        elif self.seconds <= 0:
            yield Told(
                "not looked for, as this run has spent its time of looking; "
                "the command below looks for it"
            )
        else:
            yield from self._search(evidence, elsewhere)

    @property
    def _known(self) -> Causes:
        from oracle.diagnosis.causes import Causes

        if self._causes is None:
            self._causes = Causes()
        return self._causes

    def _search(self, evidence: Evidence, elsewhere: Iterable[Answer]) -> Iterator[Told]:
        from oracle.diagnosis import diagnose as diagnosis

        rule, begin, is_found = evidence.program.rule.name, time.process_time(), False
        longest = self.longest / 2 ** (self._in_vain[rule] // IN_VAIN)
        others = (other.evidence for other in elsewhere)
        try:
            for line in diagnosis.diagnose(evidence, min(longest, self.seconds), others):
                yield line
                is_found = is_found or bool(line.cause)
                self._known.learn(evidence, line)
        finally:
            self.seconds -= time.process_time() - begin
            self._in_vain[rule] += not is_found
