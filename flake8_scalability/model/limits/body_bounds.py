"""Bounds: whether something sees to it that what is read into memory as a whole is not too large."""

from __future__ import annotations

import ast
import re

from flake8_scalability.catalog import bodies
from flake8_scalability.catalog.project_facts import Fact
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.limits.bodies import Whole
from flake8_scalability.model.limits.callers import Callers, callers_of, is_in_backstage
from flake8_scalability.model.running import operators
from flake8_scalability.model.source import SourceFile

_SIZE = re.compile(r"(?i)(content[-_ ]?length|size|(^|_)max|limit|(^|_)len(gth)?$|bytes_read|total)")
_CHECKS = re.compile(bodies.CHECKERS)


def is_bounded(whole: Whole, source: SourceFile) -> bool:
    """Whether the function looks at a size, or calls something whose name says that it does."""
    function = whole.scope.function
    if function is None:
        return True
    answers, key = source.answers, ("looks at a size", function)
    if key not in answers:
        answers[key] = (
            _looks_at_size(function)
            or any(
                edge.caller.function is not None and _looks_at_size(edge.caller.function)
                for edge in source.graph.into.get(function, ())
            )
            or _has_loader(function)
            or (whole.sent and _limited_before(function, source))
        )
    return answers[key]


def _has_loader(function: Scope) -> bool:
    """Whether a loader of the project's own reads what a handler is given: `@use_args(..., location="uploads")`."""
    return any(
        keyword.arg == "location"
        and isinstance(keyword.value, ast.Constant)
        and keyword.value.value not in bodies.LOCATIONS
        for decorator in function.decorators
        if isinstance(decorator, ast.Call)
        for keyword in decorator.keywords
    )


def _limited_before(function: Scope, source: SourceFile) -> bool:
    """Whether a helper reads what a form or serializer of the project, as its settings say, has measured before."""
    return function not in source.places.handlers and source.project_says(Fact.UPLOAD_LIMIT)


def is_of_operators(whole: Whole, source: SourceFile) -> bool:
    """Whether only those who run the service send what is read."""
    if is_in_backstage(source):
        return True
    function = whole.scope.function
    if function is not None and (operators.turns_others_away(function) or operators.says_so(function)):
        return True
    those = [each for each in source.endpoints if each.function is function]
    return any(callers_of(each, source) is Callers.OPERATORS for each in those)


def _looks_at_size(function: Scope) -> bool:
    for node in walk(function.node):
        if isinstance(node, ast.Compare) and _speaks_of_size(node):
            return True
        if isinstance(node, (ast.Call, ast.Name, ast.Attribute)):
            name = terminal_name(node.func if isinstance(node, ast.Call) else node)
            if _CHECKS.search(name):
                return True
    return False


def _speaks_of_size(test: ast.Compare) -> bool:
    if not any(isinstance(operator, (ast.Gt, ast.GtE, ast.Lt, ast.LtE)) for operator in test.ops):
        return False
    for part in walk(test):
        word = part.value if isinstance(part, ast.Constant) else terminal_name(part)
        if isinstance(word, str) and _SIZE.search(word):
            return True
    return False
