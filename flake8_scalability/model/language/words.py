"""Words: every name, key and text that a function's definition holds, gathered in one pass for all who ask."""

from __future__ import annotations

import ast
from typing import NamedTuple

from flake8_scalability.model.language.index import nodes_below


class Words(NamedTuple):
    """What stands in a function, its decorators, parameters and nested functions included.

    names: names that are read or bound, and attributes
    arguments: names of parameters, and of arguments that are given by name
    texts: constants that are texts
    attributes: the attributes as nodes
    awaited: what stands under an `await`
    """

    names: frozenset[str]
    arguments: frozenset[str]
    texts: frozenset[str]
    attributes: tuple[ast.Attribute, ...]
    awaited: tuple[ast.expr, ...]


def words_of(root: ast.AST) -> Words:
    """Return the words of a function's node."""
    names: set[str] = set()
    arguments: set[str] = set()
    texts: set[str] = set()
    attributes: list[ast.Attribute] = []
    awaited: list[ast.expr] = []
    for node in nodes_below(root):
        if isinstance(node, ast.Name):
            names.add(node.id)
        elif isinstance(node, ast.Attribute):
            names.add(node.attr)
            attributes.append(node)
        elif isinstance(node, ast.Constant):
            if isinstance(node.value, str):
                texts.add(node.value)
        elif isinstance(node, (ast.keyword, ast.arg)):
            if node.arg is not None:
                arguments.add(node.arg)
        elif isinstance(node, ast.Await):
            awaited.append(node.value)
    return Words(frozenset(names), frozenset(arguments), frozenset(texts), tuple(attributes), tuple(awaited))
