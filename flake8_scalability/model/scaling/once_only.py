"""What must happen once: whether a job sends, charges, inserts, spends or hands on, as far as its code can be followed.

A job that only deletes, or updates the rows that a condition picks, does no harm where a second instance does it again;
nor does one that only fills what its own process keeps.
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from flake8_scalability.catalog import scheduling
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.scaling.coordination import reached
from flake8_scalability.project import definitions, mentions
from flake8_scalability.project.definitions import Definition

if TYPE_CHECKING:
    from flake8_scalability.model.language.alternatives import Value
    from flake8_scalability.model.language.scopes import Scope
    from flake8_scalability.model.scaling.jobs import Job
    from flake8_scalability.model.source import SourceFile

#: So many calls deep, and so many functions wide, a job is followed.
STEPS = 3
MOST = 40


def bodies(job: Job, source: SourceFile) -> list[str]:
    """Return the texts of a job and of the functions of the project that it calls, nearest first.

    Methods of objects that can't be resolved are found by their names, where the project has no other of that name.
    """
    border = list(_beginnings(job, source))
    found: dict[str, None] = {}
    for _ in range(STEPS + 1):
        for each in border:
            found.setdefault(each.text)
        if len(found) > MOST:
            break
        border = [each for caller in border for each in _called(caller, source) if each.text not in found]
    return list(found)


def _beginnings(job: Job, source: SourceFile) -> Iterator[Definition]:
    """Yield the functions of the file that a job may be, with what they call, or the imported one that it is."""
    values = list(_values(job, source)) if job.function is None else []
    functions = [job.function] if job.function is not None else [value.target for value in values]
    known = [function for function in functions if function is not None and function.is_function]
    for each in dict.fromkeys(inner for function in known for inner in reached(function, source)):
        yield Definition(_text(each, source), Path(source.filename))
        yield from _imported(_paths_called(each, source), source)
    if not known:
        imported = list(_imported((value.path for value in values), source))
        yield from imported or _methods(job.name, source)


def _paths_called(function: Scope, source: SourceFile) -> Iterator[str]:
    for scope in function.walk():
        for node in scope.of(ast.Call):
            assert isinstance(node, ast.Call)
            yield from source.resolver.paths(node.func, scope)


def _imported(paths: Iterable[str], source: SourceFile) -> Iterator[Definition]:
    for path in () if source.settings.no_project else paths:
        found = definitions.find(path.replace("()", ""), source.filename) if "." in path else None
        if found is not None:
            yield found


def _values(job: Job, source: SourceFile) -> Iterator[Value]:
    """Yield what a registration is given: of a name with several bindings, what each of them gives."""
    given, scope = job.given, job.scope
    if given is None:
        return
    found = [*source.resolver.values(given, scope)]
    home = scope.lookup(given.id) if isinstance(given, ast.Name) and not found else None
    for binding in home.bindings[given.id] if home is not None and isinstance(given, ast.Name) else ():
        if binding.value is not None:
            found += source.resolver.values(binding.value, binding.scope)
    yield from found


def _text(function: Scope, source: SourceFile) -> str:
    node = function.node
    return "".join(source.lines[node.lineno - 1 : node.end_lineno])  # type: ignore[attr-defined]


def _called(caller: Definition, source: SourceFile) -> Iterator[Definition]:
    if source.settings.no_project:
        return
    yield from definitions.called(caller)
    for node in _calls(caller.text):
        if isinstance(node.func, ast.Attribute):
            yield from _methods(ast.unparse(node.func), source)


def _methods(spelled: str, source: SourceFile) -> Iterator[Definition]:
    receiver, _, name = spelled.rpartition(".")
    if source.settings.no_project or not receiver or "_" not in name.strip("_") or name.startswith("__"):
        return
    found = mentions.functions_named(name, source.filename)
    if len(found) == 1:
        file = next(iter(mentions.files_with(f"def {name}", source.filename)), Path(source.filename))
        yield Definition(found[0], file)


# What a body does


def happens(job: Job, texts: list[str]) -> bool:
    """Whether a job does what must happen once, by the texts that `bodies` found, or by its name where it found none.

    A function that is called and was not found counts by its name: `delete_old_records()`, `charge_customers()`; but
    not where the job keeps what it gets in the process, which each instance has to do.
    """
    if not texts:
        return _says_so(job.name.rpartition(".")[2])
    trees = [tree for text in texts for tree in [_parsed(text)] if tree is not None]
    followed = {name for text in texts for name in _names_defined(text)}
    local = {name for text in texts if scheduling.REMOVES_FILES.search(text) for name in _names_defined(text)}
    named = not any(_keeps(node) for tree in trees[:1] for node in walk(tree))
    return any(_does(tree, followed, local, named) for tree in trees)


def _keeps(node: ast.AST) -> bool:
    """Whether a statement keeps something in the process: in a global, on a class, in an application's state."""
    if isinstance(node, ast.Global):
        return True
    targets = node.targets if isinstance(node, ast.Assign) else []
    holders = [each.value for each in targets if isinstance(each, ast.Attribute)]
    return any(
        terminal_name(each) == "state" or (isinstance(each, ast.Name) and each.id[:1].isupper()) for each in holders
    )


