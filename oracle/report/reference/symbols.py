"""The symbol of each name in a rule: ``beta_1`` is a Greek letter, a slot has its step below it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from oracle.report.reference.latex import UntranslatableError

_GREEK = frozenset(
    {"alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "kappa", "lambda"}
    | {"mu", "nu", "xi", "pi", "rho", "sigma", "tau", "phi", "chi", "psi", "omega"}
)
_HYPERPARAMETERS = {
    "learning_rate": r"\eta",
    "momentum": r"\mu",
    "weight_decay": r"\lambda",
    "schedule_decay": r"\psi",
    "learning_rate_power": r"\kappa",
    "l1_regularization_strength": r"\lambda_1",
    "l2_regularization_strength": r"\lambda_2",
    "l2_shrinkage_regularization_strength": r"\lambda_{\mathrm{shrinkage}}",
}
_STEMS = {"mg": r"\bar{g}", "product": r"\Pi", "mu_product": r"\Pi"}
"""What papers call a name that is not a letter."""
DIRECTIONS = frozenset({"u_t", "d_t"})
"""What rules call a direction that they return in the place of a parameter."""
_ACCENTS = {"hat": r"\hat", "bar": r"\bar", "tilde": r"\tilde"}
_LETTER_AND_DIGITS = re.compile(r"([a-z]+?)(\d+)")
_TIMES = {"t": "t", "next": "t+1"}


class Symbol(NamedTuple):
    """A letter or word, what stands below it, and the step it belongs to."""

    stem: str
    below: tuple[str, ...] = ()
    time: str = ""

    @property
    def text(self) -> str:
        """Return the symbol as LaTeX."""
        below = ",".join((*self.below, self.time) if self.time else self.below)
        if not below:
            return self.stem
        return f"{self.stem}_{below}" if len(below) == 1 else f"{self.stem}_{{{below}}}"

    def at(self, time: str) -> Symbol:
        """Return the same symbol at a step."""
        return self._replace(time=time)


def symbols(function: ast.FunctionDef) -> dict[str, str]:
    """Return the symbols of a rule's arguments and of all that it assigns."""
    _, _, parameter, gradient, *slots = (argument.arg for argument in function.args.args)
    hyper = [argument.arg for argument in function.args.kwonlyargs]
    assigned = {slot: parsed(slot) for slot in slots}
    found = {"t": "t", parameter: r"\theta_{t-1}", gradient: "g_t"}
    found.update({slot: symbol.at("t-1").text for slot, symbol in assigned.items()})
    _, *after = returned(function)
    results = dict(zip(after, assigned.values(), strict=True))
    wanted = {name: _HYPERPARAMETERS.get(name) or parsed(name).text for name in hyper}
    varying = _varying(function)
    for name, _ in _assignments(function):
        symbol = results.get(name) or parsed(name)
        time = symbol.time or ("t" if name in varying else "")
        wanted[name] = symbol.at("t" if name in results else time).text
    first = returned(function)[0]
    wanted[first] = parsed(first).text if first in DIRECTIONS else r"\theta_t"
    return _distinct(found, wanted)


def returned(function: ast.FunctionDef) -> list[str]:
    """Return the names of what a rule returns: the parameter and its slots after the step."""
    match function.body[-1]:
        case ast.Return(value=ast.Tuple(elts=elements)):
            names = [element.id for element in elements if isinstance(element, ast.Name)]
            if len(names) == len(elements):
                return names
    raise UntranslatableError(
        f"{function.name} does not end by returning the names of the parameter and its slots"
    )


def parsed(name: str) -> Symbol:
    """Return the symbol that a name spells: ``v_max`` is v with max below, ``m_hat`` m with a hat.

    A name that does not begin with a letter, Greek or not, is written out.
    """
    first, *rest = name.split("_")
    if name in _STEMS:
        return Symbol(_STEMS[name])
    if first in _STEMS or first in _GREEK or len(first) == 1:
        return _decorated(Symbol(_STEMS.get(first) or _letter(first)), rest)
    numbered = _LETTER_AND_DIGITS.fullmatch(first)
    if numbered and (numbered[1] in _GREEK or len(numbered[1]) == 1):
        return _decorated(Symbol(_letter(numbered[1]), (numbered[2],)), rest)
    if rest and rest[-1] in _TIMES:
        return word("_".join((first, *rest[:-1]))).at(_TIMES[rest[-1]])
    return word(name)


def word(name: str) -> Symbol:
    """Return a name written out in upright letters."""
    escaped = name.replace("_", r"\_")
    return Symbol(rf"\mathrm{{{escaped}}}")


def _letter(name: str) -> str:
    if name == "l":
        return r"\ell"
    return rf"\{name}" if name in _GREEK else name


def _decorated(symbol: Symbol, parts: Sequence[str]) -> Symbol:
    for part in parts:
        if part in _ACCENTS:
            symbol = symbol._replace(stem=f"{_ACCENTS[part]}{{{symbol.stem}}}")
        elif part in _TIMES:
            symbol = symbol.at(_TIMES[part])
        else:
            symbol = symbol._replace(below=(*symbol.below, _below(part)))
    return symbol


def _below(part: str) -> str:
    if part in ("max", "min"):
        return rf"\{part}"
    return part if part.isdigit() or len(part) == 1 else rf"\mathrm{{{part}}}"


def _assignments(function: ast.FunctionDef) -> Iterable[tuple[str, ast.expr]]:
    for statement in function.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                yield name, value


def _varying(function: ast.FunctionDef) -> set[str]:
    """Return what is computed, at whatever remove, from more than hyperparameters."""
    varying = {argument.arg for argument in function.args.args[1:]}
    for name, value in _assignments(function):
        if varying & {node.id for node in ast.walk(value) if isinstance(node, ast.Name)}:
            varying.add(name)
    return varying


def _distinct(taken: dict[str, str], wanted: dict[str, str]) -> dict[str, str]:
    """Write a name out where its symbol means another name already."""
    found = dict(taken)
    for name, symbol in wanted.items():
        if name in taken:
            continue
        found[name] = word(name).text if symbol in found.values() else symbol
    return found
