"""An argument that is a number, or a count, with the values that cases give it."""

from __future__ import annotations

from typing import Any

from oracle.specification.checks import Check, count, real
from oracle.specification.domains import Count, among
from oracle.specification.draws import Whole
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


def counted(name: str, default: int, doc: str, *values: int, least: int = 0) -> Argument:
    """Return an argument that is a count, of which cases have a coarse value or another one."""
    coarse, other = values
    domain = Count(
        count(least),
        Whole(least, least + 2),
        usual=True,
        on=coarse,
        coarse=(coarse,),
        others=(other,),
        decimals=(coarse,),
    )
    return Argument(name, default, domain, doc)
