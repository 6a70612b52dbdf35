"""Functions that nobody calls while the service runs: only tools of the project and its start do, or no line of it."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from flake8_scalability.catalog import tools
from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.running.toolpaths import PathSays, says
from flake8_scalability.project import commands_parts, mentions, root, starts, texts

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

#: So many callers are followed inside the file.
MAX_STEPS = 3


def only_tools_call(scope: Scope, source: SourceFile, steps: int = MAX_STEPS) -> bool:
    """Whether a function of library code is named by migrations, commands, scripts or start-up code only.

    So is a task that nothing else starts, itself left out: it puts data right once, part after part.
    False where nobody names it, or no project is in sight: a framework may call it.
    """
    function = scope.function
    if function is None or not steps or source.settings.no_project or function.name.startswith("__"):
        return False
    if _is_task(function):
        return _only_tools_start(function, source, steps)
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


def _is_task(function: Scope) -> bool:
    """Whether nothing but a decorator of tasks stands on a function, so that it runs when somebody starts it."""
    node = function.node
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return False
    made = {terminal_name(each.func if isinstance(each, ast.Call) else each) for each in node.decorator_list}
    return bool(made) and made <= tools.TASKS


def _only_tools_start(task: Scope, source: SourceFile, steps: int) -> bool:
    """Whether tools are all who name a task, or others that only they start; what sets a schedule up is none."""
    answers, key = source.answers, ("only tools start", task)
    if key not in answers:
        answers[key] = False  # for tasks that start each other
        functions = [scope for scope in source.scopes if scope.is_function and not scope.is_method]
        naming = {each: _times(each, task.name) for each in functions}
        callers = [each for each, times in naming.items() if times and each is not task]
        start = root.of(source.filename)
        files = mentions.files_with(task.name, source.filename)
        others = [path for path in files if start is None or not root.is_test(path, start)]
        answers[key] = (
            bool(callers or others)
            and _mentions(task.name, source) <= sum(naming.values())
            and all(map(_is_tool, others))
            and all(
                source.place(each).place is Place.TOOL or only_tools_call(each, source, steps - 1) for each in callers
            )
        )
    return bool(answers[key])


def _times(function: Scope, name: str) -> int:
    """Return how often a function names something."""
    return sum(isinstance(part, ast.Name) and part.id == name for part in walk(function.node))


def only_commands_name(function: Scope, source: SourceFile) -> bool:
    """Whether nothing but tools of other files names a function of the module: no start of a service does either."""
    if source.settings.no_project or not function.is_function or function.is_method or function.decorators:
        return False
    if _mentions(function.name, source):
        return False
    start = root.of(source.filename)
    files = mentions.files_with(function.name, source.filename)
    others = [path for path in files if start is None or not root.is_test(path, start)]
    return bool(others) and all(map(_is_tool, others))


def nobody_calls(function: Scope, source: SourceFile) -> bool:
    """Whether no line of the project names a function, tests and the function itself left out: it is given nothing.

    A decorator may hand it to a framework.  False where no project is in sight.
    """
    node = function.node
    if source.settings.no_project or not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return False
    start = root.of(source.filename)
    if start is None or node.decorator_list:
        return False
    answers, key = source.answers, ("nobody calls", function)
    if key not in answers:
        own = sum(
            terminal_name(part) == node.name for part in walk(node) if isinstance(part, (ast.Name, ast.Attribute))
        )
        inside = _all_mentions_of(node.name, source) > own or f'"{node.name}"' in source.text
        others = () if inside else mentions.files_with(function.name, source.filename)
        answers[key] = not inside and all(root.is_test(path, start) for path in others)
    return bool(answers[key])


def nobody_starts(function: Scope, source: SourceFile) -> bool:
    """Whether a function is a task that no line of the project names, where its schedule is one of these lines."""
    if source.settings.no_project or not _is_task(function):
        return False
    answers, key = source.answers, ("nobody starts", function)
    if key not in answers:
        inside = re.search(rf"(?<!def )\b{re.escape(function.name)}\b", source.text) is not None
        start = root.of(source.filename)
        answers[key] = (
            not inside
            and start is not None
            and any(mentions.files_with(name, source.filename) for name in tools.SCHEDULES)
            and all(root.is_test(path, start) for path in mentions.files_with(function.name, source.filename))
        )
    return bool(answers[key])


def _all_mentions_of(name: str, source: SourceFile) -> int:
    return source.once(_all_mentions)[name]


def _mentions(name: str, source: SourceFile) -> int:
    """Return how often a file names something, its definition apart."""
    return _all_mentions_of(name, source) if source.text.count(name) > 1 else 0


def _all_mentions(source: SourceFile) -> Counter[str]:
    return Counter(terminal_name(node) for node in walk(source.tree) if isinstance(node, (ast.Name, ast.Attribute)))


def _only_tools_name(name: str, filename: str, *, called: bool) -> bool:
    """Whether the files that name a function are tools or call it at their start; `called`: its own file does."""
    start = root.of(filename)
    files = [path for path in mentions.files_with(name, filename) if start is None or not root.is_test(path, start)]
    serving = [path for path in files if not (_is_tool(path) or _only_hands_on(path, name))]
    if not serving:
        return called or bool(files)
    return len(serving) == 1 and starts.called_at_start(name, filename)


def _is_tool(path: Path) -> bool:
    said = says(str(path))
    return said in (PathSays.TOOL, PathSays.COMMAND) or (
        said is PathSays.LIKELY_TOOL and tools.ROUTES.search(texts.text(path)) is None
    )


def _only_hands_on(path: Path, name: str) -> bool:
    """Whether a package imports a function for others to import, who then name it as well."""
    return path.name == "__init__.py" and f"{name}(" not in texts.text(path)
