"""Limits that stand in other files of the project: in what a handler calls, has injected, or inherits from.

`form.is_valid()` counts the tries where the form's class does; so does a dependency, or a decorator of the project.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_scalability.catalog import limiters
from flake8_scalability.model.language.index import nodes_below
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.limits.endpoints import Endpoint
from flake8_scalability.model.limits.rate_limits import reached_from
from flake8_scalability.project import bases, definitions

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

#: Ends of names of classes that look at a request before anything is done for it.
_CHECKING = re.compile(r"(Form|Serializer|Validator|Permission)$|Throttl|Limit")
_WORD = re.compile(r"[A-Za-z_]\w+|\b429\b")
_COMMENT = re.compile(r"#.*|\"\"\"(?s:.*?)\"\"\"")


def limited_elsewhere(endpoint: Endpoint, source: SourceFile) -> bool:
    """Whether a function or class of another file, which an endpoint makes use of, says that it limits callers."""
    inherited = {path for scope, node in _bases(endpoint, source) for path in source.resolver.paths(node, scope)}
    if any(path.partition(".")[0] in limiters.LIMITED_PACKAGES for path in inherited):
        return True
    if source.settings.no_project:
        return False
    if any(any(map(_speaks, bases.lineage(path, source.filename).texts)) for path in inherited if "." in path):
        return True
    used = {path for scope, node in _used(endpoint, source) for path in source.resolver.paths(node, scope)}
    return any(_limits(path, source) for path in {path.partition("(")[0] for path in used} if "." in path)


def _bases(endpoint: Endpoint, source: SourceFile) -> Iterator[tuple[Scope, ast.expr]]:
    for scope in source.resolver.ancestry(endpoint.owner) if endpoint.owner is not None else ():
        assert isinstance(scope.node, ast.ClassDef)
        yield from ((scope.parent or scope, base) for base in scope.node.bases)


def _used(endpoint: Endpoint, source: SourceFile) -> Iterator[tuple[Scope, ast.expr]]:
    """Yield what an endpoint calls, has injected and is decorated with, with the scope of each."""
    for each in reached_from(endpoint.function, source) if endpoint.function is not None else ():
        node = each.node
        assert isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        outside = each.parent or each
        annotations = [argument.annotation for argument in each.parameters.values()]
        for part in (*node.decorator_list, *node.args.defaults, *node.args.kw_defaults, *annotations):
            for inner in nodes_below(part) if part is not None else ():
                if isinstance(inner, (ast.Name, ast.Attribute)):
                    yield outside, inner
        for scope in each.walk():
            yield from ((scope, call.func) for call in scope.of(ast.Call) if isinstance(call, ast.Call))


def _limits(path: str, source: SourceFile) -> bool:
    name = path.rpartition(".")[2]
    if name[:1].isupper():
        return _CHECKING.search(name) is not None and any(map(_speaks, bases.lineage(path, source.filename).texts))
    return _speaks(definitions.text_of(path, source.filename))


def _speaks(text: str) -> bool:
    """Whether a name in the text of a definition, comments left out, is that of a limiter."""
    lowered = text.lower()
    if not any(word in lowered for word in limiters.WORDS) and str(limiters.TOO_MANY) not in text:
        return False
    words = _WORD.findall(_COMMENT.sub("", text))
    return any(word == str(limiters.TOO_MANY) or limiters.LIMITS.search(word) is not None for word in words)
