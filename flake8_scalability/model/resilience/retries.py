"""Hand-written retries: loops that try one piece of work again after it failed, how they wait, and whether they end."""

from __future__ import annotations

import ast
import enum
import re
from collections.abc import Iterator
from typing import NamedTuple, Union

from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.walking import children, walk

LoopNode = Union[ast.For, ast.AsyncFor, ast.While]
LOOPS = (ast.For, ast.AsyncFor, ast.While)
_NESTED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
#: Names of what counts tries, and of what is tried again: `attempt`, `max_retries`, `try_count`.
TRYING = re.compile(r"attempt|retry|(^|_)(re)?tr(y|ies|ial|ials)(_|$|\d)|(^|_)retrying", re.IGNORECASE)
#: Parts of names of functions that wait, in whatever way.
_WAITING = ("sleep", "backoff", "back_off", "delay", "pause", "throttle", "cooldown")
_CLOCKS = ("time", "monotonic", "perf_counter", "now", "utcnow", "time_ns", "get_time")
_LOGGING = ("print", "debug", "info", "warning", "warn", "error", "exception", "log", "critical")
_TAKING = ("next", "choice", "pop", "popleft", "rotate")
_ADDING = ("append", "extend", "insert", "add", "update", "setdefault")
#: Exceptions that say that somebody else was first or that the value was wrong, not that the other side failed.
_REFUSED = re.compile(
    "Lock|Busy|Want(Read|Write)|WouldBlock|Interrupted|NotReady|Pending|Conflict|Integrity|Exist|Validation|Value|Key|Decode|Empty|Full|Unique|Duplicate|Conditional|"
    "Stale|InProgress|NotFound|Unauthorized|Forbidden|Auth|Permission|Assertion|Parse|Syntax|Type|Attribute|StopIteration"
)

#: What a look at somebody else's work is called, or asks with.
_RESULT = re.compile(
    r"(^|_)(get|fetch|check|poll|task|job|query)_(results?|status|state|report|id)(_|$)", re.IGNORECASE
)
#: Seconds from which on a constant pause hammers nobody.
_LONG = 60


class Wait(enum.Enum):
    """What happens between two tries."""

    NONE = "nothing"
    SAME = "the same wait"
    GROWING = "a wait that changes"
    UNKNOWN = "something that the file does not show"


class Exit(enum.Enum):
    """How a block ends: it leaves the loop, goes on with the next turn, or falls through to what follows."""

    LEAVES = "leaves"
    CONTINUES = "continues"
    FALLS = "falls"


class RetryLoop(NamedTuple):
    """A loop that repeats `attempt` until it does not fail.

    stops: it gives up at some point
    mends: the next try is not the same again: it works on something else, or the failure was a no
    watches_clock: it goes on until some time has passed, waiting for something to come up
    """

    node: LoopNode
    attempt: ast.Try
    wait: Wait
    stops: bool
    mends: bool
    watches_clock: bool


def read(loop: LoopNode, parents: dict[ast.AST, ast.AST]) -> RetryLoop | None:
    """Return how a loop tries again; None where it repeats its body for another reason.

    A retry is left when its work is done and goes on when it fails.  A loop that goes on either way takes the next
    item, page or message; one that looks at a result before it leaves polls for it, unless it counts its tries.
    """
    if isinstance(loop, (ast.For, ast.AsyncFor)) and not _counts(loop):
        return None
    inside = list(own_nodes(loop))
    for node in inside:
        if isinstance(node, ast.Try) and node.handlers and _innermost(node, parents) is loop:
            following = _following(node, loop, parents)
            if not _goes_on(node, following):
                continue
            if _is_done(node, following) or _flags(loop, node) or (is_counted(loop) and _may_leave(node)):
                wait = _wait_in(loop, inside, node, parents)
                mends = _takes_another(loop, node) or is_refusal(node.handlers)
                watches = (isinstance(loop, ast.While) and _watches_clock(loop)) or _asks_for_result(loop, node)
                return RetryLoop(loop, node, wait, _stops(loop, node, inside), mends, watches)
    return None


