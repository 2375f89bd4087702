"""An argument that is a number, with the three values that cases give it."""

from __future__ import annotations

from typing import Any

from oracle.specification.checks import Check, real
from oracle.specification.domains import among
from oracle.specification.spec import Argument


def number(name: str, default: Any, doc: str, *values: float, check: Check = real) -> Argument:
    """Return an argument that cases give a coarse value, another one, or a decimal fraction."""
    coarse, other, decimal = values
    domain = among(
        *(coarse, other),
        check=check,
        usual=True,
        on=coarse,
        coarse=(coarse,),
        others=(other,),
        decimals=(decimal,),
    )
    return Argument(name, default, domain, doc)
