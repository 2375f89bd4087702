"""Why a check fails: a search through wrong versions, made only where something failed."""

from __future__ import annotations

import time
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from oracle.conformance.problem import Answer
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


@dataclass
class Explanation:
    """What is told of one failure, line by line, and the name of its cause if that is known."""

    lines: list[str] = field(default_factory=list)
    cause: str = ""

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Let whatever goes wrong while more is looked for be one more line.

        The finding has its numbers without it. Warnings that the project around turns into errors,
        and what a candidate sets with `numpy.seterr`, do not reach the search.
        """
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                yield
        except OracleError as error:
            told = f"not found out: {_on_a_line(error)}"
            self.lines.append(f"looks like: {told}")
        except Exception as error:
            told = f"{type(error).__name__}: {_on_a_line(error)}".removesuffix(": ")
            told = f"not found out, the search failed ({told}); please report it"
            self.lines.append(f"looks like: {told}")


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

    def explain(
        self,
        explanation: Explanation,
        answer: Answer,
        elsewhere: Iterable[Answer] = (),
    ) -> None:
        """Add lines that say what the candidate computes instead; ``elsewhere`` it answers more.

        A cause that is known already is told at once, and takes nothing of the time.
        """
        evidence = answer.evidence
        known = self._known.recognised(evidence) if evidence.worst else None
        if known is not None:
            explanation.lines.append(known.text)
            explanation.cause = known.cause
        elif self.seconds <= 0:
            explanation.lines.append(
                "looks like: not looked for, as this run has spent its time of looking; "
                "the command below looks for it"
            )
        else:
            self._search(explanation, evidence, elsewhere)

    @property
    def _known(self) -> Causes:
        from oracle.diagnosis.causes import Causes

        if self._causes is None:
            self._causes = Causes()
        return self._causes

    def _search(
        self, explanation: Explanation, evidence: Evidence, elsewhere: Iterable[Answer]
    ) -> None:
        from oracle.diagnosis import diagnose as diagnosis

        rule, begin = evidence.program.rule.name, time.process_time()
        longest = self.longest / 2 ** (self._in_vain[rule] // IN_VAIN)
        others = (other.evidence for other in elsewhere)
        try:
            for line in diagnosis.diagnose(evidence, min(longest, self.seconds), others):
                explanation.lines.append(line.text)
                explanation.cause = explanation.cause or line.cause
                self._known.learn(evidence, line)
        finally:
            self.seconds -= time.process_time() - begin
            self._in_vain[rule] += not explanation.cause
