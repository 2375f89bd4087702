"""Every rewriting of a situation on one run: the verdict, and what a diagnosis would say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from honest.desk import REWRITINGS
from honest.runs import Run, random_run
from oracle.claim import Precision
from oracle.verdict import Verdict

SILENT = ["looks like: no explanation found"]
"""What a diagnosis comes to that accuses nobody."""


@dataclass(frozen=True)
class Trial:
    """What came of one rewriting in one run."""

    name: str
    run: Run
    verdict: Verdict
    accusation: str = ""
    """What a diagnosis says, if it names anything."""

    def __str__(self) -> str:
        said = f"{self.name} in {self.run.precision} with {dict(self.run.hyper)}"
        return f"{said}: {self.verdict.worst or ''} {self.accusation}"

    @property
    def is_false_alarm(self) -> bool:
        return self.verdict.failed or bool(self.accusation)


def trials(situation: str, precision: Precision, seed: int, *, diagnosing: bool) -> Iterator[Trial]:
    """Yield what comes of each rewriting; it is diagnosed, too, as if it had failed."""
    run = random_run(situation, precision, seed)
    truth = run.truth()
    for rewriting in REWRITINGS[situation]:
        shown = run.observe(rewriting)
        said = run.diagnosis(shown) if diagnosing else SILENT
        accusation = "" if said == SILENT else "; ".join(said)
        name = f"{rewriting.__module__}.{rewriting.__name__}, seed {seed}"
        yield Trial(name, run, run.verdict(truth, shown), accusation)
