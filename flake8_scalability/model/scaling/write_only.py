"""Values that are read for no other reason than to be changed and written back: nobody misses what is lost of them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_scalability.catalog import updates as catalog
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.walking import walk
from flake8_scalability.project import mentions

if TYPE_CHECKING:
    from collections.abc import Collection

    from flake8_scalability.model.language.scopes import Scope
    from flake8_scalability.model.source import SourceFile

#: Calls that give what they are given in another form.
_FORMS = frozenset({"loads", "dumps", "dict", "list", "set"})
_TESTS = (ast.In, ast.NotIn, ast.Is, ast.IsNot)


def word_of(key: ast.expr, function: Scope) -> str:
    """Return the longest word that is written out in a key, or in what its name is bound to; "" where none is."""
    bindings = function.bindings.get(key.id, []) if isinstance(key, ast.Name) else []
    known = bindings[0].value if len(bindings) == 1 else key
    parts = walk(known) if known is not None else ()
    texts = [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    return max((text for text in texts if text.isidentifier()), key=len, default="")


def only_writes(names: Collection[str], write: ast.Call, function: Scope, source: SourceFile) -> bool:
    """Whether a function does nothing with what its names hold but to change it and to hand it to the write."""
    parents = source.parents(function)
    return not any(
        isinstance(node, ast.Name) and node.id in names and _decides(node, names, write, parents)
        for node in walk(function.node)
    )


def _decides(node: ast.AST, names: Collection[str], write: ast.Call, parents: dict[ast.AST, ast.AST]) -> bool:
    """Whether a use of what was read matters to anything else than what is written."""
    child, parent = node, parents[node]
    while True:
        if parent is write or isinstance(parent, ast.Delete):
            return False
        if isinstance(parent, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
            targets = parent.targets if isinstance(parent, ast.Assign) else [parent.target]
            return any(_root(target) not in names for target in targets)
        if isinstance(parent, ast.Compare):
            return not all(isinstance(each, _TESTS) for each in parent.ops)
        if isinstance(parent, ast.Call) and terminal_name(parent.func) not in _FORMS:
            return child is not parent.func or terminal_name(parent.func) not in catalog.MUTATING
        if isinstance(parent, ast.stmt):
            return not isinstance(parent, ast.If)
        child, parent = parent, parents[parent]


def _root(node: ast.AST) -> str:
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def is_spelled_elsewhere(word: str, functions: Collection[Scope], source: SourceFile) -> bool:
    """Whether anything but some functions of a file spells a word of a key; True where the project is not in sight."""
    if source.settings.no_project or mentions.is_mentioned_elsewhere(word, source.filename) is not False:
        return True
    inside = {node for function in functions for node in walk(function.node)}
    return any(
        isinstance(node, ast.Constant) and word in str(node.value) and node not in inside for node in walk(source.tree)
    )
