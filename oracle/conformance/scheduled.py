"""Hypothesis strategies for learning-rate schedules, in the form in which Keras stores one.

Every period is shorter than many a run, so that a run comes to a boundary, goes beyond the end, and
sees the pieces and periods in the middle.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from hypothesis import strategies as st

Rates: TypeAlias = st.SearchStrategy[float]
Config: TypeAlias = st.SearchStrategy[dict[str, Any]]

_LONGEST = 12
_STEPS = st.integers(1, _LONGEST)
_FACTORS = st.sampled_from([0.5, 0.75, 0.9])
_LOWEST = st.sampled_from([0.0, 0.25])


def schedule(rate: Rates) -> Config:
    """Draw a schedule of any kind, whose rates are drawn from ``rate``."""
    named = {
        "ExponentialDecay": _decay(rate),
        "InverseTimeDecay": _decay(rate),
        "PolynomialDecay": _polynomial(rate),
        "CosineDecay": _cosine(rate) | _cosine_after_warmup(rate),
        "CosineDecayRestarts": _restarts(rate),
        "PiecewiseConstantDecay": _pieces(rate),
    }
    return st.sampled_from(list(named)).flatmap(
        lambda name: named[name].map(lambda config: {"class_name": name, "config": config})
    )


def _decay(rate: Rates) -> Config:
    return st.fixed_dictionaries(
        {
            "initial_learning_rate": rate,
            "decay_steps": _STEPS,
            "decay_rate": _FACTORS,
            "staircase": st.booleans(),
        }
    )


def _polynomial(rate: Rates) -> Config:
    return st.fixed_dictionaries(
        {
            "initial_learning_rate": rate,
            "decay_steps": _STEPS,
            "end_learning_rate": st.sampled_from([0.0078125, 0.0625]),
            "power": st.sampled_from([1.0, 2.0]),
            "cycle": st.booleans(),
        }
    )


def _cosine(rate: Rates) -> Config:
    return st.fixed_dictionaries(
        {"initial_learning_rate": rate, "decay_steps": _STEPS, "alpha": _LOWEST}
    )


def _cosine_after_warmup(rate: Rates) -> Config:
    return st.fixed_dictionaries(
        {
            "initial_learning_rate": rate,
            "decay_steps": _STEPS,
            "alpha": _LOWEST,
            "warmup_target": rate,
            "warmup_steps": st.integers(1, 5),
        }
    )


def _restarts(rate: Rates) -> Config:
    return st.fixed_dictionaries(
        {
            "initial_learning_rate": rate,
            "first_decay_steps": _STEPS,
            "t_mul": st.sampled_from([1.0, 1.5, 2.0]),
            "m_mul": st.sampled_from([1.0, 0.75, 0.5]),
            "alpha": _LOWEST,
        }
    )


def _pieces(rate: Rates) -> Config:
    """Draw up to four boundaries, of which some lie side by side, and a rate for each piece."""
    boundaries = st.lists(st.integers(0, _LONGEST), min_size=1, max_size=4, unique=True).map(sorted)
    return boundaries.flatmap(
        lambda ends: st.fixed_dictionaries(
            {
                "boundaries": st.just(ends),
                "values": st.lists(rate, min_size=len(ends) + 1, max_size=len(ends) + 1),
            }
        )
    )
