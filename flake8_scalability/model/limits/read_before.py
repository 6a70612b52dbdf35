"""Bodies that have been read already when a function is called: there, reading them again takes no more memory."""

from __future__ import annotations

import ast

from flake8_scalability.catalog import bodies
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Binding, Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.source import SourceFile

_ERRORS = frozenset({"exc", "exception", "error", "err"})
_AFTER = frozenset({
    "exception_handler", "errorhandler", "app_errorhandler", "after_request", "after_app_request", "teardown_request",
})  # fmt: skip


def comes_after(function: Scope | None) -> bool:
    """Whether a function runs when the body has been read already: it handles an error, or sees the answer."""
    if function is None:
        return False
    if _ERRORS & function.parameters.keys():
        return True
    names = (terminal_name(each.func if isinstance(each, ast.Call) else each) for each in function.decorators)
    return any(name in _AFTER for name in names)


def takes_body(scope: Scope, source: SourceFile) -> bool:
    """Whether a parameter beside the request is the parsed body, which the framework has read whole before."""
    function = scope.function
    return function is not None and any(_is_body(function.bindings[name][0], source) for name in function.parameters)


def _is_body(parameter: Binding, source: SourceFile) -> bool:
    parts = [part for part in walk(parameter.value or ast.Pass()) if isinstance(part, ast.Call)]
    said = {terminal_name(part.func) for part in parts}
    return bool(said & bodies.IN_BODY) or (not said & bodies.NOT_IN_BODY and _is_model(parameter, source))


def _is_model(binding: Binding, source: SourceFile) -> bool:
    """Whether a parameter is annotated with a model of pydantic that the file defines."""
    if not isinstance(binding.annotation, ast.Name):
        return False
    for value in source.resolver.values(binding.annotation, binding.scope):
        target = value.target
        if target is not None and target.is_class:
            bases = [b for each in source.resolver.ancestry(target) for b in getattr(each.node, "bases", ())]
            return any(terminal_name(base) == "BaseModel" for base in bases)
    return False
