"""The result of one check."""

from __future__ import annotations

import math
import re
from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeAlias

Outcome: TypeAlias = Literal["passed", "failed", "known", "vacuous", "not claimed"]

OUTCOMES: tuple[Outcome, ...] = ("passed", "failed", "known", "vacuous", "not claimed")

_ID = re.compile(
    r"suites/\w+\.py::(?P<function>\w+)\[(?P<spec>[^-\]]+/[^-\]]+?)(?:-(?P<case>.+))?"
    r"-(?P<dtype>float16|bfloat16|float32|float64)(?:-(?P<mode>[^\]]+))?\]"
)


def is_check(test: str) -> bool:
    """Whether the id of a test is that of a check of a bundled suite."""
    return _ID.fullmatch(test) is not None


@dataclass(frozen=True)
class Result:
    """What became of one check of the candidate."""

    test: str
    suite: str
    spec: str
    case: str
    dtype: str
    mode: str
    outcome: Outcome
    ratio: float | None
    """The largest error over bound; None where nothing was compared."""
    seconds: float
    message: str
    """Why it is not passed; empty if it is."""
    cause: str = ""
    """The name of what is wrong, the same for all that fail of it; empty where it is not known."""

    @classmethod
    def from_id(
        cls,
        test: str,
        outcome: Outcome,
        *,
        ratio: float | None = None,
        seconds: float = 0.0,
        message: str = "",
        cause: str = "",
    ) -> Result | None:
        """Take apart the id of a test; None if it is no check of a bundled suite."""
        match = _ID.fullmatch(test)
        if match is None:
            return None
        parts = match.groupdict(default="")
        return cls(
            test=test,
            suite=parts["function"].removeprefix("test_"),
            spec=parts["spec"],
            case=parts["case"],
            dtype=parts["dtype"],
            mode=parts["mode"],
            outcome=outcome,
            ratio=ratio,
            seconds=seconds,
            message=message,
            cause=cause,
        )

    def serializable(self) -> dict[str, Any]:
        """Return the result as JSON can hold it: an infinite ratio is the text ``inf``."""
        infinite = self.ratio is not None and not math.isfinite(self.ratio)
        return {**asdict(self), "ratio": str(self.ratio) if infinite else self.ratio}
