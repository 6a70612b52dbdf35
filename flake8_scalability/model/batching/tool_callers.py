"""Functions that nobody calls while the service runs: only tools of the project and what happens at its start do."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.running.toolpaths import PathSays, says
from flake8_scalability.project import commands_parts, mentions, root, starts

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

#: So many callers are followed inside the file.
MAX_STEPS = 3


def only_tools_call(scope: Scope, source: SourceFile, steps: int = MAX_STEPS) -> bool:
    """Whether a function of library code is named by migrations, commands, scripts or start-up code only.

    False where nobody names it, or no project is in sight: a framework may call it.
    """
    function = scope.function
    if function is None or not steps or source.settings.no_project or function.name.startswith("__"):
        return False
    if source.place(function).place is not Place.LIBRARY:
        return False
    if commands_parts.is_one(source.filename):
        return True
    answers, key = source.answers, ("only tools call", function)
    if key not in answers:
        answers[key] = False  # for functions that call each other
        edges = source.graph.into.get(function, ())
        callers = [edge.caller for edge in edges if not edge.handed]
        # Whoever names it without calling it may hand it to anybody.
        inside = _mentions(function.name, source) <= len(callers) and all(
            source.place(caller).place in (Place.TOOL, Place.STARTUP) or only_tools_call(caller, source, steps - 1)
            for caller in callers
        )
        answers[key] = inside and _only_tools_name(function.name, source.filename, called=bool(callers))
    return answers[key]


def _mentions(name: str, source: SourceFile) -> int:
    """Return how often a file names something, its definition apart."""
    return source.once(_all_mentions)[name] if source.text.count(name) > 1 else 0


def _all_mentions(source: SourceFile) -> Counter[str]:
    return Counter(terminal_name(node) for node in walk(source.tree) if isinstance(node, (ast.Name, ast.Attribute)))


def _only_tools_name(name: str, filename: str, *, called: bool) -> bool:
    """Whether the files that name a function are tools or call it at their start; `called`: its own file does."""
    start = root.of(filename)
    files = [path for path in mentions.files_with(name, filename) if start is None or not root.is_test(path, start)]
    serving = [path for path in files if not _is_tool(path)]
    if not serving:
        return called or bool(files)
    return len(serving) == 1 and starts.called_at_start(name, filename)


def _is_tool(path: Path) -> bool:
    return says(str(path)) in (PathSays.TOOL, PathSays.COMMAND)