def falls_back(loop: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    """Whether a `for` goes through alternatives, such as mirrors, until one does not fail."""
    for node in own_nodes(loop):
        if isinstance(node, ast.Try) and node.handlers and _innermost(node, parents) is loop:
            following = _following(node, loop, parents)
            if _goes_on(node, following) and _is_done(node, following):
                return True
    return False


def is_counted(loop: LoopNode) -> bool:
    """Whether a loop says in its own words that it counts tries: `for attempt in range(3)`, `while retries < 5`."""
    head = loop.test if isinstance(loop, ast.While) else loop.target
    return any(TRYING.search(part.id) is not None for part in walk(head) if isinstance(part, ast.Name))


def own_nodes(loop: ast.AST) -> Iterator[ast.AST]:
    """Yield what runs in each turn of a loop, without the insides of functions defined there."""
    stack: list[ast.AST] = list(reversed(getattr(loop, "body", [])))
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, _NESTED):
            stack.extend(reversed(children(node)))


def _counts(loop: ast.For | ast.AsyncFor) -> bool:
    """Whether a `for` counts, or goes through waits, instead of going through items."""
    if isinstance(loop.iter, ast.Call):
        return terminal_name(loop.iter.func) in ("range", "count", "repeat")
    names = (terminal_name(loop.iter).lower(), terminal_name(loop.target).lower())
    return any(TRYING.search(name) or any(word in name for word in (*_WAITING, "wait")) for name in names)


def _takes_another(loop: LoopNode, attempt: ast.Try) -> bool:
    """Whether each turn works on something else: another host, a number that is free, a question put differently."""
    used = _used_names(attempt)
    if not isinstance(loop, ast.While):
        items = {part.id for part in walk(loop.target) if isinstance(part, ast.Name)}
        if any(item in used and TRYING.search(item) is None for item in items):
            return True
    if any(isinstance(node, ast.Call) and _takes(node) for node in own_nodes(loop)):
        return True
    before = [statement for statement in loop.body if statement.lineno < attempt.lineno and statement is not attempt]
    changing = [node for block in (*before, *attempt.handlers) for node in walk(block)]
    worked = {id(node) for statement in attempt.body for node in walk(statement)}
    return any(id(node) not in worked and _changed_names(node) & used for node in changing)


def _takes(call: ast.Call) -> bool:
    """Whether a call gives the next of several; `cache.pop(key, None)` only throws something away."""
    return terminal_name(call.func) in _TAKING and len(call.args) < 2


def _used_names(attempt: ast.Try) -> set[str]:
    """Return the names that the work reads, apart from what it only prints or logs."""
    found: set[str] = set()
    stack: list[ast.AST] = list(attempt.body)
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            found.add(node.id)
        if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Call) and terminal_name(node.func) in _LOGGING):
            continue
        stack.extend(children(node))
    return found


def _changed_names(node: ast.AST) -> set[str]:
    """Return the names that a statement gives a new value, or adds something to: `messages.append(error)`."""
    if isinstance(node, ast.Assign):
        return {_base_name(target) for target in node.targets if isinstance(target, (ast.Name, ast.Subscript))}
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _ADDING:
        return {_base_name(node.func.value)}
    return set()


