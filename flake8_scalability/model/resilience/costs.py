"""What takes time: the calls that wait, that compute for long, and that do the work of seconds."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from flake8_scalability.catalog import mail, work
from flake8_scalability.catalog.rows import Api, Place, System
from flake8_scalability.model.language import arguments, loops
from flake8_scalability.model.language.arguments import Given
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.loops import LoopKind
from flake8_scalability.model.resilience import sleeps, waiting
from flake8_scalability.model.resilience.sleeps import names_in
from flake8_scalability.model.running import occasions
from flake8_scalability.model.running.lifetimes import Lifetime, lifetime
from flake8_scalability.model.sites import CallSite, spelled
from flake8_scalability.model.source import SourceFile

_MODE = re.compile(r"[rwaxbt+U]{1,4}")
#: Sleeps that only let other threads run.
_YIELDS = frozenset({0.0, 0.0001, 0.001})
#: Calls that await what they are handed.
_AWAITERS = frozenset({"gather", "wait_for", "shield", "create_task", "ensure_future", "wait"})
#: Methods that tell whether a queue or future has something to give.
_QUESTIONS = frozenset({"empty", "qsize", "done", "full", "ready", "is_set", "locked"})


def waits(source: SourceFile) -> Iterator[CallSite]:
    """Yield the calls that hold up their thread by waiting, not by computing."""
    return (site for site in source.sites if site.api is not None and _waits(site, site.api))


def _waits(site: CallSite, row: Api) -> bool:
    if not row.blocks or row.heavy or is_awaited(site) or waiting.returns_at_once(site):
        return False
    if row.system in (System.FILE, System.HTTP) and _is_done_once(site):
        return False
    if row.system is System.FILE and terminal_name(site.node.func) == "open":
        return _writes_bytes(site) and not _is_closed_at_once(site)
    if row.system is System.CLOCK and sleeps.seconds(site) in _YIELDS:
        return False
    if (row.system is System.SYNC and _was_asked(site)) or _fills_a_memo(site):
        return False
    return row.makes is None or lifetime(site) is not Lifetime.KEPT


def _is_done_once(site: CallSite) -> bool:
    """Whether library code fetches or writes only what is not on disk yet."""
    return site.place is Place.LIBRARY and occasions.is_kept_on_disk(site)


def _is_closed_at_once(site: CallSite) -> bool:
    """Whether a file is only made or emptied: `open(path, "wb").close()`."""
    parent = site.parents.get(site.node)
    return isinstance(parent, ast.Attribute) and parent.attr == "close"


def is_awaited(site: CallSite) -> bool:
    """Whether what a call gives is awaited, so that it does not wait itself whatever its row says."""
    if site.function is None or not site.function.is_coroutine:
        return False
    for child, parent in site.ancestors():
        if isinstance(parent, ast.Await):
            return True
        if not isinstance(parent, ast.Call) or child is parent.func or terminal_name(parent.func) not in _AWAITERS:
            return False
    return False


def _fills_a_memo(site: CallSite) -> bool:
    """Whether the call runs once for the process: under `if x is None:`, where an `x` is made that lives on."""
    return any(
        isinstance(parent, ast.If) and child in parent.body and _makes_missing(parent, site)
        for child, parent in site.ancestors()
    )


def _makes_missing(branch: ast.If, site: CallSite) -> bool:
    test = branch.test
    asked: ast.expr | None = None
    if isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.Is) and _is_none(test.comparators[0]):
        asked = test.left
    elif isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        asked = test.operand
    if isinstance(asked, ast.Name) and site.scope.declared.get(asked.id) != "global":
        return False
    if not isinstance(asked, (ast.Name, ast.Attribute)):
        return False
    name = spelled(asked)
    return any(
        isinstance(node, ast.Assign) and any(spelled(target) == name for target in node.targets) for node in branch.body
    )


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _was_asked(site: CallSite) -> bool:
    """Whether the call stands under a question whether it would wait: `if not jobs.empty():`, `if future.done():`."""
    return any(
        isinstance(parent, (ast.If, ast.While))
        and child is not parent.test
        and any(name in _QUESTIONS for name in names_in(parent.test))
        for child, parent in site.ancestors()
    )


def computations(source: SourceFile) -> Iterator[CallSite]:
    """Yield the calls that keep the processor busy for long.

    What is made is left out: kept for good it costs nothing later, and made per call that is the worse defect.
    """
    for site in source.sites:
        row = site.api
        if row is None or not row.heavy or (row.system is System.FILE and _is_done_once(site)):
            continue
        if row.makes is None or (lifetime(site) is not Lifetime.KEPT and site not in source.fresh):
            yield site


def slow_work(source: SourceFile) -> dict[CallSite, str]:
    """Return the calls that take seconds, each with what it does meanwhile: "renders a PDF"."""
    found = {}
    for site in source.sites:
        row = site.api
        if row is not None and _takes_seconds(site, row):
            found[site] = row.slow or row.heavy
    for site in _unknown_receivers(source):
        if site not in found:
            if _sends_task(site):
                found[site] = "waits for a task's result"
            elif _is_handed_mail(site):
                found[site] = "sends a mail"
    return found


def _takes_seconds(site: CallSite, row: Api) -> bool:
    """Whether a call is slow by itself, or heavy work with a file that is done for each of many items."""
    if not row.slow:
        if not row.heavy or row.system is not System.FILE:
            return False
        loop = loops.enclosing(site)
        return loop is not None and loop.kind in (LoopKind.ITEMS, LoopKind.PAGES)
    if row.system is System.CLOCK:
        return sleeps.is_long_delay(site)
    if row.system is System.PROCESS and terminal_name(site.node.func) in ("wait", "communicate") and _was_ended(site):
        return False
    if row.system is System.LLM and _writes_little(site):
        return False
    return not _answers_early(site, row.quick)


def _writes_little(site: CallSite) -> bool:
    """Whether a language model is asked for a few words only."""
    for name in work.LENGTH_LIMITS:
        given = site.argument(name)
        literal = arguments.constant(given.value, given.scope)
        if literal is not None and isinstance(literal.value, int) and literal.value <= work.FEW_TOKENS:
            return True
    return False


def _was_ended(site: CallSite) -> bool:
    """Whether the function ends a child process before it waits for one."""
    return site.function is not None and any(
        isinstance(node, ast.Call) and terminal_name(node.func) in work.ENDS_PROCESS and node.lineno <= site.node.lineno
        for node in site.function.of(ast.Call)
    )


def _answers_early(site: CallSite, quick: tuple[tuple[str, object], ...]) -> bool:
    """Whether an argument makes a slow call return before the work is done: `stream=True`, or what its row says."""
    for name, value in (("stream", True), *quick):
        given = site.argument(name)
        literal = arguments.constant(given.value, given.scope)
        if given.given is Given.UNKNOWN or (
            given.given is Given.PRESENT and (literal is None or literal.value == value)
        ):
            return True
    return False


def _unknown_receivers(source: SourceFile) -> Iterator[CallSite]:
    """Yield the calls of unknown objects that may be known by what is called there or handed to them."""
    called = source.calls_by_name
    # `get` is everywhere: only where the file sends a task does it matter.
    waits = work.TASK_WAITS if work.TASK_SENDS & called.keys() else frozenset()
    for name in called.keys() & (waits | mail.SENDS):
        for node, scope in called[name]:
            site = source.site(node, scope)
            if isinstance(node.func, ast.Attribute) and site.api is None:
                yield site


def _is_handed_mail(site: CallSite) -> bool:
    """Whether a method called `send` is handed a message that was made in this file: `mail.send(Message(...))`."""
    if terminal_name(site.node.func) not in mail.SENDS or not site.node.args:
        return False
    return bool(site.source.resolver.paths(site.node.args[0], site.scope) & mail.MESSAGES)


def _sends_task(site: CallSite) -> bool:
    """Whether a call waits for the result of a task just sent to a queue: `send.delay(order).get()`."""
    if terminal_name(site.node.func) not in work.TASK_WAITS or not isinstance(site.node.func, ast.Attribute):
        return False
    node = site.node.func.value
    if isinstance(node, ast.Name):
        home = site.scope.lookup(node.id)
        bindings = home.bindings[node.id] if home is not None and home.is_function else []
        return bool(bindings) and all(each.value is not None and _is_send(each.value) for each in bindings)
    return _is_send(node)


def _is_send(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in work.TASK_SENDS


def _writes_bytes(site: CallSite) -> bool:
    """Whether an opening is for writing binary content, which may be of any size."""
    given = [site.argument("mode").value, *site.node.args[:2]]
    modes = [arguments.constant(value, site.scope) for value in given if value is not None]
    return any(
        mode is not None
        and isinstance(mode.value, str)
        and _MODE.fullmatch(mode.value)
        and "b" in mode.value
        and set(mode.value) & set("wax+")
        for mode in modes
    )
