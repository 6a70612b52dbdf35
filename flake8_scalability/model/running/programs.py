"""Programs: files that somebody starts with arguments, and that answer nobody's requests."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_scalability.catalog import frameworks, tools
from flake8_scalability.model.running import evidence
from flake8_scalability.model.running.scripts import is_endless, is_main_guard

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile


def is_program(source: SourceFile) -> bool:
    """Whether a file reads a command line under its main guard, and has no handlers."""
    if tools.CLI_PACKAGES.isdisjoint(evidence.roots_of_imports(source.module)) or source.places.handlers:
        return False
    return any(isinstance(node, ast.If) and is_main_guard(node) for node in source.module.of(ast.If))


def comes_to_an_end(source: SourceFile) -> bool:
    """Whether a file is a program that does its work and is done: no loop or call in it spends the process's life."""
    if not is_program(source) or not frameworks.SERVING.isdisjoint(source.calls_by_name):
        return False
    return not any(
        isinstance(loop, ast.While) and is_endless(loop) for scope in source.scopes for loop in scope.of(ast.While)
    )


def is_straight(source: SourceFile) -> bool:
    """Whether a file is a list of statements that are run once from the top, and print what they do: no functions."""
    if any(scope.is_function or scope.is_class for scope in source.scopes):
        return False
    return "print" in source.calls_by_name
