"""Whether something in a file, or in the project, holds back who calls an endpoint too often."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from flake8_scalability.catalog import limiters
from flake8_scalability.catalog.project_facts import Fact
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.index import nodes_below
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import children, walk
from flake8_scalability.model.limits.callers import definitions
from flake8_scalability.model.limits.endpoints import Endpoint
from flake8_scalability.model.sites import spelled

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

#: How far a check may be away from the handler, in calls.
MAX_DEPTH = 4
_ASSEMBLING = frozenset({"include_router", "register_blueprint", "add_middleware", "Middleware", "before_request",
                         "register_middleware", "middleware", "on_request", "before_app_request"})  # fmt: skip


def is_limited(endpoint: Endpoint, source: SourceFile) -> bool:
    """Whether a limit of the file holds for an endpoint: its own, its class's, its router's, or one for everything."""
    return _may_limit(source) and (
        _is_limited_itself(endpoint, source)
        or (endpoint.owner is not None and _limits_class(endpoint.owner, source))
        or (bool(endpoint.receiver) and endpoint.receiver in _limited_receivers(source))
    )


def _may_limit(source: SourceFile) -> bool:
    """Whether any word of the file could be that of a limiter: most files have none, and are not searched."""
    known = source.answers.get(("limits", source.module))
    if known is None:
        words = (str(limiters.TOO_MANY), *limiters.DECORATORS)
        said = [word for word in limiters.WORDS if word in source.text_lower]
        known = any(word in source.text for word in words) or any(
            limiters.LIMITS.search(line) is not None
            for line in (source.text_lower.splitlines() if said else ())
            if any(word in line for word in said)
        )
        source.answers["limits", source.module] = known
    return known


def limits_everything(source: SourceFile) -> bool:
    """Whether the file declares a limit for the whole application: middleware, a hook, limits by default."""
    if not _may_limit(source):
        return False
    if source.text_says(Fact.LIMITS_ALL_CALLERS):
        return True
    for name in _ASSEMBLING & source.calls_by_name.keys():
        for call, _ in source.calls_by_name[name]:
            if name not in ("include_router", "register_blueprint") and any(map(_speaks, _arguments(call))):
                return True
    return any(_is_limiting_hook(function, source) for function in source.places.handlers)


def _is_limiting_hook(function: Scope, source: SourceFile) -> bool:
    """Whether a function that runs before every request counts them."""
    return any(
        terminal_name(node.func if isinstance(node, ast.Call) else node) in _ASSEMBLING for node in function.decorators
    ) and any(_counts(each, source) for each in reached_from(function, source))


def _is_limited_itself(endpoint: Endpoint, source: SourceFile) -> bool:
    function = endpoint.function
    if function is None:
        return False
    if any(map(_limits_by_decorator, function.decorators)):
        return True
    node = function.node
    assert isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    injected = [
        *node.args.defaults,
        *node.args.kw_defaults,
        *(each.annotation for each in function.parameters.values()),
    ]
    if any(part is not None and _speaks(part) for part in injected):
        return True
    return any(_counts(each, source) for each in reached_from(function, source))


def _limits_by_decorator(decorator: ast.expr) -> bool:
    callee = decorator.func if isinstance(decorator, ast.Call) else decorator
    if terminal_name(callee) in limiters.DECORATORS:
        return True
    if isinstance(decorator, ast.Call) and terminal_name(callee) in ("get", "post", "put", "patch", "delete", "route",
                                                                     "api_route"):  # fmt: skip
        # A route may be called anything; what is injected into it, or given to it as an option, counts.
        return any(_speaks(keyword.value) or _named(keyword.arg) for keyword in decorator.keywords
                   if keyword.arg not in ("responses", "summary", "description", "tags", "name"))  # fmt: skip
    return _speaks(decorator)


def _nothing(function: Scope) -> bool:
    return False


def reached_from(function: Scope, source: SourceFile, leaves_out: Callable[[Scope], bool] = _nothing) -> list[Scope]:
    """Return a function with the functions of the file that it calls or has injected, directly or not.

    What is left out is not followed either.  Many questions about an endpoint begin with this one.
    """
    known = source.once(_reached)
    if (function, leaves_out) not in known:
        known[function, leaves_out] = _followed(function, source, leaves_out)
    return known[function, leaves_out]


def _reached(source: SourceFile) -> dict[tuple[Scope, Callable[[Scope], bool]], list[Scope]]:
    """What the functions of a file reach, as far as somebody has asked."""
    return {}


def _followed(function: Scope, source: SourceFile, leaves_out: Callable[[Scope], bool]) -> list[Scope]:
    if leaves_out(function):
        return []
    found: dict[Scope, int] = {function: 0}
    todo = [function]
    while todo:
        current = todo.pop()
        if found[current] == MAX_DEPTH:
            continue
        called = [edge.target for scope in current.walk() for edge in source.graph.out_of.get(scope, ())]
        for target in (*called, *_dependencies(current, source)):
            if target not in found and not leaves_out(target):
                found[target] = found[current] + 1
                todo.append(target)
    return list(found)


def _dependencies(function: Scope, source: SourceFile) -> Iterator[Scope]:
    """Yield the functions of the file that `Depends` injects into a function, its route or its router."""
    node = function.node
    assert isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    outside = function.parent or function
    annotations = [each.annotation for each in function.parameters.values()]
    for part in (*node.args.defaults, *node.args.kw_defaults, *annotations, *function.decorators):
        for call in nodes_below(part) if part is not None else ():
            if isinstance(call, ast.Call) and terminal_name(call.func) in ("Depends", "Security") and call.args:
                for value in source.resolver.values(call.args[0], outside):
                    if value.target is not None and value.target.is_function:
                        yield value.target
    for decorator in function.decorators:
        for value in source.resolver.values(decorator.func if isinstance(decorator, ast.Call) else decorator, outside):
            if value.target is not None and value.target.is_function:
                yield value.target


def _counts(function: Scope, source: SourceFile) -> bool:
    """Whether a function's body refuses who comes too often: it calls a limiter, or answers 429."""
    if ("counts", function) not in source.answers:
        source.answers["counts", function] = _is_counting(function)
    return source.answers["counts", function]


