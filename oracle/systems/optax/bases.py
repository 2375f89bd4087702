"""What the wrappers of `optax.contrib` may be given: what all wrappers may, and chains of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from oracle.specification.checks import Check
from oracle.specification.domains import Optimizer
from oracle.specification.spec import REQUIRED, Argument
from oracle.specification.wrapped import Wrappable
from oracle.systems.optax.chain import CHAIN
from oracle.systems.optax.wrapped import ADAM, DRAWN, MOMENTUM, PLAIN, RMSPROP, SLOW, WRAPPED

BASES = Wrappable({**WRAPPED.specs, CHAIN.name: CHAIN})


def base_optimizer(
    name: str,
    doc: str = "the optimizer",
    coarse: Mapping[str, Any] = MOMENTUM,
    other: Mapping[str, Any] = ADAM,
    decimal: Mapping[str, Any] = RMSPROP,
    without: Collection[str] = (),
    why: str = "",
) -> Argument:
    """Return the argument that is a wrapped optimizer."""
    domain = Optimizer(
        _check(without, why),
        DRAWN,
        on=PLAIN,
        counting=SLOW,
        coarse=(coarse,),
        others=(other,),
        decimals=(decimal,),
        spec_of=BASES.specs.get,
    )
    return Argument(name, REQUIRED, domain, f"{doc}: its class_name and config")


def _check(without: Collection[str], why: str) -> Check:
    """Return the check of an optimizer, some classes left out wherever they stand."""
    whole = BASES.check(without, why)

    def is_optimizer(value: Any) -> str | None:
        if fault := whole(value):
            return fault
        parts = value["config"]["args"] if value["class_name"] == CHAIN.name else []
        return next((fault for part in parts if (fault := whole(part))), None)

    return is_optimizer
