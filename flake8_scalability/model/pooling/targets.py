"""Targets: whether the callers say to what a call connects, or what its connections are made of."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from flake8_scalability.model.language import arguments
from flake8_scalability.model.language.bindings import attribute_targets
from flake8_scalability.model.language.callgraph import Edge, terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.pooling.credentials import CONFIGURED, STEPS, is_static, words_of
from flake8_scalability.model.pooling.retention import Retention
from flake8_scalability.model.sites import CallSite

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

#: The parameters of drivers that say where to connect.
_TARGET = re.compile(
    r"dsn|conninfo|url|uri|hosts?|hostname|database|dbname|db|server|connection_string|server_hostname"
)


def is_built_for_call(site: CallSite, made_of: frozenset[str]) -> bool:
    """Whether what an HTTP client's connections are made of comes with the call: a certificate, a proxy, an adapter."""
    function = site.function
    if function is None:
        return False
    given = [*site.node.args, *(keyword.value for keyword in site.node.keywords if keyword.arg in made_of)]
    names = Retention(site).names
    for node in function.of(ast.Call):
        assert isinstance(node, ast.Call)
        function_called = node.func
        if not isinstance(function_called, ast.Attribute) or function_called.attr != "mount":
            continue
        if terminal_name(function_called.value) in names:
            given += [part for each in node.args[1:] if isinstance(each, ast.Call) for part in each.args]
    for node in function.of(ast.Assign):
        for target, value, _ in attribute_targets(node):
            if target.attr in made_of and terminal_name(target.value) in names and value is not None:
                given.append(value)
    return any(_reads_parameter(value, function, STEPS) for value in given)


def _reads_parameter(node: ast.expr, function: Scope, steps: int) -> bool:
    """Whether an expression is made of a parameter of the function or of one around it."""
    own = function.first_parameter if function.is_method and not is_static(function) else ""
    for part in walk(node):
        if not isinstance(part, ast.Name) or part.id == own:
            continue
        scope: Scope | None = function
        while scope is not None and part.id not in scope.bindings:
            scope = scope.parent
        if scope is None or not scope.is_function:
            continue
        if part.id in scope.parameters:
            return True
        for binding in scope.bindings[part.id] if steps else ():
            if binding.kind == "class":
                return True
            if binding.value is not None and _reads_parameter(binding.value, scope, steps - 1):
                return True
    return False


def target_comes_with_call(site: CallSite) -> bool:
    """Whether the callers say to what the call connects, so that it differs from call to call.

    A parameter that has a default, or to which the file's own callers give what is theirs, is the one target of all.
    """
    function = site.function
    if function is None:
        return False
    given = [*site.node.args[:1], *(each.value for each in site.node.keywords if _TARGET.fullmatch(each.arg or ""))]
    return any(_is_parameter_of_all(value, function, site.source, STEPS) for value in given)


def _is_parameter_of_all(node: ast.expr, function: Scope, source: SourceFile, steps: int) -> bool:
    """Whether an expression is a parameter, or made of one, for which every caller in the file has its own again."""
    if any(CONFIGURED.search(word) for word in words_of(node)):
        return False
    for part in walk(node):
        if not isinstance(part, ast.Name):
            continue
        if part.id in function.parameters and part.id != (function.first_parameter if function.is_method else ""):
            if _has_default(part.id, function):
                continue
            calls = [edge for edge in source.graph.into.get(function, ()) if not edge.handed]
            if all(steps and _is_given_anew(edge, part.id, function, source, steps) for edge in calls):
                return True
        for binding in function.bindings.get(part.id, ()) if steps else ():
            if binding.value is not None and _is_parameter_of_all(binding.value, function, source, steps - 1):
                return True
    return False


def _is_given_anew(edge: Edge, name: str, function: Scope, source: SourceFile, steps: int) -> bool:
    caller = edge.caller.function
    position = list(function.parameters).index(name) - (1 if function.is_method and not is_static(function) else 0)
    argument = arguments.find(edge.node, edge.caller, name, position)
    if caller is None or argument.value is None:
        return False
    return _is_parameter_of_all(argument.value, caller, source, steps - 1)


def _has_default(name: str, function: Scope) -> bool:
    node = function.node
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return False
    positional = [*node.args.posonlyargs, *node.args.args]
    named = [each.arg for each in positional[len(positional) - len(node.args.defaults) :]]
    named += [each.arg for each, default in zip(node.args.kwonlyargs, node.args.kw_defaults) if default is not None]
    return name in named