def _parsed(text: str) -> ast.Module | None:
    try:
        return ast.parse(textwrap.dedent(text))
    except SyntaxError:
        return None


def _calls(text: str) -> Iterator[ast.Call]:
    tree = _parsed(text)
    for node in walk(tree) if tree is not None else ():
        if isinstance(node, ast.Call):
            yield node


def _names_defined(text: str) -> Iterator[str]:
    tree = _parsed(text)
    for node in tree.body if tree is not None else ():
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.name


def _says_so(name: str) -> bool:
    return scheduling.DELIVERS.search(name) is not None or scheduling.CHANGING.match(name) is not None


def _does(tree: ast.Module, followed: set[str], local: set[str], named: bool) -> bool:
    merges = any(isinstance(node, ast.Attribute) and node.attr.startswith("on_conflict") for node in walk(tree))
    for node in walk(tree):
        if isinstance(node, ast.Call) and _has_effect(node, followed, merges, named):
            return True
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and scheduling.INSERTS.search(node.value):
            return True
        if isinstance(node, (ast.For, ast.AsyncFor)) and _changes_each(node, tree, local):
            return True
    return False


def _has_effect(call: ast.Call, followed: set[str], merges: bool, named: bool) -> bool:
    name, receiver = terminal_name(call.func), ""
    if isinstance(call.func, ast.Attribute):
        receiver = ast.unparse(call.func.value).lower()
    if scheduling.NO_EFFECT.search(receiver):
        return False
    if name == "insert" or name in scheduling.INSERTING:
        return not merges
    if scheduling.DELIVERS.search(name) or name in scheduling.HANDING_ON:
        return True
    if not receiver:
        return named and name not in followed and scheduling.CHANGING.match(name) is not None
    return any(name in names and pattern.search(receiver) is not None for names, pattern in scheduling.EFFECTS)


def _changes_each(loop: ast.For | ast.AsyncFor, tree: ast.Module, local: set[str]) -> bool:
    """Whether rows are changed one after the other, and written back: two that have read them both do so.

    A function that each one is handed to counts by its name, unless its code removes files: those are of this machine.
    """
    name = terminal_name(loop.target)
    inside = [node for statement in loop.body for node in walk(statement)]
    handed = (node for node in inside if isinstance(node, ast.Call) and _is_handed(node, name))
    if any(terminal_name(node.func) not in local for node in handed):
        return True
    changed = any(isinstance(node, (ast.Assign, ast.AugAssign)) and _is_of(node, name) for node in inside)
    return changed and any(
        isinstance(node, ast.Call) and terminal_name(node.func) in scheduling.WRITING_BACK for node in walk(tree)
    )


def _is_handed(call: ast.Call, name: str) -> bool:
    """Whether a call by whose name something is changed is given one of the rows that a loop walks."""
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    return _says_so(terminal_name(call.func)) and any(terminal_name(each) == name for each in given)


def _is_of(node: ast.Assign | ast.AugAssign, name: str) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return any(isinstance(each, ast.Attribute) and ast.unparse(each).startswith(f"{name}.") for each in targets)