def _is_counting(function: Scope) -> bool:
    assert isinstance(function.node, (ast.FunctionDef, ast.AsyncFunctionDef))
    return (
        _named(function.name)
        or any(_speaks(statement) for statement in function.node.body)
        or any(_bounds_tries(node) for node in nodes_below(function.node))
    )


def _bounds_tries(node: ast.AST) -> bool:
    """Whether a comparison asks how often somebody has tried: `session["attempts"] >= 5`."""
    if not isinstance(node, ast.Compare) or not isinstance(node.ops[0], (ast.Gt, ast.GtE, ast.Lt, ast.LtE)):
        return False
    said = (part.value if isinstance(part, ast.Constant) else terminal_name(part) for part in walk(node))
    return any(isinstance(word, str) and limiters.TRIES.search(word) is not None for word in said)


def _limits_class(owner: Scope, source: SourceFile) -> bool:
    """Whether a class of views, or a base of it, declares a limit; an empty list of throttles is a decision, too."""
    for scope in source.resolver.ancestry(owner):
        assert isinstance(scope.node, ast.ClassDef)
        if any(map(_limits_by_decorator, scope.decorators)) or any(map(_speaks, scope.node.bases)):
            return True
        for node in scope.of(ast.Assign, ast.AnnAssign):
            assert isinstance(node, (ast.Assign, ast.AnnAssign))
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = {terminal_name(target) for target in targets}
            if node.value is None or not names & limiters.CLASS_ATTRIBUTES:
                continue
            if any(map(_named, names)) or _speaks(node.value):
                return True
        if any(inner.is_function and _named(inner.name) for inner in scope.inner if inner.name != "throttled"):
            return True
        if any(_counts(inner, source) for inner in scope.inner if inner.is_function and inner.name in _FIRST_METHODS):
            return True
    return False


#: Methods of a class of views that run before the one that answers.
_FIRST_METHODS = frozenset({"dispatch", "dispatch_request", "initial", "prepare", "check_throttles", "get_throttles"})


def _limited_receivers(source: SourceFile) -> set[str]:
    """Return the routers and blueprints for which the file declares a limit."""
    found = set()
    for name, bindings in source.module.bindings.items():
        for value in definitions(name, source) if bindings else ():
            if isinstance(value, ast.Call) and any(map(_speaks, _arguments(value))):
                found.add(name)
    for call, _ in source.calls_by_name.get("", ()):
        # limiter.limit("10/minute")(blueprint)
        if isinstance(call.func, ast.Call) and _speaks(call.func.func):
            found.update(spelled(argument) for argument in call.args)
    for name in ("limit", "shared_limit", "include_router", "register_blueprint", "rate_limit"):
        for call, _ in source.calls_by_name.get(name, ()):
            if any(map(_speaks, (call.func, *_arguments(call)[1:]))):
                found.update(spelled(argument) for argument in call.args[:1])
    return found


def _arguments(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(keyword.value for keyword in call.keywords)]


@lru_cache(maxsize=8192)
def _named(name: str | None) -> bool:
    return name is not None and limiters.LIMITS.search(name) is not None


def _speaks(node: ast.AST) -> bool:
    """Whether a name in an expression or statement says that it limits callers, or a number that they come too often.

    An exception that is caught says that somebody else limits this service.
    """
    todo: list[ast.AST] = [node]
    while todo:
        part = todo.pop()
        if _named(terminal_name(part)) or (isinstance(part, ast.Constant) and part.value == limiters.TOO_MANY):
            return True
        todo += part.body if isinstance(part, ast.ExceptHandler) else children(part)
    return False