def _base_name(node: ast.expr) -> str:
    """Return the name that an expression with subscripts starts from: "options" of `options["a"]["b"]`."""
    while isinstance(node, ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _innermost(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> ast.AST | None:
    """Return the innermost loop in whose body a statement stands, None where a function is between."""
    parent = parents.get(node)
    while parent is not None and not isinstance(parent, (*LOOPS, *_NESTED)):
        parent = parents.get(parent)
    return parent


def is_refusal(handlers: list[ast.ExceptHandler]) -> bool:
    """Whether all that is caught says that the call was answered with a no, so that no service failed."""
    caught = [handler.type for handler in handlers]
    errors = [error for each in caught for error in (each.elts if isinstance(each, ast.Tuple) else [each])]
    return all(error is not None and _REFUSED.search(terminal_name(error)) is not None for error in errors)


def _following(node: ast.AST, loop: ast.AST, parents: dict[ast.AST, ast.AST]) -> list[ast.stmt]:
    """Return the statements that come after a statement in the same turn of a loop, in all blocks around it."""
    found: list[ast.stmt] = []
    child = node
    while child is not loop:
        parent = parents[child]
        for field in ("body", "orelse", "finalbody"):
            block = getattr(parent, field, None)
            if isinstance(block, list) and child in block:
                found += block[block.index(child) + 1 :]
        child = parent
    return found


def _exit(block: list[ast.stmt]) -> Exit:
    """Return how a block ends, by its last statement."""
    last = block[-1] if block else None
    if isinstance(last, (ast.Return, ast.Break, ast.Raise)):
        return Exit.LEAVES
    if isinstance(last, ast.Continue):
        return Exit.CONTINUES
    if isinstance(last, (ast.With, ast.AsyncWith)):
        return _exit(last.body)
    if isinstance(last, ast.If) and last.orelse:
        ends = {_exit(last.body), _exit(last.orelse)}
        return ends.pop() if len(ends) == 1 else Exit.FALLS
    if isinstance(last, ast.Try):
        ends = {_exit(last.orelse or last.body), *(_exit(handler.body) for handler in last.handlers)}
        return ends.pop() if len(ends) == 1 else Exit.FALLS
    if isinstance(last, ast.Expr) and isinstance(last.value, ast.Call):
        return Exit.LEAVES if terminal_name(last.value.func) in ("exit", "_exit", "abort") else Exit.FALLS
    return Exit.FALLS


def _goes_on(attempt: ast.Try, following: list[ast.stmt]) -> bool:
    """Whether a failure leads to another turn."""
    leaves_later = any(isinstance(node, (ast.Return, ast.Break, ast.Raise)) for node in following)
    return any(
        _continues(handler) or (_exit(handler.body) is Exit.FALLS and not leaves_later) for handler in attempt.handlers
    )


def _continues(handler: ast.ExceptHandler) -> bool:
    """Whether a handler may go on with the next turn of the loop around it by `continue`."""
    return any(isinstance(node, ast.Continue) for node in own_nodes(handler))


def _is_done(attempt: ast.Try, following: list[ast.stmt]) -> bool:
    """Whether the loop is left once the work did not fail."""
    if _exit(attempt.body) is Exit.LEAVES or (attempt.orelse and _exit(attempt.orelse) is Exit.LEAVES):
        return not isinstance(attempt.body[-1], ast.Raise)
    return any(isinstance(node, (ast.Return, ast.Break)) for node in following)


def _may_leave(attempt: ast.Try) -> bool:
    """Whether the work leaves the loop on some condition, as `if response.ok: return response`."""
    return any(
        isinstance(node, (ast.Return, ast.Break))
        for statement in (*attempt.body, *attempt.orelse)
        for node in walk(statement)
    )


def _asks_for_result(loop: LoopNode, attempt: ast.Try) -> bool:
    """Whether the work asks if something is ready, with a pause in every turn and not only after a failure."""
    if not any(_RESULT.search(name) for statement in attempt.body for name in _texts(statement)):
        return False
    inside = {id(node) for handler in attempt.handlers for node in walk(handler)}
    return any(
        isinstance(node, ast.Call) and terminal_name(node.func) == "sleep" and id(node) not in inside
        for node in own_nodes(loop)
    )


def _texts(node: ast.AST) -> Iterator[str]:
    for part in walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value
        elif isinstance(part, (ast.Name, ast.Attribute)):
            yield terminal_name(part)


def rolls_back(attempt: ast.Try) -> bool:
    """Whether a failure ends a transaction that is then made anew: somebody else's was first."""
    return any(
        isinstance(node, ast.Call) and terminal_name(node.func) == "rollback"
        for handler in attempt.handlers
        for node in walk(handler)
    )


def _flags(loop: LoopNode, attempt: ast.Try) -> bool:
    """Whether the work, when done, changes what the condition of the loop asks: `connected = True`."""
    if not isinstance(loop, ast.While):
        return False
    asked = {_dotted(node) for node in walk(loop.test) if isinstance(node, (ast.Name, ast.Attribute))}
    return any(
        _dotted(target) in asked
        for statement in (*attempt.body, *attempt.orelse)
        for node in walk(statement)
        if isinstance(node, ast.Assign)
        for target in node.targets
    )


def _dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "?"


def _stops(loop: LoopNode, attempt: ast.Try, inside: list[ast.AST]) -> bool:
    """Whether a loop gives up at some point: it counts, or a failure may leave it."""
    if isinstance(loop, (ast.For, ast.AsyncFor)):
        endless = isinstance(loop.iter, ast.Call) and terminal_name(loop.iter.func) == "count"
        if not endless:
            return True
    elif any(isinstance(node, ast.Compare) for node in walk(loop.test)) or _counts_down(loop, inside):
        return True
    worked = {id(node) for statement in (*attempt.body, *attempt.orelse) for node in walk(statement)}
    return any(isinstance(node, (ast.Raise, ast.Return, ast.Break)) and id(node) not in worked for node in inside)


def _watches_clock(loop: ast.While) -> bool:
    """Whether a loop compares the time with a deadline."""
    return any(
        isinstance(part, ast.Call) and terminal_name(part.func) in _CLOCKS
        for compared in (*walk(loop.test), *own_nodes(loop))
        if isinstance(compared, ast.Compare)
        for part in walk(compared)
    )


def _counts_down(loop: ast.While, inside: list[ast.AST]) -> bool:
    """`while retries:` with `retries -= 1` in the body."""
    asked = {_dotted(node) for node in walk(loop.test) if isinstance(node, (ast.Name, ast.Attribute))}
    return any(isinstance(node, ast.AugAssign) and _dotted(node.target) in asked for node in inside)


def _wait_in(loop: LoopNode, inside: list[ast.AST], attempt: ast.Try, parents: dict[ast.AST, ast.AST]) -> Wait:
    """Return what a loop waits for between its tries, the best of what it shows."""
    changing = {node.id for node in inside if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    changing |= {node.attr for node in inside if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)}
    if not isinstance(loop, ast.While):
        changing |= {node.id for node in walk(loop.target) if isinstance(node, ast.Name)}
    worked = {id(node) for statement in attempt.body for node in walk(statement)}
    found = set()
    for node in inside:
        wait = _wait_of(node, changing) if isinstance(node, ast.Call) else Wait.NONE
        if wait is Wait.SAME and (id(node) in worked or _innermost(node, parents) is not loop):
            wait = Wait.UNKNOWN  # a pause that is part of the work, or many of them in a row
        found.add(wait)
    return next((wait for wait in (Wait.GROWING, Wait.UNKNOWN, Wait.SAME) if wait in found), Wait.NONE)


def _wait_of(call: ast.Call, changing: set[str]) -> Wait:
    name = terminal_name(call.func).lower()
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    if name not in ("sleep", "wait"):
        waits = name.startswith("wait") or any(word in name for word in _WAITING)
        return Wait.UNKNOWN if waits or _knows_the_try(name, given) else Wait.NONE
    if not given:
        return Wait.UNKNOWN
    parts = [part for argument in given for part in walk(argument)]
    if any(terminal_name(part) in changing for part in parts):
        return Wait.GROWING
    if any(isinstance(part, ast.Constant) and _is_long(part.value) for part in parts):
        return Wait.UNKNOWN
    return Wait.UNKNOWN if any(isinstance(part, (ast.Call, ast.Subscript)) for part in parts) else Wait.SAME


def _is_long(value: object) -> bool:
    return isinstance(value, (int, float)) and value >= _LONG


def _knows_the_try(name: str, given: list[ast.expr]) -> bool:
    """Whether a function is told which try this is, so that it may well wait accordingly."""
    told = any(isinstance(argument, ast.Name) and TRYING.search(argument.id) is not None for argument in given)
    return told and name not in _LOGGING and name not in ("range", "str", "int", "min", "max", "set_attribute")
