"""What a check of a candidate can end in, besides passing."""

from __future__ import annotations

from oracle.errors import OracleError


class Finding(OracleError):  # noqa: N818 - an outcome, not an error
    """The candidate did something wrong; the text is what its author reads."""

    def __init__(self, message: str, ratio: float | None = None, *lines: str) -> None:
        super().__init__("\n  ".join((message, *lines)))
        self.message = message
        self.ratio = ratio
        """The largest error over bound, where the candidate got as far as numbers."""
        self.lines = lines
        """What is said besides, each on a line of its own."""

    def with_lines(self, *lines: str) -> Finding:
        """Return the finding with more lines."""
        return Finding(self.message, self.ratio, *self.lines, *lines)


class Vacuous(OracleError):  # noqa: N818 - an outcome, not an error
    """The bound is larger than every update, so the check could not have failed."""


class NotClaimed(OracleError):  # noqa: N818 - an outcome, not an error
    """The candidate does not say that it can do what the check asks for."""
