"""Whether all calls of a function in other files of the project give a few items for one of its arguments.

They write them out, or name a constant or a setting.  The files are searched as text; those that spell the name are
parsed.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from flake8_scalability.project import root, texts, word_index

#: A list of so many items, or fewer, is short.
MOST = 5
#: In so many files a function of a common name is called; those are believed to give anything.
MOST_FILES = 20
#: Methods of a task that start it with the arguments that its function takes.
STARTING = frozenset({"delay", "post", "enqueue", "send", "s", "si"})
_DISPLAYS = (ast.List, ast.Tuple, ast.Set)


@texts.believed
def are_given(function: str, argument: str, position: int, filename: str) -> bool:
    """Whether there is a call of a function by other files, tests left out, and each gives a short list.

    False where no project is in sight.
    """
    start = root.of(filename)
    if start is None:
        return False
    own = Path(filename).absolute()
    files = [
        text for path, text in word_index.files_having(function, start) if path != own and not root.is_test(path, start)
    ]
    if not files or len(files) > MOST_FILES:
        return False
    given = [value for text in files for value in _given(text, function, argument, position)]
    return bool(given) and all(value is not None and _is_short(value) for value in given)


def _given(text: str, function: str, argument: str, position: int) -> Iterator[ast.expr | None]:
    """Yield what each call in a text gives for an argument; None where it is not shown, or the name is handed on."""
    for name, call in _mentions(text):
        if name != function:
            continue
        if call is None or any(isinstance(each, ast.Starred) for each in call.args):
            yield None
            continue
        by_name = [each.value for each in call.keywords if each.arg == argument]
        by_place = call.args[position : position + 1] if position >= 0 else []
        if by_name or by_place:
            yield from by_name or by_place
        else:
            yield None


@lru_cache(maxsize=64)
def _mentions(text: str) -> tuple[tuple[str, ast.Call | None], ...]:
    """Return each name that a text reads, with the call of it, or of a method that starts it as a task."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return ()
    found: list[tuple[str, ast.Call | None]] = []
    called: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            callee = node.func
            if isinstance(callee, ast.Attribute) and callee.attr in STARTING and _name(callee.value):
                called.update((callee, callee.value))
                found.append((_name(callee.value), node))
            called.add(callee)
            found.append((_name(callee), node))
    names = (node for node in ast.walk(tree) if isinstance(node, (ast.Name, ast.Attribute)) and node not in called)
    return (*found, *((_name(node), None) for node in names))


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _is_short(value: ast.expr) -> bool:
    """Whether an expression writes out a few items, or names what somebody has configured: `settings.GROUPS`."""
    return _name(value).isupper() or (
        isinstance(value, _DISPLAYS)
        and len(value.elts) <= MOST
        and not any(isinstance(each, ast.Starred) for each in value.elts)
    )
