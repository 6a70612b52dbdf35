"""Jobs about what their own process keeps in memory: its scheduler's jobs, the records that it has gathered.

Each instance has its own of these, and has to look after them itself: under a lock that all share, the memory of the
others would never be written down, and their schedulers would not learn of what is new.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_scalability.catalog import scheduling
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.scaling import jobs
from flake8_scalability.model.scaling.coordination import reached

if TYPE_CHECKING:
    from flake8_scalability.model.language.scopes import Scope
    from flake8_scalability.model.scaling.jobs import Job
    from flake8_scalability.model.source import SourceFile

#: So many calls deep a job is looked through.
STEPS = 2
_CONTAINERS = frozenset({"list", "dict", "set", "deque", "defaultdict", "Counter", "OrderedDict"})


def is_of_own_memory(job: Job, source: SourceFile) -> bool:
    """Whether a job only passes on what its process has gathered, or plans the jobs of its process's scheduler."""
    if job.function is None:
        return False
    functions = reached(job.function, source, STEPS)
    return _plans_others(job, functions, source) or any(
        _empties_what_it_took(each) or _drains_a_queue(each) or _reads_and_resets(each) for each in functions
    )


def _plans_others(job: Job, functions: list[Scope], source: SourceFile) -> bool:
    """Whether a job, or what it calls, registers other jobs, which the scheduler of this process forgets at its end."""
    return any(
        other.scope.function in functions and other.function not in (None, job.function) for other in jobs.jobs(source)
    )


def _empties_what_it_took(function: Scope) -> bool:
    """Whether a function takes what an object of the process, or a global, has gathered, and begins a new collection.

    `taken = self.records; self.records = []`, with or without a lock around it.
    """
    taken: dict[str, int] = {}
    for node in function.of(ast.Assign):
        assert isinstance(node, ast.Assign)
        for part in walk(node.value):
            if isinstance(part, (ast.Attribute, ast.Name)) and _is_kept(part, function):
                taken.setdefault(ast.unparse(part), node.lineno)
    return any(name in taken and taken[name] <= line for name, line in _emptied(function))


def _drains_a_queue(function: Scope) -> bool:
    """Whether a function takes out of a queue that lies in the memory of the process, this module's or another's.

    The methods are those of Python's own queues alone: `waiting.popleft()`, `waiting.get_nowait()`.
    """
    return any(
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr in scheduling.TAKING_FROM_MEMORY
        and not call.args
        and not (isinstance(call.func.value, ast.Name) and call.func.value.id in function.bindings)
        for scope in function.walk()
        for call in scope.of(ast.Call)
    )


def _reads_and_resets(function: Scope) -> bool:
    """Whether a function has what it reads begin anew at zero: a second reader finds nothing of what the first had."""
    return any(
        isinstance(call, ast.Call)
        and any(
            each.arg == "reset" and isinstance(each.value, ast.Constant) and each.value.value is True
            for each in call.keywords
        )
        for scope in function.walk()
        for call in scope.of(ast.Call)
    )


def _is_kept(node: ast.expr, function: Scope) -> bool:
    """Whether an expression is an attribute of the function's own object, or a name that it declares as global."""
    if isinstance(node, ast.Attribute):
        own = function.first_parameter if function.is_method else ""
        return bool(own) and isinstance(node.value, ast.Name) and node.value.id == own
    declared = (name for each in function.of(ast.Global) if isinstance(each, ast.Global) for name in each.names)
    return isinstance(node, ast.Name) and node.id in declared


def _emptied(function: Scope) -> Iterator[tuple[str, int]]:
    """Yield what is bound to an empty collection, or cleared, with the line."""
    for node in function.of(ast.Assign):
        assert isinstance(node, ast.Assign)
        for target in node.targets:
            pairs = [(target, node.value)]
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs = list(zip(target.elts, node.value.elts))
            yield from ((ast.unparse(to), node.lineno) for to, value in pairs if _is_new(value))
    for call in function.of(ast.Call):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "clear":
            yield ast.unparse(call.func.value), call.lineno


def _is_new(value: ast.expr) -> bool:
    """Whether a value is a collection with nothing in it."""
    if isinstance(value, (ast.List, ast.Set)):
        return not value.elts
    if isinstance(value, ast.Dict):
        return not value.keys
    if not isinstance(value, ast.Call) or terminal_name(value.func) not in _CONTAINERS:
        return False
    # what a `defaultdict` is given makes the values that are missing
    return not value.args or terminal_name(value.func) in ("defaultdict", "deque")
