"""What the operations of a device may lose, all of them: a declaration, in code or in a file."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, TypeAlias

from oracle.dtypes import DTYPES, FloatType, float_type
from oracle.errors import ImplementationError
from oracle.operations.loss import Accuracy, AnyAccuracy, ThroughLogarithm, from_json

NAMES = ("add", "multiply", "divide", "sqrt", "rsqrt", "exp", "log", "cos", "power")
"""The operations; ``add`` is that of differences, too."""

FACTORS: Mapping[str, FloatType] = {
    "tfloat32": FloatType("tfloat32", 19, 11, -126, 128),
    "bfloat16": float_type("bfloat16"),
}
"""The types to which the operands of matrix products may be rounded, all of float32's range."""
NEAREST, STOCHASTIC = "nearest", "stochastic"


@dataclass(frozen=True)
class Operations:
    """By operation, its loss, and what else a device does to numbers.

    What is not named is correctly rounded; ``exp``, ``log``, ``cos`` and ``power`` lose 4 ulp then.
    Roots and quotients are formed in every honest way: x * (1/y) is one of x/y. It all holds in the
    type that a candidate computes in. Numbers made of hyperparameters in another one, such as
    Python's floats, are the host's, and correctly rounded.
    """

    losses: Mapping[str, AnyAccuracy] = field(default_factory=dict)
    flushes_subnormals: bool = False
    stored: str = NEAREST
    """How numbers are rounded to the type in which they are kept: ``stochastic`` is either way."""
    accumulator: str | None = None
    """The type in which the terms of sums and of matrix products are added up."""
    products: str | None = None
    """The type to which the operands of matrix products are rounded first, such as tfloat32."""
    name: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        for name, loss in self.losses.items():
            _check_loss(name, loss)
        ordered = {name: self.losses[name] for name in NAMES if name in self.losses}
        object.__setattr__(self, "losses", ordered)
        _check("flushes_subnormals", self.flushes_subnormals, (False, True))
        _check("stored", self.stored, (NEAREST, STOCHASTIC))
        _check("accumulator", self.accumulator, (None, *DTYPES))
        _check("products", self.products, (None, *FACTORS))

    def __hash__(self) -> int:
        return hash(self.text)

    @property
    def text(self) -> str:
        """The declaration as a file holds it."""
        return json.dumps(self.as_json(), indent=2, sort_keys=True) + "\n"

    def as_json(self) -> dict[str, Any]:
        """Return all that differs from exact operations, as JSON has it."""
        losses = {name: loss.as_json() for name, loss in self.losses.items()}
        options = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "losses"}
        standard = {f.name: f.default for f in fields(self)}
        return losses | {name: v for name, v in options.items() if v != standard[name]}

    def loss(self, operation: str) -> Accuracy | None:
        """Return what one operation is declared to lose; a power's may be in its logarithm."""
        loss = self.losses.get(operation)
        return loss if isinstance(loss, Accuracy) else None

    @property
    def logarithmic(self) -> ThroughLogarithm | None:
        """What powers lose that are computed through logarithms."""
        loss = self.losses.get("power")
        return loss if isinstance(loss, ThroughLogarithm) else None

    def without(self, part: str) -> Operations:
        """Return the same without one of `parts`: an operation as exact ones are, or an option."""
        options = {f.name: getattr(self, f.name) for f in fields(self)}
        options["losses"] = {name: loss for name, loss in self.losses.items() if name != part}
        options |= {f.name: f.default for f in fields(self) if f.name == part}
        return Operations(**options)

    @property
    def told(self) -> str:
        """The declaration in a line of words."""
        losses = [f"{name} {loss}" for name, loss in self.losses.items()]
        options = [part.replace("_", " ") for part in self.parts if part not in self.losses]
        held = [str(getattr(self, part)) for part in self.parts if part not in self.losses]
        named = [o if h == "True" else f"{o} {h}" for o, h in zip(options, held, strict=True)]
        told = ", ".join([*losses, *named])
        return f"{self.name} ({told})" if self.name else told

    @property
    def parts(self) -> tuple[str, ...]:
        """What is looser, or other, than exact operations: operations and options by name."""
        return tuple(name for name in self.as_json() if name not in ("name", "source"))


Declared: TypeAlias = "Operations | Mapping[str, AnyAccuracy] | str | Path | None"
"""A declaration, or the losses of one, or the name of a platform, or a file."""
OperationsDeclaration: TypeAlias = "Declared | Callable[[str, str], Declared]"
"""The same, or a function of the case's dtype and of the device, "" where none was named."""


def read(path: Path) -> Operations:
    """Return the declaration in a file, as `oracle measure` writes it.

    Raises `ImplementationError` where it cannot be read, with the place and the remedy.
    """
    try:
        stated = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ImplementationError(f"operations={str(path)!r}: {error.strerror}") from error
    except ValueError as error:
        raise ImplementationError(f"operations={str(path)!r} is no JSON: {error}") from error
    return from_object(stated)


def from_object(stated: Any) -> Operations:
    """Return the declaration that a file or a worker states as an object of JSON."""
    if not isinstance(stated, Mapping):
        raise ImplementationError(f"operations are an object of JSON, not {stated!r}")
    options = {f.name for f in fields(Operations)} - {"losses"}
    for name in stated.keys() - options - set(NAMES):
        raise ImplementationError(f"operations: {name!r} is none; use {_known()}")
    losses = {name: from_json(name, stated[name]) for name in NAMES if name in stated}
    return Operations(losses, **{name: stated[name] for name in options & stated.keys()})


def _check_loss(name: str, loss: Any) -> None:
    if name not in NAMES:
        raise ImplementationError(f"operations: {name!r} is none; use {_known()}")
    if isinstance(loss, ThroughLogarithm) and name != "power":
        raise ImplementationError(f"operations: only a power is an exp2(b * log2(a)), not {name}")
    if not isinstance(loss, (Accuracy, ThroughLogarithm)):
        raise ImplementationError(
            f"operations: {name} has {loss!r}; give a loss, such as oracle.operations.ulp(2)"
        )
    if name in ("add", "multiply") and isinstance(loss, Accuracy) and loss != Accuracy(loss.ulp):
        raise ImplementationError(
            f"operations: {name} may lose ulp, as in ulp(1), and nothing else"
        )


def _check(option: str, value: Any, known: tuple[Any, ...]) -> None:
    if value not in known:
        names = " or ".join(repr(name) for name in known if name is not None)
        raise ImplementationError(f"operations: {option}={value!r} is unknown; use {names}")


def _known() -> str:
    options = [f.name for f in fields(Operations) if f.name != "losses"]
    return f"{', '.join(NAMES)}, or {', '.join(options)}"


EXACT = Operations()
