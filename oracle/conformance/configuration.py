"""Configurations: an optimizer that is built back from its own, or by name, is the same one."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

import oracle
from oracle.claim import Configured
from oracle.conformance.bench import Bench
from oracle.conformance.check import Check
from oracle.conformance.golden import fixture
from oracle.conformance.message import told
from oracle.conformance.outcomes import Finding
from oracle.conformance.run import own_errors
from oracle.conformance.training_cases import training_cases
from oracle.dtypes import DTYPES, float_type
from oracle.errors import CandidateError, ImplementationError, RefusalError
from oracle.golden.at_hand import has_golden

HELD_IN = "float32"
"""The dtype in which a library may hold its hyperparameters."""

WAYS = {
    "constructor": "as its constructor makes it",
    "config": "after from_config(get_config())",
    "serialization": "after deserialize(serialize(...))",
}
"""How an optimizer comes about, and how that is told."""


@dataclass(eq=False)
class ConfigurationCheck(Check):
    """One demand on the configurations of a spec; the dtype is that in which they are held."""

    @property
    def configured(self) -> Configured:
        """What the candidate declares for the system."""
        return self.bench.implementation.configurations[self._spec.system.name]

    @property
    def _spec(self) -> Any:
        return oracle.spec(self.claim.spec)

    def _configuration(
        self, way: str, name: str, hyper: Mapping[str, Any], what: str
    ) -> tuple[str, Mapping[str, Any]]:
        with self.bench.guard.limit(what), own_errors(what):
            return self.configured(way, name, hyper)


@dataclass(eq=False)
class RoundTripCheck(ConfigurationCheck):
    """Every argument is in the configuration, and still there after it was given back."""

    file: ClassVar[str] = "configuration"
    suite: ClassVar[str] = "round_trips"

    def holds(self) -> None:
        """Try the page's arguments and all others in every way, then the name in any case."""
        spec = self._spec
        for hyper in self._given():
            for way, how in WAYS.items():
                what = f"{spec.id} {how}"
                self._compare(self._configuration(way, spec.name, hyper, what), hyper, what)
        for name in dict.fromkeys((spec.name, *spec.aliases, spec.name.upper())):
            what = f"{spec.id} looked up as {name!r}"
            self._compare(self._configuration("name", name, {}, what), {}, what)

    def _given(self) -> Iterator[Mapping[str, Any]]:
        """Yield what the optimizers are made with."""
        for case in training_cases(self.claim.spec, by_name=True):
            yield case.hyper
        for hyper in everything_once(self.claim.spec):
            if all(map(self.claim.takes, hyper)):
                yield hyper

    def _compare(
        self, found: tuple[str, Mapping[str, Any]], hyper: Mapping[str, Any], what: str
    ) -> None:
        class_name, config = found
        spec = self._spec
        if class_name != spec.name:
            raise Finding(f"{what} is {class_name!r}; it is called {spec.name!r}")
        wrong = {
            name: value
            for name, value in spec.validate(hyper).items()
            if (value is not None and name not in config)
            or not _means(config.get(name), value, self._held_in)
        }
        if wrong:
            raise self._finding(what, hyper, config, wrong)

    def _finding(
        self,
        what: str,
        hyper: Mapping[str, Any],
        config: Mapping[str, Any],
        wrong: Mapping[str, Any],
    ) -> Finding:
        """Say what stands in the configuration in the place of what has to."""
        (name, value), *_ = wrong.items()
        has = f"{name}={config[name]!r}" if name in config else f"no {name!r}"
        self.cause = ", ".join(self._instead(name, config, wrong[name]) for name in wrong)
        return Finding(
            f"{what}: the configuration has {has}; it is {value!r}",
            None,
            f"hyperparameters: {told(self._spec.id, hyper)}",
            f"looks like: {self.cause}",
        )

    def _instead(self, name: str, config: Mapping[str, Any], value: Any) -> str:
        shown = f"{name}={config[name]!r}" if name in config else f"no {name}"
        default = self._spec.arguments[name].default
        if value == default:
            return f"{shown} instead of the default {value!r}"
        is_default = name in config and config[name] == default
        return f"{shown}{', the default,' if is_default else ''} instead of {name}={value!r}"

    @property
    def _held_in(self) -> list[str]:
        """The dtypes in which a library may hold a number: the case's, and any wider one."""
        return [name for name in DTYPES if float_type(name).bits >= float_type(self.dtype).bits]


def everything_once(id: str) -> Iterator[Mapping[str, Any]]:
    """Yield hyperparameters of golden cases until each argument was set to what it is not alone.

    Left out are lists and mappings: variables that weight decay spares, and schedules; and what is
    infinite, which JSON has no number for.
    """
    spec, seen = oracle.spec(id), set[str]()
    for case in fixture(id).cases if has_golden(id) else ():
        hyper = {name: v for name, v in case.hyper.items() if _is_finite(v)}
        new = {n for n, v in hyper.items() if v != spec.arguments[n].default} - seen
        if new and hyper.keys() >= set(spec.required):
            seen |= new
            yield hyper


def _is_finite(value: Any) -> bool:
    return isinstance(value, (bool, int, float)) and math.isfinite(value)


def _means(shown: Any, value: Any, dtypes: list[str]) -> bool:
    """Whether a configuration's entry is the value itself, or that rounded to one of the dtypes."""
    if isinstance(value, float) and isinstance(shown, (int, float)):
        rounded = [float(float_type(d).round(np.asarray(value))) for d in dtypes]
        return float(shown) in (value, *rounded)
    return bool(shown == value)


@dataclass(eq=False)
class UnknownNameCheck(ConfigurationCheck):
    """A name that is almost the spec's is refused."""

    file: ClassVar[str] = "configuration"
    suite: ClassVar[str] = "unknown_names"

    def holds(self) -> None:
        """Look up names with a letter too much, a letter too few, and with a space."""
        name = self._spec.name
        known = {n.lower() for id in oracle.specs(self._spec.system.name) for n in _names(id)}
        for wrong in (f"{name}{name[-1]}", name[:-1], f"{name} "):
            if wrong.lower() not in known:
                self._refused(wrong)

    def _refused(self, name: str) -> None:
        what = f"{self.claim.spec}: the unknown name {name!r}"
        with self.bench.guard.limit(what):
            try:
                class_name, _ = self.configured("name", name, {})
            except RefusalError:
                return
            except (CandidateError, ImplementationError) as error:
                raise Finding(f"{what}: {error}") from error
            except Exception:
                return
        raise Finding(f"{what} is accepted and gives {class_name!r}; it must be refused")


def _names(id: str) -> tuple[str, ...]:
    spec = oracle.spec(id)
    return (spec.name, *spec.aliases)


def round_trips(bench: Bench) -> Iterator[RoundTripCheck]:
    """Yield a check for each spec whose configuration a candidate can tell."""
    for claim in _configurable(bench):
        yield RoundTripCheck(bench, claim, HELD_IN)


def unknown_names(bench: Bench) -> Iterator[UnknownNameCheck]:
    """Yield a check for each spec of a system that the candidate looks up in."""
    for claim in _configurable(bench):
        yield UnknownNameCheck(bench, claim, HELD_IN)


def _configurable(bench: Bench) -> Iterator[Any]:
    """Go through the specs that have a default for everything."""
    seen: set[str] = set()
    for claim in bench.claims():
        spec = oracle.spec(claim.spec)
        known = spec.system.name in bench.implementation.configurations and not spec.required
        if known and claim.spec not in seen and HELD_IN in bench.dtypes:
            yield claim
            seen.add(claim.spec)
