"""The report file: JSON lines, first a header, then a line for each check, last a footer.

A file without a footer is from a run that was cut off; what it holds is right all the same.
``oracle/report/schema.json`` is the JSON Schema of a line.
"""

from __future__ import annotations

import json
import platform
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from functools import lru_cache
from pathlib import Path
from typing import Any

from oracle import __version__
from oracle.claim import Claim
from oracle.errors import OracleError
from oracle.implementation import Implementation
from oracle.operations import Operations
from oracle.packages import versions_here
from oracle.report.result import OUTCOMES, Result
from oracle.report.tally import Key, Tally, total

FORMAT = 1
"""Version of the format; a reader refuses a file of another one."""


class ReportError(OracleError):
    """The report cannot be written."""


class ReportFile:
    """A report that is being written; every line reaches the disk at once."""

    def __init__(self, path: Path) -> None:
        try:
            self._file = path.open("w", encoding="utf-8")
        except OSError as error:
            raise ReportError(
                f"--impl-report={path}: the file cannot be written ({error.strerror})"
            ) from error

    def write(self, line: Mapping[str, Any]) -> None:
        """Write one line."""
        self._file.write(json.dumps(line, allow_nan=False) + "\n")
        self._file.flush()

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def header(
    implementation: Implementation,
    claims: Sequence[Claim],
    reference: str,
    profile: str,
    models: Sequence[str],
) -> dict[str, Any]:
    """Return the first line: what was judged, by what, and the arithmetic that it declares.

    ``claims`` are all that it claims, ``models`` the libraries, with their versions, that the specs
    were checked with.
    """
    return {
        "kind": "header",
        "format": FORMAT,
        "oracle": __version__,
        "implementation": implementation.name,
        "reference": reference,
        "profile": profile,
        "started": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "platform": sys.platform,
        "judged": implementation.versions,
        "specs_of": list(models),
        "versions": versions_here(("numpy", "mpmath", "hypothesis", "pytest")),
        "claims": [
            {
                "spec": claim.spec,
                "mode": claim.mode,
                "dtype": dtype,
                "hyper_dtype": _plain(claim.precision(dtype).hyper_dtype),
                "compute_dtype": claim.precision(dtype).compute_dtype,
                "flushes_subnormals": claim.precision(dtype).flushes_subnormals,
                "reciprocal_math": claim.precision(dtype).reciprocal_math,
                "operations": _stated(claim.precision(dtype).operations),
            }
            for claim in claims
            for dtype in claim.dtypes
        ],
    }


def result_line(result: Result) -> dict[str, Any]:
    """Return the line of one check."""
    return {"kind": "result", **result.serializable()}


def footer(tallies: Mapping[Key, Tally], seconds: float, exit_status: int) -> dict[str, Any]:
    """Return the last line: the table at the end of the run, as data."""
    whole = total(tallies.values())
    return {
        "kind": "footer",
        "counts": {outcome: whole.counts[outcome] for outcome in OUTCOMES},
        "rows": [
            {"spec": spec, "dtype": dtype, "mode": mode, **tally.serializable()}
            for (spec, dtype, mode), tally in tallies.items()
        ],
        "seconds": round(seconds, 3),
        "exit_status": exit_status,
    }


@lru_cache(maxsize=1)
def schema() -> dict[str, Any]:
    """Return the JSON Schema of a line."""
    text = Path(__file__).with_name("schema.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


def _stated(operations: Operations | None) -> dict[str, Any] | None:
    return None if operations is None else operations.as_json()


def _plain(declared: str | Mapping[str, str] | None) -> str | dict[str, str] | None:
    return dict(declared) if isinstance(declared, Mapping) else declared
