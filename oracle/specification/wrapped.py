"""The argument that is another optimizer: its class's name and its arguments, as Keras has one.

``{"class_name": "MomentumOptimizer", "config": {"learning_rate": 0.1, "momentum": 0.9}}``
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from oracle.errors import HyperparameterError
from oracle.specification.checks import Check
from oracle.specification.composition import Inner
from oracle.specification.spec import Spec


def serialized(class_name: str, **config: Any) -> Mapping[str, Any]:
    """Return an optimizer as an argument has it."""
    return {"class_name": class_name, "config": config}


@dataclass(frozen=True)
class Wrappable:
    """The classes that a library's wrappers take."""

    specs: Mapping[str, Spec]
    """By the class's name."""
    outside: tuple[str, ...] = ()
    """What is given to a class as a variable or a function, or not when it is built."""

    def check(self, without: Collection[str] = (), why: str = "") -> Check:
        """Return the check of an argument that is an optimizer, some classes (``why``) left out."""

        def is_optimizer(value: Any) -> str | None:
            if not isinstance(value, Mapping) or set(value) != {"class_name", "config"}:
                return (
                    "it must be {'class_name': NAME, 'config': ARGUMENTS}, as Keras serializes one"
                )
            name, config = value["class_name"], value["config"]
            if name not in self.specs:
                near = get_close_matches(str(name), self.specs, 3, 0.3) or list(self.specs)[:3]
                return f"{name!r} is no class that can be wrapped; near it are {', '.join(near)}"
            if name in without:
                return f"{name} {why}"
            return self._config_fault(self.specs[name], config)

        return is_optimizer

    def _config_fault(self, spec: Spec, config: Any) -> str | None:
        if not isinstance(config, Mapping):
            return "its config must be a mapping from arguments to values"
        foreign = [name for name in self.outside if name in config and name in spec.arguments]
        if foreign:
            return f"{spec.id} within a wrapper has no {foreign[0]}"
        try:
            spec.validate(config)
        except HyperparameterError as error:
            return str(error)
        return None

    def inner(self, spec: Spec, hyper: Mapping[str, Any], **imposed: Any) -> Inner:
        """Return the optimizer that a spec's checked arguments wrap, with what is set in it."""
        return self.built(hyper[str(spec.wrapping)], **imposed)

    def built(self, given: Mapping[str, Any], key: str = "", **imposed: Any) -> Inner:
        """Return one optimizer; ``key`` tells it from the others where several are wrapped."""
        name = str(given["class_name"])
        return Inner(name, self.specs[name].program({**given["config"], **imposed}), key)
