"""Which scheduled jobs run on every instance and matter there: no switch, no shared store, no coordination.

What a job only does to its own process or machine, every instance has to do for itself.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_scalability.catalog import scheduling
from flake8_scalability.catalog.project_facts import Fact
from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.scaling.coordination import reached, speaks_of_it
from flake8_scalability.model.scaling.jobs import Job
from flake8_scalability.model.sites import spelled
from flake8_scalability.project import definitions

if TYPE_CHECKING:
    from flake8_scalability.model.language.scopes import Scope
    from flake8_scalability.model.source import SourceFile


def is_switched(job: Job, source: SourceFile) -> bool:
    """Whether a switch lets the jobs run on chosen instances only: on the way to the registration, or to the start."""
    places = [(job.node, job.scope)]
    places += [(node, scope) for node, scope in source.calls_by_name.get("start", ()) if _is_scheduler(node.func)]
    return any(_has_switch(node, scope, source) for node, scope in places)


def _is_scheduler(function: ast.expr) -> bool:
    return isinstance(function, ast.Attribute) and "sched" in terminal_name(function.value).lower()


def _has_switch(node: ast.AST, scope: Scope, source: SourceFile) -> bool:
    parents = source.parents(scope)
    child: ast.AST = node
    while child in parents:
        parent = parents[child]
        if isinstance(parent, ast.If) and child is not parent.test and _is_switch(parent.test):
            return True
        if isinstance(parent, (ast.FunctionDef, ast.AsyncFunctionDef)):
            early = (each for each in parent.body if isinstance(each, ast.If) and each.lineno < node.lineno)  # type: ignore[attr-defined]
            if any(isinstance(each.body[-1], ast.Return) and _is_switch(each.test) for each in early):
                return True
        child = parent
    return False


def _is_switch(test: ast.expr) -> bool:
    """Whether a condition asks a setting, or an election, whether this instance is the one."""
    for node in ast.walk(test):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value if node.value != "__main__" and node.value.isidentifier() else ""
        else:
            text = terminal_name(node)
        if text and scheduling.SWITCH.search(text) and not scheduling.NO_SWITCH.fullmatch(text):
            return True
    return False


def has_shared_store(source: SourceFile) -> bool:
    """Whether the file keeps its jobs in a store outside of the process."""
    return scheduling.JOB_STORES.search(source.text) is not None


def minds_own_affairs(job: Job, source: SourceFile) -> bool:
    """Whether a job only looks after its own process or machine, so that each instance has to run it."""
    parts = job.name.split(".")
    if scheduling.OWN_AFFAIRS.search(parts[-2] if _is_handed_on(job) else parts[-1]):
        return True
    if job.function is None:
        return False
    calls = [
        (node, scope)
        for function in reached(job.function, source, 2)
        for scope in function.walk()
        for node in scope.of(ast.Call)
    ]
    if any(isinstance(node, ast.Call) and scheduling.OWN_NODE.fullmatch(terminal_name(node.func)) for node, _ in calls):
        return True
    return all(isinstance(node, ast.Call) and _is_local_call(node, scope, source) for node, scope in calls)


def _is_local_call(node: ast.Call, scope: Scope, source: SourceFile) -> bool:
    if isinstance(node.func, ast.Attribute) and (
        node.func.attr in scheduling.LOCAL_METHODS or _is_own_collection(node.func.value, scope)
    ):
        return True
    values = source.resolver.values(node.func, scope)
    if values and all(value.target is not None for value in values):
        return True
    root = next(iter(source.resolver.paths(node.func, scope)), "") or spelled(node.func)
    return re.split(r"[.(\[]", root, maxsplit=1)[0] in scheduling.LOCAL_ROOTS


def _is_own_collection(node: ast.expr, scope: Scope) -> bool:
    """Whether an expression is a collection that the module keeps in memory."""
    home = scope.lookup(node.id) if isinstance(node, ast.Name) else None
    if home is None or not home.is_module or not isinstance(node, ast.Name):
        return False
    values = [binding.value for binding in home.bindings[node.id]]
    return all(
        isinstance(value, (ast.Dict, ast.List, ast.Set))
        or (isinstance(value, ast.Call) and terminal_name(value.func) in scheduling.COLLECTIONS)
        for value in values
    )


def coordinates_elsewhere(job: Job, source: SourceFile) -> bool:
    """Whether the definition of an imported job speaks of coordination, or the first function that a job calls locks.

    Both are looked for in other files of the project.
    """
    if source.settings.no_project:
        return False
    if job.function is not None:
        return any(scheduling.SHARED_LOCK.search(text) for text in _first_called(job.function, source))
    path = _imported_as(job)
    if not path:
        return False
    text = definitions.text_of(path, source.filename)
    return speaks_of_it(text) or scheduling.SHARED_LOCK.search(_beyond(path, source)) is not None


def _beyond(path: str, source: SourceFile) -> str:
    found = definitions.find(path, source.filename)
    return definitions.first_called(found) if found is not None else ""


def _first_called(function: Scope, source: SourceFile) -> Iterator[str]:
    """Yield the text of the first function of another file that a function, or those here that it calls, calls."""
    for each in reached(function, source, 1):
        calls = [(node, scope) for scope in each.walk() for node in scope.of(ast.Call) if isinstance(node, ast.Call)]
        for node, scope in sorted(calls, key=lambda call: (call[0].lineno, call[0].col_offset)):
            paths = source.resolver.paths(node.func, scope)
            texts = [definitions.text_of(path.replace("()", ""), source.filename) for path in paths if "." in path]
            if any(texts):
                yield from texts
                break


def _imported_as(job: Job) -> str:
    """Return the import path of what a registration is given; "" where that is not imported."""
    given = job.given
    root: ast.expr | None = given
    while isinstance(root, ast.Attribute):
        root = root.value
    home = job.scope.lookup(root.id) if isinstance(root, ast.Name) else None
    bindings = home.bindings[root.id] if home is not None and isinstance(root, ast.Name) else []
    if given is None or len(bindings) != 1 or bindings[0].kind != "import":
        return ""
    rest = ast.unparse(given).partition(".")[2]
    return bindings[0].path + ("." + rest if rest else "")


def runs_in_own_process(job: Job, source: SourceFile) -> bool:
    """Whether the file is a program that does nothing but wait for its jobs: a loop of `schedule` at its top."""
    return job.scheduler == "schedule" and any(
        isinstance(part, ast.Call) and terminal_name(part.func) == "run_pending"
        for loop in source.module.of(ast.While)
        for part in ast.walk(loop)
    )


def is_of_asking_bot(source: SourceFile) -> bool:
    """Whether the jobs are those of a chat bot that asks for its messages: no second one may run beside it.

    The file may be any of the project's where no server for production serves another part of it.
    """
    if scheduling.BOTS.search(source.text) is not None and source.text_says(Fact.ASKING_BOT):
        return True
    if not source.project_says(Fact.ASKING_BOT):
        return False
    return scheduling.BOTS.search(source.text) is not None or not source.project_says(Fact.PRODUCTION_SERVER)


def _is_handed_on(job: Job) -> bool:
    """Whether a job only puts a task into a queue: `reports.mail.delay`."""
    return isinstance(job.given, ast.Attribute) and job.given.attr in scheduling.QUEUEING and "." in job.name


def only_fills_queues(job: Job, source: SourceFile) -> bool:
    """Whether a process of its own does nothing but put tasks into a queue, as the beat of a task queue does."""
    return _is_handed_on(job) and scheduling.OWN_PROCESS in source.calls_by_name


def is_handed_in(job: Job, source: SourceFile) -> bool:
    """Whether a wrapper schedules what it is given: an argument, or something of what its constructor was given."""
    if job.function is not None or job.given is None:
        return False
    return all(_is_argument(part, job.scope, source) for part in _alternatives(job.given))


def _alternatives(node: ast.expr) -> list[ast.expr]:
    return [node.body, node.orelse] if isinstance(node, ast.IfExp) else [node]


def _is_argument(node: ast.expr, scope: Scope, source: SourceFile) -> bool:
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    function = scope.function
    if not isinstance(node, ast.Name) or function is None or node.id not in function.parameters:
        return False
    if node.id != function.first_parameter or function.owner is None:
        return True
    bindings = source.resolver.class_bindings(function.owner).get(names[-1], []) if names else []
    return bool(bindings) and all(
        isinstance(binding.value, ast.Name)
        and binding.scope.is_function
        and binding.value.id in binding.scope.parameters
        for binding in bindings
    )


def is_added_while_serving(job: Job, source: SourceFile) -> bool:
    """Whether somebody's request registers the job."""
    return source.place(job.scope, job.node if isinstance(job.node, ast.Call) else None).place is Place.REQUEST
