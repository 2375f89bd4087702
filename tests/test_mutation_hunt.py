"""A wrong version pursued through runs: what counts as having killed it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from oracle.mutation.hunt import SURVIVOR, UNKILLABLE, Hunt


def trial(*, can_be_kept: bool, effect: float = 2.0) -> Any:
    """A drawn run in which a version is off by so many bounds."""
    return SimpleNamespace(
        id="drawn",
        can_be_kept=can_be_kept,
        shows=lambda dtype: True,
        values=lambda make: [],
        ceiling=lambda values, dtype: effect,
        effect=lambda make, dtype: effect,
    )


@pytest.mark.parametrize(("can_be_kept", "kind"), [(True, SURVIVOR), (False, UNKILLABLE)])
def test_what_no_case_can_be_made_of_kills_nothing(can_be_kept: bool, kind: str):
    """A version survives if a run kills it that could be a golden case, and is not."""
    hunt = Hunt(SimpleNamespace(id="wrong"), SimpleNamespace(), ["float32"])
    hunt.go([trial(can_be_kept=can_be_kept)], SURVIVOR)
    assert [fate.kind for fate in hunt.end(UNKILLABLE)] == [kind]


def test_within_the_bounds_nothing_is_killed():
    hunt = Hunt(SimpleNamespace(id="wrong"), SimpleNamespace(), ["float32"])
    hunt.go([trial(can_be_kept=True, effect=0.5)], SURVIVOR)
    assert [(f.kind, f.effect) for f in hunt.end(UNKILLABLE)] == [(UNKILLABLE, 0.5)]
