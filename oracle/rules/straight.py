"""What may stand in a rule: straight-line mathematics, which every arithmetic can run.

A rule of somebody's own is read when it is declared. Whatever cannot be run, bounded, printed and
written wrongly is refused in one sentence, with its line and with what may stand there.
"""

from __future__ import annotations

import ast
import difflib
import inspect
import os
import textwrap
from collections.abc import Callable, Collection
from typing import Any, NoReturn

from oracle.arithmetic.base import ACROSS
from oracle.errors import SpecError

_OF_ELEMENTS = {"abs", "ceil", "constant", "cos", "either", "exp", "floor", "log", "maximum"}
_OF_ELEMENTS |= {"minimum", "sign", "sqrt", "where"}
FUNCTIONS = sorted({*_OF_ELEMENTS, *(ACROSS - {"integer", "rearranged"})})
"""What a rule may call of its arithmetic ``xp``."""

FIRST = ("xp", "t", "p", "g")
"""The arithmetic, the number of the step from 1, the parameter, and its gradient."""

_OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow)
_COMPARISONS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
_ELSEWHERE = {
    **{name: f"xp.{name}" for name in FUNCTIONS},
    "max": "xp.maximum",
    "min": "xp.minimum",
    "fabs": "xp.abs",
    "square": "x**2",
    "power": "x**y",
    "pow": "x**y",
    "dot": "xp.matmul",
    "clip": "xp.minimum(xp.maximum(x, low), high)",
    "clamp": "xp.minimum(xp.maximum(x, low), high)",
    "zeros_like": "0 * x",
    "ones_like": "1 + 0 * x",
}
"""What other modules and methods call what a rule can do, and how it is written in a rule."""

_MAY = "a rule may hold + - * / **, comparisons in xp.where, names, numbers, and functions of xp"


def check_rule(function: Callable[..., Any], slots: Collection[str]) -> None:
    """Refuse a function that is no rule with these slots; raises `SpecError`, one sentence."""
    _Reader(function, slots).read()


