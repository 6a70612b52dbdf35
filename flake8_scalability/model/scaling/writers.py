"""Functions that may write at the same time as others do, and what keeps two writers apart."""

from __future__ import annotations

import ast

from flake8_scalability.catalog import updates as catalog
from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.source import SourceFile
from flake8_scalability.project import usage


def is_serving(function: Scope, source: SourceFile) -> bool:
    """Whether a function runs again and again, in a file that keeps two writers apart by nothing in sight."""
    if any(word in source.text for word in catalog.VERSIONED):
        return False
    if not function.is_function or source.place(function).place in (Place.TOOL, Place.STARTUP):
        return False
    return source.place(function).place is not Place.LIBRARY or not _is_run_by_hand(function, source)


def _is_run_by_hand(function: Scope, source: SourceFile) -> bool:
    """Whether only programs of the command line come to a function, or to all those of the file that call it."""
    if source.settings.no_project or function.owner is not None:
        return False
    seen, border = {function}, [function]
    while border:
        each = border.pop()
        callers = [edge.caller.function for edge in source.graph.into.get(each, ())]
        if not callers and not usage.is_for_programs_alone(each.name, source.filename):
            return False
        for caller in callers:
            if caller is None or caller.owner is not None or source.place(caller).place is not Place.LIBRARY:
                return False
            if caller not in seen:
                seen.add(caller)
                border.append(caller)
    return True


def is_guarded(function: Scope, source: SourceFile) -> bool:
    """Whether the text of a function, or of one that calls it, says what keeps two writers apart.

    A comment or docstring of the function that speaks of the race and lets it be counts as well.
    """
    if _accepts_race(function, source):
        return True
    callers = [edge.caller.function for edge in source.graph.into.get(function, ())]
    enclosing = function.parent.function if function.parent is not None else None
    return any(
        catalog.GUARDED.search(text_of(each, source)) for each in (function, enclosing, *callers) if each is not None
    )


def text_of(function: Scope, source: SourceFile) -> str:
    """Return the lines of a function, decorators included, without comments that fill a line."""
    node = function.node
    assert isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
    lines = source.lines[first - 1 : node.end_lineno or node.lineno]
    return "".join(line for line in lines if not line.lstrip().startswith("#"))


def _accepts_race(function: Scope, source: SourceFile) -> bool:
    node = function.node
    assert isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    lines = source.lines[node.lineno - 1 : node.end_lineno or node.lineno]
    said = [line.partition("#")[2] for line in lines] + (ast.get_docstring(node) or "").splitlines()
    return any(catalog.ACCEPTED.search(text) and not catalog.UNFINISHED.search(text) for text in said)
