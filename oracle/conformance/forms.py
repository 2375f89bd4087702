"""What makes a spec run each form of its rule: arguments that are on, and others that are off.

Random runs take the forms in turn. Drawn by chance, a form that two arguments have to ask for comes
in one run of thirty.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import product
from typing import Any, TypeAlias

from oracle.errors import OracleError
from oracle.rules.rule import Rule
from oracle.specification.demanded import demanded
from oracle.specification.spec import Spec

Setting: TypeAlias = Mapping[str, bool]
"""Arguments by name, and whether each of them is on: true, or a number that is not 0."""

NUMBERS = ("momentum", "l1_regularization_strength", "l2_shrinkage_regularization_strength")
"""The numbers whose being 0 may decide on the form."""

_ON = 0.5


def settings_of_forms(spec: Spec, taken: Collection[str]) -> list[list[Setting]]:
    """Return, for each form that the arguments ``taken`` can ask for, the settings that do."""
    deciding = _deciding(spec, taken)
    forms: dict[int, list[Setting]] = {}
    for setting, rule in _runs(spec, deciding):
        forms.setdefault(id(rule), []).append(setting)
    return list(forms.values()) or [[{}]]


def is_number(name: str) -> bool:
    """Whether an argument of a setting is a number."""
    return name in NUMBERS


def _deciding(spec: Spec, taken: Collection[str]) -> list[str]:
    """Return the arguments that, turned on or off, change the rule of some setting."""
    known = [(dict(setting), rule) for setting, rule in _runs(spec, _switches(spec, taken))]
    found = []
    for name in _switches(spec, taken):
        on = [(s, rule) for s, rule in known if s[name]]
        off = {_without(s, name): rule for s, rule in known if not s[name]}
        if any(off.get(_without(s, name), rule) is not rule for s, rule in on):
            found.append(name)
    return found


def _without(setting: Setting, name: str) -> tuple[bool, ...]:
    return tuple(on for other, on in setting.items() if other != name)


def _switches(spec: Spec, taken: Collection[str]) -> list[str]:
    """Return the arguments that may decide, all of them off by default: flags, and some numbers."""
    defaults = {name: spec.arguments[name].default for name in spec.arguments if name in taken}
    return [
        name
        for name, value in defaults.items()
        if value is False or (is_number(name) and value == 0.0)
    ]


def _runs(spec: Spec, names: Collection[str]) -> Iterator[tuple[Setting, Rule]]:
    """Yield the rule that each setting of some arguments runs, the default's first."""
    for values in product([False, True], repeat=len(names)):
        setting = dict(zip(names, values, strict=True))
        hyper: dict[str, Any] = demanded(spec)
        for name, on in setting.items():
            hyper[name] = (_ON if on else 0.0) if is_number(name) else on
        try:
            yield setting, spec.program(hyper).rule
        except OracleError:
            continue
