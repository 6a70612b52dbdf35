"""Django's management commands that an operator lets cron run: those that deliver something for each row of a query."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from flake8_scalability.catalog import scheduling
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.scaling.coordination import claims_rows, coordinates, reached
from flake8_scalability.project import schedules

if TYPE_CHECKING:
    from flake8_scalability.model.language.scopes import Scope
    from flake8_scalability.model.source import SourceFile

#: The classes of which commands are made.
CLASSES = frozenset({"BaseCommand", "NoArgsCommand"})


def delivering(source: SourceFile) -> Iterator[tuple[str, Scope]]:
    """Yield (command, its `handle`) for commands that send something for each row, with nothing to hold a second back.

    The command's name has to say that it sends, it takes no argument that a person would have to give, and what it
    walks is an outbox or a crontab of the project names it; where no project is in sight, the file's own words do.
    """
    if "BaseCommand" not in source.text:
        return
    name = Path(source.filename).stem
    if not scheduling.DELIVERS.search(name) or scheduling.BY_HAND.search(name):
        return
    for owner in source.scopes:
        if not isinstance(owner.node, ast.ClassDef) or not any(terminal_name(b) in CLASSES for b in owner.node.bases):
            continue
        methods = {inner.name: inner for inner in owner.inner if inner.is_function}
        handle = methods.get("handle") or methods.get("handle_noargs")
        if handle is None or _wants_arguments(methods.get("add_arguments")):
            continue
        if not _delivers_rows(handle, source):
            continue
        if not _walks_an_outbox(handle, source) and not _is_scheduled(name, owner, handle, source):
            continue
        if not coordinates(handle, source) and not claims_rows(handle, source):
            yield name, handle


def _is_scheduled(name: str, owner: Scope, handle: Scope, source: SourceFile) -> bool:
    """Whether a crontab of the project, or the file where no project is in sight, says that it runs again and again.

    A scheduler outside of the instances starts it once; a crontab that the project brings along is in each.
    """
    if not source.settings.no_project:
        return schedules.is_in_crontab(name, source.filename)
    if scheduling.PERIODS.search(name):
        return True
    said = [ast.get_docstring(node) for node in (source.tree, owner.node, handle.node)]  # type: ignore[arg-type]
    said += [
        node.value
        for binding in owner.bindings.get("help", ())
        for node in walk(binding.value or ast.Pass())
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    return any(text and schedules.speaks_of_schedule(text) for text in said)


def _walks_an_outbox(handle: Scope, source: SourceFile) -> bool:
    """Whether the rows are those of a model whose rows wait to be sent."""
    return any(
        isinstance(part, ast.Attribute)
        and part.attr == "objects"
        and scheduling.OUTBOXES.search(terminal_name(part.value))
        for function in reached(handle, source)
        for part in walk(function.node)
    )


def _wants_arguments(function: Scope | None) -> bool:
    """Whether a command can't run without an argument of its own."""
    for node in function.of(ast.Call) if function is not None else ():
        assert isinstance(node, ast.Call)
        if terminal_name(node.func) == "add_argument" and node.args:
            first = node.args[0]
            optional = isinstance(first, ast.Constant) and str(first.value).startswith("-")
            if not optional or any(keyword.arg == "required" for keyword in node.keywords):
                return True
    return False


def _delivers_rows(handle: Scope, source: SourceFile) -> bool:
    return any(
        isinstance(loop, ast.For) and _is_of_query(loop.iter, function, 3) and _delivers(loop, function, source)
        for function in reached(handle, source)
        for loop in function.of(ast.For)
    )


def _is_of_query(node: ast.expr, function: Scope, steps: int) -> bool:
    """Whether an iterable is a query of a model, or is made from one."""
    for part in walk(node):
        if isinstance(part, ast.Attribute) and part.attr == "objects":
            return True
        if isinstance(part, ast.Name) and steps and part.id != function.first_parameter:
            values = [binding.value for binding in function.bindings.get(part.id, ()) if binding.kind == "assign"]
            if any(value is not None and _is_of_query(value, function, steps - 1) for value in values):
                return True
    return False


def _delivers(loop: ast.For, function: Scope, source: SourceFile) -> bool:
    """Whether the body of a loop sends something, itself or in a function of the file that it calls."""
    for statement in loop.body:
        for node in walk(statement):
            if not isinstance(node, ast.Call):
                continue
            if scheduling.DELIVERS.search(terminal_name(node.func)):
                return True
            edges = [edge.target for edge in source.graph.out_of.get(function, ()) if edge.node is node]
            inner = (call for target in edges for call in target.of(ast.Call))
            if any(
                isinstance(call, ast.Call) and scheduling.DELIVERS.search(terminal_name(call.func)) for call in inner
            ):
                return True
    return False
