"""Hypothesis strategies for hyperparameters, from the domains of a spec's arguments."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cache, singledispatch
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from oracle.conformance.forms import Setting
from oracle.conformance.scheduled import schedule
from oracle.errors import HyperparameterError
from oracle.specification.domains import Domain, Flag, ScheduledRate, Threshold
from oracle.specification.draws import (
    Among,
    Either,
    Halvings,
    Pairs,
    Powers,
    Serialized,
    Thousandths,
    Whole,
)
from oracle.specification.options import needs
from oracle.specification.spec import Spec
from oracle.systems import spec as find_spec

Strategy = st.SearchStrategy[Any]


@singledispatch
def drawn(draws: Any, dtype: str) -> Strategy:
    """Return the strategy for what a domain says that may be drawn."""
    raise TypeError(f"nothing is known of drawing {draws!r}")


@drawn.register
def _(draws: Powers, dtype: str) -> Strategy:
    powers = st.integers(10 * draws.low, 10 * draws.high)
    return powers.map(lambda k: float(f"{10 ** (k / 10):.3g}"))


@drawn.register
def _(draws: Halvings, dtype: str) -> Strategy:
    return st.integers(draws.low, draws.high).map(lambda k: draws.sign * 2.0**k)


@drawn.register
def _(draws: Whole, dtype: str) -> Strategy:
    return st.integers(draws.low, draws.high)


@drawn.register
def _(draws: Thousandths, dtype: str) -> Strategy:
    return st.integers(0, 999).map(lambda k: k / 1000)


@drawn.register
def _(draws: Among, dtype: str) -> Strategy:
    return st.sampled_from(draws.values)


@drawn.register
def _(draws: Either, dtype: str) -> Strategy:
    return st.one_of(*(drawn(each, dtype) for each in draws.draws))


@drawn.register
def _(draws: Pairs, dtype: str) -> Strategy:
    return st.tuples(drawn(draws.first, dtype), drawn(draws.second, dtype))


@drawn.register
def _(draws: Serialized, dtype: str) -> Strategy:
    configs = {
        name: st.fixed_dictionaries({key: drawn(d, dtype) for key, d in config.items()})
        for name, config in draws.configs.items()
    }
    return st.sampled_from(list(configs)).flatmap(
        lambda name: configs[name].map(lambda config: {"class_name": name, "config": config})
    )


@drawn.register
def _(domain: Domain, dtype: str) -> Strategy:
    return drawn(domain.draws(dtype), dtype).filter(lambda value: domain.check(value) is None)


@st.composite
def hyperparameters(
    draw: st.DrawFn,
    spec: Spec,
    dtype: str,
    taken: Collection[str],
    *,
    schedules: bool,
    settings: Sequence[Setting] = ({},),
) -> dict[str, Any]:
    """Draw hyperparameters that the library accepts and the candidate takes, in some setting."""
    names = [name for name in spec.arguments if name in taken]
    usual, rare = _usual(spec.id, dtype), _rare(spec.id, dtype, schedules)
    setting = draw(st.sampled_from(list(settings)))
    hyper = {name: draw(usual[name]) for name in names if name in usual and name not in setting}
    for name, on in setting.items():
        if on:
            hyper[name] = draw(drawn(spec.arguments[name].domain, dtype).filter(bool))
    extras = [name for name in names if name in rare and name not in setting]
    for name in draw(_some_of(spec, extras)):
        hyper[name] = draw(rare[name])
    if "learning_rate" in extras and draw(st.booleans()):
        hyper["learning_rate"] = draw(rare["learning_rate"])
    _complete(spec, hyper, names)
    assume(_accepted(spec, hyper))
    return hyper


@cache
def _usual(spec_id: str, dtype: str) -> Mapping[str, Strategy]:
    """Return what every example sets of a spec: the numbers, and what it requires."""
    spec = find_spec(spec_id)
    return {
        name: drawn(argument.domain, dtype)
        for name, argument in spec.arguments.items()
        if argument.domain.usual or name in spec.required
    }


@cache
def _rare(spec_id: str, dtype: str, schedules: bool) -> Mapping[str, Strategy]:
    """Return what few examples set: switches, and a schedule, which not every candidate claims."""
    spec = find_spec(spec_id)
    found: dict[str, Strategy] = {}
    for name, argument in spec.arguments.items():
        if isinstance(argument.domain, ScheduledRate):
            rate = drawn(argument.domain, dtype)
            found |= {name: schedule(rate)} if schedules else {}
        elif name not in _usual(spec_id, dtype):
            found[name] = drawn(argument.domain, dtype)
    return found


def _some_of(spec: Spec, extras: Sequence[str]) -> st.SearchStrategy[list[str]]:
    """A few arguments, or half a dozen; of those that clip, one, as libraries take no second."""
    if not extras:
        return st.just([])
    clips = {name for name in extras if isinstance(spec.arguments[name].domain, Threshold)}

    def with_one_clip(names: Sequence[str]) -> list[str]:
        several = [name for name in names if name in clips]
        return [name for name in names if name not in several[1:]]

    few = st.lists(st.sampled_from(extras), max_size=3, unique=True)
    more = st.lists(st.sampled_from(extras), min_size=min(4, len(extras)), max_size=6, unique=True)
    return (few | more).map(with_one_clip)


def _complete(spec: Spec, hyper: dict[str, Any], names: Collection[str]) -> None:
    """Set what gives a drawn argument its effect."""
    for name in list(hyper):
        for needed in needs(spec, name):
            domain = spec.arguments[needed].domain
            if needed in names and not isinstance(spec.arguments[name].domain, Flag):
                hyper.setdefault(needed, domain.on)


def _accepted(spec: Spec, hyper: Mapping[str, Any]) -> bool:
    try:
        spec.validate(hyper)
    except HyperparameterError:
        return False
    return True
