"""Which scheduled jobs run on every instance and matter there: no switch, no shared store, no coordination.

What a job only does to its own process or machine, every instance has to do for itself.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_scalability.catalog import scheduling
from flake8_scalability.catalog.project_facts import Fact
from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.scaling import once_only
from flake8_scalability.model.scaling.coordination import reached, speaks_of_it
from flake8_scalability.model.scaling.jobs import Job
from flake8_scalability.project import usage

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
    for node in walk(test):
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
    functions = reached(job.function, source, 2) if job.function is not None else []
    return any(
        isinstance(node, ast.Call) and scheduling.OWN_NODE.fullmatch(terminal_name(node.func)) is not None
        for function in functions
        for scope in function.walk()
        for node in scope.of(ast.Call)
    )


def coordinates_elsewhere(job: Job, source: SourceFile) -> bool:
    """Whether something that a job calls, in whatever file of the project, lets one instance at a time have the rows.

    Of a job that is imported itself, any word of coordination counts.
    """
    texts = once_only.bodies(job, source)
    if any(scheduling.SHARED_LOCK.search(text) for text in texts):
        return True
    return job.function is None and bool(texts) and speaks_of_it(texts[0])


def must_happen_once(job: Job, source: SourceFile) -> bool:
    """Whether a second instance that runs a job as well does harm: it sends, charges, inserts or spends twice."""
    if _is_handed_on(job):
        return True
    return once_only.happens(job, once_only.bodies(job, source))


def runs_in_own_process(job: Job, source: SourceFile) -> bool:
    """Whether the file is a program that does nothing but wait for its jobs: one is started, as of Celery's beat.

    Its loop of `schedule` stands at its top; a scheduler that blocks is started by the file or a command.
    """
    if job.scheduler == "schedule":
        loops = (part for loop in source.module.of(ast.While) for part in walk(loop))
        return any(isinstance(part, ast.Call) and terminal_name(part.func) == "run_pending" for part in loops)
    if _spends_its_life(job):
        return True
    if scheduling.OWN_PROCESS not in source.calls_by_name:
        return False
    if any(standing.place is Place.REQUEST for standing in source.places.handlers.values()):
        return False
    if not scheduling.BESIDE.isdisjoint(source.calls_by_name):
        return False
    function = job.scope.function
    if function is None or source.settings.no_project:
        return True
    uses = usage.uses_elsewhere(function.name, source.filename)
    return not uses or usage.Use.ONCE in uses


def _spends_its_life(job: Job) -> bool:
    """Whether the method of a command registers the jobs, and then spends the life of its process in the event loop."""
    function = job.scope.function
    if function is None or function.owner is None or scheduling.COMMANDS.search(function.owner.name) is None:
        return False
    calls = (node for node in function.of(ast.Call) if isinstance(node, ast.Call))
    return any(terminal_name(node.func) == "run_forever" for node in calls)


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
