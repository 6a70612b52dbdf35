"""Pages for those who run the service: few people open them, so that what they cost is paid seldom."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from flake8_scalability.catalog.text_search import OPERATORS, OPERATORS_ONLY
from flake8_scalability.project import page_calls

if TYPE_CHECKING:
    from flake8_scalability.model.language.scopes import Scope
    from flake8_scalability.model.source import SourceFile

_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def only(scope: Scope, source: SourceFile) -> bool:
    """Whether only the people who run the service get there, by names, the signature, the class or the router."""
    if any(OPERATORS.search(part) for name in source.path_parts for part in name.split(".")):
        return True
    functions = [each for each in (scope.function, source.place(scope).via) if each is not None]
    if page_calls.is_router_of_operators(source.text) or any(map(_lets_in_operators, functions)):
        return True
    return any(
        OPERATORS.search(name) is not None
        for function in functions
        for name in (function.name, _HUMPS.sub("_", function.owner.name) if function.owner is not None else "")
    )


def _lets_in_operators(function: Scope) -> bool:
    """Whether the signature or a decorator of a function, or what its class asks for, names operators."""
    node = function.node
    assert isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    owner = function.owner
    asked = owner.bindings.get("permission_classes", ()) if owner is not None else ()
    bases = owner.node.bases if owner is not None and isinstance(owner.node, ast.ClassDef) else []
    said = [page_calls.head(node), *(ast.unparse(each.value) for each in asked if each.value is not None)]
    said += map(ast.unparse, bases)
    return any(OPERATORS_ONLY.search(text) for text in said)
