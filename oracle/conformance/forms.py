"""What makes a spec run each form of its rule: arguments that are on, and others that are off.

Random runs take the forms in turn. Drawn by chance, a form that two arguments have to ask for comes
in one run of thirty.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import product
from typing import Any, TypeAlias

from oracle.rules.rule import Rule
from oracle.specification.forms import Forms, chosen, deciding
from oracle.specification.spec import Spec

Setting: TypeAlias = Mapping[str, bool]
"""Arguments by name, and whether each of them is on: true, or a number that is not 0."""


def settings_of_forms(spec: Spec, taken: Collection[str]) -> list[list[Setting]]:
    """Return, for each form that the arguments ``taken`` can ask for, the settings that do."""
    forms: dict[int, list[Setting]] = {}
    for setting in _settings(_deciding(spec.forms, taken)):
        forms.setdefault(id(_rule(spec.forms, setting)), []).append(setting)
    return list(forms.values())


def _deciding(forms: Forms, taken: Collection[str]) -> list[str]:
    """Return the arguments that change the rule, whatever the others that are taken may be."""
    names = [name for name in deciding(forms) if name in taken]
    return [
        name
        for name in names
        if any(
            _rule(forms, {**setting, name: True}) is not _rule(forms, {**setting, name: False})
            for setting in _settings(names)
        )
    ]


def _settings(names: Sequence[str]) -> Iterator[Setting]:
    for values in product([False, True], repeat=len(names)):
        yield dict(zip(names, values, strict=True))


def _rule(forms: Forms, setting: Setting) -> Rule | None:
    return chosen(forms, [name for name, on in setting.items() if on]) if forms else None


def values_of(spec: Spec, setting: Setting) -> dict[str, Any]:
    """Return a value for each argument of a setting."""
    off = {name: spec.arguments[name].default for name in setting}
    return {
        name: spec.arguments[name].domain.on if on else off[name] for name, on in setting.items()
    }
