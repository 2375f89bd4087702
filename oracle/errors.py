"""The ways in which this package refuses its input, each with one clear sentence."""

from __future__ import annotations


class OracleError(Exception):
    """The base of every error that names a wrong input; its text is one sentence for a user."""


class UnknownSpecError(OracleError, KeyError):
    """No spec has the id or alias that was asked for."""

    def __str__(self) -> str:
        return str(self.args[0])


class UnknownDtypeError(OracleError, ValueError):
    """A dtype is not one of the floating-point types that the oracle bounds."""


class SpecError(OracleError, ValueError):
    """A rule, a link, or a spec of somebody's own is written so that it cannot be run."""


class HyperparameterError(OracleError, ValueError):
    """A hyperparameter is unknown to the spec, or has a value that the library refuses."""


class ShapeError(OracleError, ValueError):
    """Parameters and gradients are no arrays of numbers, or do not fit each other."""


class DigitsError(OracleError, ValueError):
    """The truth was asked for with fewer digits than a verdict on float64 needs."""


class ImplementationError(OracleError):
    """An implementation under test is declared in a way that cannot be run."""


class CandidateError(OracleError):
    """A candidate does something wrong that its adapter can say in one clear sentence."""


class RefusalError(CandidateError):
    """A candidate in another process refuses what it is asked, and lives on."""


class UnsupportedError(OracleError):
    """A candidate declines what it was asked for; the check counts as not claimed."""
