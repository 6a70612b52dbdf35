"""Programs: files that somebody starts with arguments, and that answer nobody's requests."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_scalability.catalog import frameworks, tools
from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.running import evidence
from flake8_scalability.model.running.scripts import is_endless, is_main_guard
from flake8_scalability.project import leftovers

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile


def is_program(source: SourceFile) -> bool:
    """Whether a file reads a command line under its main guard, and has no handlers."""
    if tools.CLI_PACKAGES.isdisjoint(evidence.roots_of_imports(source.module)) or source.places.handlers:
        return False
    return any(isinstance(node, ast.If) and is_main_guard(node) for node in source.module.of(ast.If))


def comes_to_an_end(source: SourceFile) -> bool:
    """Whether a file is a program that does its work and is done: no loop or call in it spends the process's life."""
    return is_program(source) and not _stays(source)


def _stays(source: SourceFile) -> bool:
    if not frameworks.SERVING.isdisjoint(source.calls_by_name):
        return True
    return any(
        isinstance(loop, ast.While) and is_endless(loop) for scope in source.scopes for loop in scope.of(ast.While)
    )


def is_straight(source: SourceFile) -> bool:
    """Whether a file is a list of statements that are run once from the top, and print what they do: no functions."""
    if any(scope.is_function or scope.is_class for scope in source.scopes):
        return False
    return "print" in source.calls_by_name


def is_by_hand(source: SourceFile) -> bool:
    """Whether somebody starts a file now and then to read what it prints: it comes to an end, and nobody names it.

    It has a main guard, or prints at its module level; and it has neither handlers nor a server.
    """
    if "print" not in source.calls_by_name or source.places.handlers or _stays(source) or source.settings.no_project:
        return False
    guards = [node for node in source.module.of(ast.If) if isinstance(node, ast.If) and is_main_guard(node)]
    calls = [part for guard in guards for part in walk(guard) if isinstance(part, ast.Call)]
    if any(source.places.of(source.module, call).place is Place.STARTUP for call in calls):
        return False
    started = calls or (prints_as_loaded(source) and "run" not in source.calls_by_name)
    return bool(started) and not leftovers.is_spelled(source.filename)


def asks(source: SourceFile) -> bool:
    """Whether a file asks whoever has started it: it is a console, or the part of one."""
    return any(isinstance(node.func, ast.Name) for node, _ in source.calls_by_name.get("input", ()))


def prints_as_loaded(source: SourceFile) -> bool:
    """Whether a file prints at its module level, and answers nobody's requests."""
    said = any(scope is source.module for _, scope in source.calls_by_name.get("print", ()))
    return said and not source.places.handlers
