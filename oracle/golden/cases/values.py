"""Values for the arguments of a spec: they follow from the domains of the arguments.

``coarse`` values have few bits, so that float16 and bfloat16 carry them exactly, and steps so long
that half types can see them; ``other`` values do it differently and reach what ``coarse`` leaves at
its default; ``alone`` values are decimal fractions, which no binary type carries exactly.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from oracle.specification.forms import deciding
from oracle.specification.options import demanded
from oracle.specification.spec import Spec


@dataclass(frozen=True)
class Values:
    """Three settings of a spec's own arguments."""

    coarse: Mapping[str, Any]
    other: Mapping[str, Any]
    alone: Mapping[str, Any]
    required: Mapping[str, Any]
    """Values for the arguments without a default, where a case sets nothing else."""
    why: Mapping[str, str]
    """What an argument claims."""


def values_of(spec: Spec) -> Values:
    """Return the settings of a spec's own arguments, those that its rule or every step reads."""
    options = set(options_around(spec))
    own = [name for name in spec.arguments if name not in options]
    required = demanded(spec)
    return Values(
        {**required, **_given(spec, own, "coarse")},
        {**required, **_given(spec, own, "others")},
        _given(spec, own, "decimals"),
        required,
        {name: claim(spec, name) for name in spec.arguments},
    )


def options_around(spec: Spec) -> list[str]:
    """Return the options that ask for links around the rule, and what says nothing without them."""
    rules = [rule for forms in (spec.forms, spec.apart) for rule in forms.values()]
    read = {spec.names.get(name, name) for rule in rules for name in rule.hyper}
    read |= {name for name in spec.arguments if name in deciding(spec.forms)}
    found: list[str] = []
    for name, argument in spec.arguments.items():
        follows = any(other in found for other in argument.needs)
        if follows or (argument.is_option and name not in read):
            found.append(name)
    return found


def switched_on(spec: Spec, names: Sequence[str]) -> dict[str, Any]:
    """Return a value for each of some options with which it has an effect."""
    return {name: spec.arguments[name].domain.on for name in names} | _given(spec, names, "others")


def claim(spec: Spec, name: str) -> str:
    """Return what a case claims that moves an argument alone."""
    return f"{name} alone: {spec.arguments[name].doc.split(';')[0]}"[:_LONGEST]


_LONGEST = 90


def _given(spec: Spec, names: Sequence[str], setting: str) -> dict[str, Any]:
    """Return a value for each argument that its domain has one for in a setting.

    Where several arguments have the same values to choose from, each has the next one, so that two
    are never alike.
    """
    found: dict[str, Any] = {}
    met = Counter[str]()
    for name in names:
        domain = spec.arguments[name].domain
        several = [v for v in getattr(domain, setting) if domain.check(v) is None]
        if several:
            found[name] = several[met[repr(several)] % len(several)]
            met[repr(several)] += 1
    return found