class _Reader:
    """A rule as it is read from its first line to its last."""

    def __init__(self, function: Callable[..., Any], slots: Collection[str]) -> None:
        self._function = function
        self._slots = list(slots)
        self._name = getattr(function, "__name__", "a rule")
        self._conditions: set[str] = set()
        self._numbers: set[str] = set()

    def read(self) -> None:
        """Raise for the first thing that cannot stand where it does."""
        tree = self._tree()
        self._check_arguments(tree)
        body = tree.body[1:] if ast.get_docstring(tree) is not None else tree.body
        for statement in body[:-1]:
            self._check_statement(statement)
        last = body[-1] if body else tree
        if isinstance(last, ast.Return):
            self._check_return(last)
        else:
            self._check_statement(last)
            self._refuse(last, "is the last line", f"end with `return {self._returned}`")

    def _tree(self) -> ast.FunctionDef:
        file, line = _place(self._function)
        try:
            lines, self._first = inspect.getsourcelines(self._function)
            self._source = textwrap.dedent("".join(lines))
            tree = ast.parse(self._source).body[0]
        except (OSError, TypeError, SyntaxError, IndexError):
            raise SpecError(
                f"{file}:{line}: the source of the rule {self._name} cannot be read: write it as a "
                "`def` in a file"
            ) from None
        self._file = file
        if not isinstance(tree, ast.FunctionDef):
            self._refuse(tree, "is no `def`", "write a rule as a function of its own")
        for decorator in tree.decorator_list[1:]:
            self._refuse(decorator, "is a second decorator", "leave `@oracle.rule` alone there")
        return tree

    def _check_arguments(self, tree: ast.FunctionDef) -> None:
        given = tree.args
        places = [a.arg for a in (*given.posonlyargs, *given.args)]
        named = [a.arg for a in given.kwonlyargs]
        head = f"def {self._name}({', '.join((*FIRST, *self._slots, '*', '<hyperparameters>'))})"
        for other in (given.vararg, given.kwarg):
            if other is not None:
                self._refuse(other, "takes any number of arguments", f"write `{head}`", other.arg)
        for default in (*given.defaults, *(d for d in given.kw_defaults if d is not None)):
            self._refuse(default, "is a default", "give it to the `oracle.Argument` of the spec")
        if tuple(places[: len(FIRST)]) != FIRST or places[len(FIRST) :] != self._slots:
            had = ", ".join(places)
            self._refuse(
                tree, "takes other arguments than its slots ask for", f"write `{head}`", had
            )
        self._numbers |= {*places[1:], *named}
        self._arguments = {*places, *named}

    @property
    def _returned(self) -> str:
        names = ("p_t", *(f"{slot}_t" for slot in self._slots))
        return f"{names[0]}," if len(names) == 1 else ", ".join(names)

    def _check_statement(self, statement: ast.stmt) -> None:
        match statement:
            case ast.Assign([ast.Name(name)], value):
                pass
            case ast.Assign():
                self._refuse(statement, "gives several names at once", "give one name a line")
            case ast.AugAssign(ast.Name(name), _, _):
                self._refuse(statement, "changes a name", f"give the result a new one, `{name}_t`")
            case ast.AnnAssign():
                self._refuse(statement, "says a type", "write `name = formula`")
            case ast.If():
                self._refuse(statement, "is a branch", "write xp.where(condition, a, b)")
            case ast.For() | ast.While():
                remedy = "write the terms out, or loop in a link (`oracle.transformation`)"
                self._refuse(statement, "is a loop", remedy)
            case ast.Return():
                self._refuse(statement, "is not the last line", "return once, at the end")
            case _:
                self._refuse(statement, "is no `name = formula`", _MAY)
        if name in self._arguments:
            self._refuse(statement, f"gives the argument {name} anew", "give it a name of its own")
        if name in self._numbers | self._conditions:
            self._refuse(statement, f"gives {name} a second time", "give it a name of its own")
        (self._conditions if self._is_condition(value) else self._numbers).add(name)

    def _check_return(self, last: ast.Return) -> None:
        values = last.value.elts if isinstance(last.value, ast.Tuple) else [last.value]
        wanted = 1 + len(self._slots)
        if len(values) != wanted or not isinstance(last.value, ast.Tuple):
            count = f"returns {len(values)} value{'s' * (len(values) != 1)}"
            slots = f"{len(self._slots)} slot{'s' * (wanted != 2)}"
            what = f"{count}, and the rule has the parameter and {slots}"
            if len(values) == wanted:
                what = "returns no tuple"
            self._refuse(last, what, f"write `return {self._returned}`")
        for value in values:
            if not isinstance(value, ast.Name):
                assert value is not None
                self._refuse(value, "is returned without a name", "give it one on a line before")
            if self._is_condition(value):
                self._refuse_condition(value)

    def _is_condition(self, node: ast.expr) -> bool:
        """Check an expression, and tell whether it is a comparison rather than a number."""
        match node:
            case ast.Constant(value):
                if isinstance(value, bool) or not isinstance(value, (int, float)):
                    self._refuse(node, "is no number", _MAY)
            case ast.Name(name):
                return self._is_known_condition(node, name)
            case ast.UnaryOp(ast.USub() | ast.UAdd(), operand):
                self._check_number(operand)
            case ast.BinOp(left, operator, right):
                self._check_operator(node, operator)
                self._check_number(left)
                self._check_number(right)
            case ast.Compare(left, operators, several):
                self._check_comparison(node, operators)
                self._check_number(left)
                self._check_number(several[0])
                return True
            case ast.Call():
                self._check_call(node)
            case ast.Attribute():
                self._check_attribute(node)
            case ast.BoolOp() | ast.UnaryOp(ast.Not(), _):
                remedy = "nest them: xp.where(one, xp.where(other, a, b), b)"
                self._refuse(node, "combines comparisons", remedy)
            case ast.IfExp():
                self._refuse(node, "is a branch", "write xp.where(condition, a, b)")
            case ast.Subscript():
                self._refuse(node, "takes an element", "write what is done to the whole array")
            case _:
                self._refuse(node, "is no formula", _MAY)
        return False

    def _is_known_condition(self, node: ast.expr, name: str) -> bool:
        if name in self._conditions:
            return True
        if name in self._numbers:
            return False
        around = getattr(self._function, "__globals__", {}).get(name)
        if name == "xp":
            self._refuse(node, "stands alone", "call a function of it, such as xp.sqrt(v)")
        if isinstance(around, bool) or not isinstance(around, (int, float)):
            remedy = "use an argument of the rule, what a line above computes, or a number"
            if around is None:
                self._refuse(node, "stands nowhere above", remedy)
            self._refuse(node, f"is a {type(around).__name__}, no number", remedy)
        return False

    def _check_number(self, node: ast.expr) -> None:
        if self._is_condition(node):
            self._refuse_condition(node)

    def _refuse_condition(self, node: ast.expr) -> NoReturn:
        text = ast.unparse(node)
        self._refuse(node, "is a comparison, no number", f"write xp.where({text}, 1, 0)")

    def _check_operator(self, node: ast.expr, operator: ast.operator) -> None:
        if isinstance(operator, ast.MatMult):
            self._refuse(node, "multiplies matrices by @", "write xp.matmul(a, b)")
        if isinstance(operator, ast.FloorDiv):
            self._refuse(node, "divides to a whole number", "write xp.floor(a / b)")
        if not isinstance(operator, _OPERATORS):
            self._refuse(node, "uses another operator than + - * / **", _MAY)

    def _check_comparison(self, node: ast.expr, operators: list[ast.cmpop]) -> None:
        if len(operators) > 1:
            remedy = "nest two: xp.where(a < x, xp.where(x < b, 1, 0), 0)"
            self._refuse(node, "compares twice", remedy)
        if not isinstance(operators[0], _COMPARISONS):
            remedy = "compare by <, <=, > or >=; xp.abs(x) <= 0 is where x is 0"
            self._refuse(node, "asks whether numbers are equal", remedy)

    def _check_call(self, call: ast.Call) -> None:
        match call.func:
            case ast.Attribute(ast.Name("xp"), name):
                if name not in FUNCTIONS:
                    self._refuse(call, f"calls xp.{name}, which there is not", _instead(name))
            case ast.Attribute(ast.Name(x), name) if x in self._numbers:
                self._refuse(call, "calls a method, and numbers here have none", _instead(name))
            case ast.Attribute(_, name) | ast.Name(name):
                self._refuse(call, "calls what is no function of xp", _instead(name))
            case _:
                self._refuse(call, "calls what is no function of xp", _MAY)
        for keyword in call.keywords:
            self._refuse(call, f"names the argument {keyword.arg}", "give it by its place")
        for place, argument in enumerate(call.args):
            asks = call.func.attr == "where" and place == 0
            if asks != self._is_condition(argument):
                if not asks:
                    self._refuse_condition(argument)
                remedy = "write xp.where(condition, a, b), such as xp.where(g > 0, a, b)"
                self._refuse(call, "asks for no comparison", remedy)

    def _check_attribute(self, node: ast.Attribute) -> None:
        match node:
            case ast.Attribute(ast.Name("xp"), "pi"):
                return
            case ast.Attribute(_, "pi"):
                self._refuse(node, "is no number of the arithmetic", "write xp.pi")
        what = "asks a number for more than its value"
        self._refuse(node, what, f"{_MAY}; xp.mean(x) is the mean of all elements")

    def _refuse(self, node: Any, what: str, remedy: str, text: str | None = None) -> NoReturn:
        said = text or ast.get_source_segment(self._source, node) or ast.unparse(node)
        shown = said.splitlines()[0]
        line = self._first + node.lineno - 1
        where = f"{self._file}:{line}: in the rule {self._name}"
        raise SpecError(f"{where}, `{shown}` {what}: {remedy}")


def _instead(name: str) -> str:
    """Return what to write for a function that a rule has not."""
    if name in _ELSEWHERE:
        return f"write {_ELSEWHERE[name]}"
    near = difflib.get_close_matches(name, FUNCTIONS, n=1)
    return f"{f'write xp.{near[0]}, or one of' if near else 'xp has'} {', '.join(FUNCTIONS)}"


def _place(function: Callable[..., Any]) -> tuple[str, int]:
    code = getattr(function, "__code__", None)
    file = shown_path(code.co_filename) if code else "somewhere"
    return file, code.co_firstlineno if code else 1


def shown_path(file: str) -> str:
    """Return a path as a sentence shows it: from here, where it lies below."""
    here = os.path.relpath(file) if os.path.isabs(file) else file
    return file if here.startswith(os.pardir) else here
