"""Syntax trees of formulas: taken apart, put together otherwise, and written."""

from __future__ import annotations

import ast
from ast import Add, BinOp, Constant, Div, Mult, Pow, Sub, UnaryOp, USub
from functools import lru_cache
from typing import Any


@lru_cache(maxsize=2**10)
def line_of(statement: ast.AST) -> str:
    """Return a statement as a rule would write it; nobody edits the tree in place afterwards."""
    return ast.unparse(statement).replace(" ** ", "**")


def rebuilt(tree: Any, old: ast.AST, new: ast.AST) -> Any:
    """Return a copy of a tree with ``new`` in the place of one node."""
    if tree is old:
        return new
    if isinstance(tree, list):
        return [rebuilt(item, old, new) for item in tree]
    if not isinstance(tree, ast.AST):
        return tree
    fields = {name: rebuilt(value, old, new) for name, value in ast.iter_fields(tree)}
    return ast.copy_location(type(tree)(**fields), tree)


def rebuilt_at(tree: Any, original: ast.AST, node: ast.AST, new: ast.AST) -> Any:
    """Return a copy of a tree edited before, with ``new`` where ``node`` was in the original."""
    if original is node:
        return new
    if isinstance(original, list):
        pairs = zip(tree, original, strict=True)
        return [rebuilt_at(item, was, node, new) for item, was in pairs]
    if not isinstance(original, ast.AST) or type(tree) is not type(original):
        return tree
    fields = {
        name: rebuilt_at(getattr(tree, name), value, node, new)
        for name, value in ast.iter_fields(original)
    }
    return ast.copy_location(type(original)(**fields), original)


def names_in(tree: ast.AST) -> set[str]:
    """Return the names that a tree mentions."""
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


class _Simpler(ast.NodeTransformer):
    """Leaves out what changes no number, from the inside to the outside."""

    def visit_BinOp(self, node: BinOp) -> ast.expr:
        """Return a simpler expression of the same value."""
        self.generic_visit(node)
        match node:
            case BinOp(x, Mult() | Div() | Pow(), Constant(1)) | BinOp(Constant(1), Mult(), x):
                return x
            case BinOp(x, Add() | Sub(), Constant(0)) | BinOp(Constant(0), Add(), x):
                return x
            case BinOp(Constant(0), Sub(), x):
                return UnaryOp(USub(), x)
            case BinOp(BinOp(x, Sub(), Constant(a)), Add(), Constant(b)) if a == b:
                return x
        return node


def simplified(statement: ast.stmt) -> ast.stmt:
    """Return a statement without ``1 *``, ``**1``, ``+ 0`` and the like."""
    copy = ast.parse(ast.unparse(statement)).body[0]
    simple: ast.stmt = _Simpler().visit(copy)
    return ast.copy_location(simple, statement)
