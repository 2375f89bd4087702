"""An argument that is a pair of numbers, such as Adam's ``betas``; each enters the arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from oracle.specification.checks import Check
from oracle.specification.domains import Domain
from oracle.specification.draws import Draws, Pairs
from oracle.specification.spec import Argument, Hyper

BOTH = 2


@dataclass(frozen=True)
class Pair(Domain):
    """Two numbers, each with a domain of its own, and with the name by which rules call it."""

    number: bool = False
    parts: Mapping[str, Domain] = field(default_factory=dict)
    """The domain of each of the two, by its name, in their order."""

    @property
    def domains(self) -> tuple[Domain, ...]:
        """The domains of the two numbers."""
        return tuple(self.parts.values())

    def draws(self, dtype: str) -> Draws:
        """Return pairs of what is drawn for either."""
        first, second = self.domains
        return Pairs(first, second)

    def slow(self, dtype: str) -> Any:
        """Return a pair under which a count is felt for many steps."""
        values = tuple(domain.slow(dtype) for domain in self.domains)
        return None if None in values else values

    def is_on(self, value: Any) -> bool:
        """Whether there is one; a pair is no switch."""
        return value is not None

    def with_part(self, value: Any, name: str, other: Any) -> tuple[Any, ...]:
        """Return a pair with another number for one of the two."""
        named = zip(self.parts, value, strict=True)
        return tuple(other if part == name else number for part, number in named)


def pair(first: tuple[str, Domain], second: tuple[str, Domain], **more: Any) -> Pair:
    """Return the domain of two named numbers; their values are those of the two domains.

    ``more`` are fields of the domain, such as a ``check`` of what the two have to be together.
    """
    one, other = first[1], second[1]
    between = more.pop("check", lambda value: None)
    values: dict[str, Any] = {
        "exact": (one.exact, _unlike(other.exact, one.exact, other.other)),
        "other": (one.other, _unlike(other.other, one.other, other.exact)),
        "on": (one.on, other.on),
        "usual": one.usual or other.usual,
        "coarse": _together(one.coarse, other.coarse),
        "others": _together(one.others, other.others),
        "decimals": _together(one.decimals, other.decimals),
    }
    check = _check_of(one.check, other.check, between)
    return Pair(check=check, parts=dict((first, second)), **(values | more))


def _unlike(value: Any, other: Any, instead: Any) -> Any:
    return instead if value == other else value


def _together(ones: tuple[Any, ...], others: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the values of the first beside those of the second, no two alike."""
    turned = others[1:] + others[:1] if ones[:1] == others[:1] else others
    filled = zip_longest(ones, turned[: len(ones)], fillvalue=turned[-1] if turned else None)
    return tuple(filled) if ones else ()


def _check_of(first: Check, second: Check, between: Check) -> Check:
    def is_pair(value: Any) -> str | None:
        if not isinstance(value, (tuple, list)) or len(value) != BOTH:
            return "it must be a pair of numbers, such as (0.9, 0.999)"
        for place, check, number in zip(("first", "second"), (first, second), value, strict=True):
            wanted = check(number)
            if wanted is not None:
                return f"of its {place} number, {wanted}"
        return between(value)

    return is_pair


def pairs_in(arguments: Mapping[str, Argument]) -> Iterator[tuple[str, Pair]]:
    """Yield the names of the arguments that are pairs, with their domains."""
    for name, argument in arguments.items():
        if isinstance(argument.domain, Pair):
            yield name, argument.domain


def numbers_of_pairs(arguments: Mapping[str, Argument]) -> dict[str, Callable[[Hyper], Any]]:
    """Return what takes each number of each pair out of the hyperparameters, by its name."""

    def taking(argument: str, index: int) -> Callable[[Hyper], Any]:
        return lambda hyper: hyper[argument][index]

    return {
        part: taking(name, index)
        for name, domain in pairs_in(arguments)
        for index, part in enumerate(domain.parts)
    }


def default_of_part(arguments: Mapping[str, Argument], part: str) -> Any:
    """Return the default of a number that is one of a pair; None where no pair has it."""
    for name, domain in pairs_in(arguments):
        if part in domain.parts:
            return arguments[name].default[list(domain.parts).index(part)]
    return None
