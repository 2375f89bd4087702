"""Wrong versions of a spec as a whole: other defaults, another order, other rows, other starts."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import combinations
from typing import Any, TypeAlias

from oracle.homes import file_of
from oracle.mutation.surroundings import Make
from oracle.mutation.wrong import Wrong
from oracle.specification.domains import Domain
from oracle.specification.pairs import Pair, default_of_part
from oracle.specification.spec import REQUIRED, Program, Spec
from oracle.specification.transformation import Transformation, merged
from oracle.systems import bundled
from oracle.systems.registered import registered

Chain: TypeAlias = tuple[Transformation, ...]


def wrong_defaults(spec: Spec) -> Iterator[tuple[Wrong, Make]]:
    """Yield the spec with another default for one argument, one for each number taken for it."""
    for name, argument in spec.arguments.items():
        for other in _other_defaults(spec, name, argument.default):
            changed = replace(argument, default=other)
            wrong = Wrong(
                f"{spec.id}:default:{name}={other!r}",
                "default",
                f"{name}={argument.default!r}",
                f"{name}={other!r}",
                _file_of(spec),
            )
            yield wrong, replace(spec, arguments={**spec.arguments, name: changed}).program


def _file_of(spec: Spec) -> str:
    own = registered().get(spec.id)
    return own.file if own else file_of(type(spec.system).__module__)


def _other_defaults(spec: Spec, name: str, default: Any) -> Iterator[Any]:
    """Yield other values that the spec accepts: a flag turned, what other libraries have."""
    if isinstance(default, bool):
        yield not default
    elif isinstance(default, float) and default:
        found = [number for number, _ in other_numbers(spec, name, default)]
        yield from (x for x in found if spec.arguments[name].domain.check(x) is None)
    elif default is not REQUIRED and isinstance(domain := spec.arguments[name].domain, Pair):
        for part, value in zip(domain.parts, default, strict=True):
            found = [number for number, _ in other_numbers(spec, part, value)]
            pairs = [domain.with_part(default, part, x) for x in found]
            yield from (other for other in pairs if domain.check(other) is None)


def other_numbers(spec: Spec, name: str, value: float) -> Iterator[tuple[float, str]]:
    """Yield what may stand where an argument's number belongs, and why; each number once."""
    numbers = {value: "", _default(spec, name): "", math.nan: ""}
    for other in bundled().values():
        numbers.setdefault(_default(other, name), f"the default of {other.id},")
    numbers.setdefault(10 * value, "ten times")
    numbers.setdefault(value / 10, "a tenth")
    numbers.setdefault(1 - value, "its complement")
    return ((number, why) for number, why in numbers.items() if why)


def _default(spec: Spec, name: str) -> float:
    """Return the default of an argument where it is a number, else NaN."""
    known = {name: a for name, a in spec.arguments.items() if a.default is not REQUIRED}
    default = known[name].default if name in known else default_of_part(known, name)
    return float(default) if isinstance(default, float) else math.nan


def wrong_orders(spec: Spec, chains: Iterable[Chain]) -> Iterator[tuple[Wrong, Make]]:
    """Yield the spec with a link of its chain left out, and with two of them exchanged."""
    names = list(dict.fromkeys(link.place for link in merged(chains)))
    for i, name in enumerate(names):
        if name != "update" and len(names) > 1:
            told = f"a step without `{name}`"
            wrong = Wrong(f"{spec.id}:no-stage:{name}.{i}", "no-stage", name, told, _file_of(spec))
            yield wrong, _rearranged(spec, partial(_without, name))
    for one, other in combinations(names, 2):
        told = f"`{other}` in the place of `{one}`, and the other way round"
        id = f"{spec.id}:order:{one}-{other}.{names.index(one)}"
        wrong = Wrong(id, "order", f"{one}, then {other}", told, _file_of(spec))
        yield wrong, _rearranged(spec, partial(_swapped, one, other))


def _without(name: str, chain: Chain) -> Chain:
    return tuple(link for link in chain if link.place != name)


def _swapped(one: str, other: str, chain: Chain) -> Chain:
    named = {link.place: link for link in chain}
    if not named.keys() >= {one, other}:
        return chain
    places = {one: named[other], other: named[one]}
    return tuple(places.get(link.place, link) for link in chain)


def _rearranged(spec: Spec, change: Callable[[Chain], Chain]) -> Make:
    def make(hyper: Mapping[str, Any] | None) -> Program:
        program = spec.program(hyper)
        return replace(program, stages=change(program.stages))

    return make


def wrong_asks(spec: Spec, programs: Iterable[Program]) -> Iterator[tuple[Wrong, Make]]:
    """Yield the spec with an argument that asks for its link wherever it is given, be it 0."""
    asked = (name for program in programs for link in program.links for name in link.asks)
    for name in dict.fromkeys(asked):
        argument = spec.arguments[name]
        plain = type(argument.domain).is_on is Domain.is_on
        if plain and argument.domain.number and not argument.domain.is_on(0.0):
            domain = replace(argument.domain, zero_is_on=True)
            arguments = {**spec.arguments, name: replace(argument, domain=domain)}
            told = (f"{name}=0 is none", f"{name}=0 is taken as every other number")
            wrong = Wrong(f"{spec.id}:asks:{name}", "asks", *told, _file_of(spec))
            yield wrong, replace(spec, arguments=arguments).program


def wrong_rows(spec: Spec) -> Iterator[tuple[Wrong, Make]]:
    """Yield the spec with a sparse gradient that moves other rows, or moves them otherwise."""
    for flag in ("moves_all_params", "moves_all_slots", "each_occurrence"):
        if spec.sparse is not None:
            value = getattr(spec.sparse, flag)
            told = (f"{flag}={value}", f"{flag}={not value}")
            other: dict[str, Any] = {flag: not value}
            changed = replace(spec, sparse=replace(spec.sparse, **other))
            yield Wrong(f"{spec.id}:rows:{flag}", "rows", *told, _file_of(spec)), changed.program


def wrong_starts(spec: Spec, programs: Iterable[Program]) -> Iterator[tuple[Wrong, Make]]:
    """Yield the spec with another start of a slot that is not the rule's own."""
    slots = {name: slot for program in programs for name, slot in program.slots.items()}
    of_rules = {name for program in programs for name in program.rule.slots}
    for name, slot in slots.items():
        if name not in of_rules and slot.initial == 0 and not slot.hidden:
            wrong = Wrong(
                f"{spec.id}:start:{name}", "start", f"{name} starts at 0", "at 1", _file_of(spec)
            )
            yield wrong, _started(spec, name)


def _started(spec: Spec, name: str) -> Make:
    def make(hyper: Mapping[str, Any] | None) -> Program:
        program = spec.program(hyper)
        if name not in program.slots:
            return program
        slots = {**program.slots, name: replace(program.slots[name], initial=1)}
        return replace(program, slots=slots)

    return make
