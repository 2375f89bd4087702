"""Configuration: an optimizer comes back from its configuration, and from its name, as it was."""

from __future__ import annotations

from oracle.conformance.configuration import RoundTripCheck, UnknownNameCheck


def test_round_trips(round_trip: RoundTripCheck) -> None:
    """No argument is lost or changed on the way through a configuration."""
    round_trip.holds()


def test_unknown_names(unknown_name: UnknownNameCheck) -> None:
    """A name that the library does not have is refused."""
    unknown_name.holds()
