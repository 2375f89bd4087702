"""What a check of a candidate can end in, besides passing."""

from __future__ import annotations

from oracle.errors import OracleError


class Finding(OracleError):  # noqa: N818 - an outcome, not an error
    """The candidate did something wrong; the text is what its author reads."""

    def __init__(self, message: str, ratio: float | None = None) -> None:
        super().__init__(message)
        self.ratio = ratio
        """The largest error over bound, where the candidate got as far as numbers."""


class Vacuous(OracleError):  # noqa: N818 - an outcome, not an error
    """The bound is larger than every update, so the check could not have failed."""


class NotClaimed(OracleError):  # noqa: N818 - an outcome, not an error
    """The candidate does not say that it can do what the check asks for."""
