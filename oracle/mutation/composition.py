"""Wrong versions of a spec around its rule: arguments with defaults that are another library's."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from oracle.mutation.versions import Wrong
from oracle.systems import spec as find_spec
from oracle.systems import specs
from oracle.systems.base import Spec


def wrong_defaults(spec: Spec) -> Iterator[tuple[Wrong, Spec]]:
    """Yield the spec with another default for one argument, one for each number taken for it."""
    for name, argument in spec.arguments.items():
        for other in _other_defaults(spec, name, argument.default):
            changed = replace(argument, default=other)
            wrong = Wrong(
                f"{spec.id}:default:{name}={other!r}",
                "default",
                f"{name}={argument.default!r}",
                f"{name}={other!r}",
                f"{type(spec.library).__module__.replace('.', '/')}.py",
            )
            yield wrong, replace(spec, arguments={**spec.arguments, name: changed})


def _other_defaults(spec: Spec, name: str, default: Any) -> Iterator[Any]:
    """Yield other values that the spec accepts: a flag turned, what other libraries have."""
    if isinstance(default, bool):
        yield not default
    elif isinstance(default, float) and default:
        found = [number for number, _ in other_numbers(spec, name, default)]
        yield from (x for x in found if spec.arguments[name].check(x) is None)


def other_numbers(spec: Spec, name: str, value: float) -> Iterator[tuple[float, str]]:
    """Yield what may stand where an argument's number belongs, and why; each number once."""
    numbers = {value: "", _default(spec, name): "", math.nan: ""}
    for other in map(find_spec, specs()):
        numbers.setdefault(_default(other, name), f"the default of {other.id},")
    numbers.setdefault(10 * value, "ten times")
    numbers.setdefault(value / 10, "a tenth")
    numbers.setdefault(1 - value, "its complement")
    return ((number, why) for number, why in numbers.items() if why)


def _default(spec: Spec, name: str) -> float:
    """Return the default of an argument where it is a number, else NaN."""
    argument = spec.arguments.get(name)
    default = argument.default if argument else None
    return float(default) if isinstance(default, float) else math.nan
