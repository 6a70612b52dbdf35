"""The identity of this machine or process: where it decides, is written down, or becomes part of an id."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from flake8_scalability.catalog import identity
from flake8_scalability.catalog.rows import expand
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.running import programs
from flake8_scalability.model.sites import spelled

if TYPE_CHECKING:
    from flake8_scalability.model.language.scopes import Scope
    from flake8_scalability.model.source import SourceFile

_TELLS = re.compile(identity.TELLS, re.IGNORECASE)
_ID = re.compile(identity.IDS, re.IGNORECASE)
_NO_ID = re.compile(identity.NO_IDS, re.IGNORECASE)
_INSTANCE = re.compile(identity.INSTANCES, re.IGNORECASE)
_ENTROPY = re.compile(identity.ENTROPY, re.IGNORECASE)
_EXITS = frozenset({"exit", "_exit", "quit"})


class Use(NamedTuple):
    """A use of the identity on which behaviour depends.

    node: where it stands
    scope: the scope of that
    what: the identity, as it is spelled where it is asked for
    why: what is done with it, as a sentence goes on
    instead: what to do
    """

    node: ast.AST
    scope: Scope
    what: str
    why: str
    instead: str


class _Origin(NamedTuple):
    """Where an identity comes from: the expression, its scope, and whether it is the machine's name or a number."""

    node: ast.expr
    scope: Scope
    spelled: str
    is_name: bool


@cache
def _paths() -> dict[str, bool]:
    found = dict.fromkeys(expand(identity.HOST), True)
    return {**found, identity.PROCESS: False, identity.CARD: False}


def uses(source: SourceFile) -> Iterator[Use]:
    """Yield the uses in a file on which behaviour depends; naming, logging and measuring are none.

    Nor is what a console does, which asks the one who sits before it.
    """
    if programs.asks(source):
        return
    for origin in _origins(source):
        if origin.scope.function is not None and _ENTROPY.search(origin.scope.function.name):
            continue
        for node, scope in _carriers(origin, source):
            use = _use(node, scope, origin, source)
            if use is not None:
                yield use
                break


@cache
def _names() -> frozenset[str]:
    return frozenset(path.rpartition(".")[2] for path in _paths())


def names() -> frozenset[str]:
    """Return words of which a file that asks who it is has one."""
    return _names() | {"uname", "getenv", "environ"}


def _origins(source: SourceFile) -> Iterator[_Origin]:
    for name in sorted(_names() & source.calls_by_name.keys()):
        for node, scope in source.calls_by_name[name]:
            found = source.resolver.paths(node.func, scope) & _paths().keys()
            # `socket.gethostbyname(socket.gethostname())` is one origin, the outer one
            if found and not (name == "gethostbyname" and not _asks_itself(node)):
                yield _Origin(node, scope, spelled(node.func) + "()", _paths()[found.pop()])
    if "nodename" in source.text:
        yield from _attributes(source)
    for name in ("getenv", "get") if "environ" in source.text or "getenv" in source.text else ():
        for node, scope in source.calls_by_name.get(name, ()):
            if source.resolver.paths(node.func, scope) & {"os.getenv", "os.environ.get"} and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and first.value in identity.VARIABLES:
                    yield _Origin(node, scope, str(first.value), True)


def _attributes(source: SourceFile) -> Iterator[_Origin]:
    for call, scope in source.calls_by_name.get("uname", ()):
        parent = source.parents(scope).get(call)
        if isinstance(parent, ast.Attribute) and parent.attr in ("nodename", "node"):
            yield _Origin(parent, scope, spelled(parent), True)


def _asks_itself(node: ast.Call) -> bool:
    return any(isinstance(part, ast.Call) and terminal_name(part.func) == "gethostname" for part in node.args)


def _carriers(origin: _Origin, source: SourceFile) -> Iterator[tuple[ast.expr, Scope]]:
    """Yield the expression itself, and the reads of the one name or attribute to which it is assigned as it is."""
    yield origin.node, origin.scope
    statement = _statement(origin.node, origin.scope, source)
    if not isinstance(statement, ast.Assign) or len(statement.targets) != 1 or statement.value is not origin.node:
        return
    target = statement.targets[0]
    name = terminal_name(target)
    home = origin.scope.lookup(name) if isinstance(target, ast.Name) else None
    if home is not None and len(home.bindings[name]) > 1:
        return  # what is compared later may well be something else
    for scope in source.scopes:
        if isinstance(target, ast.Name) and scope.lookup(name) is not home:
            continue
        for node in _reads(name, scope, isinstance(target, ast.Attribute)):
            yield node, scope


def _reads(name: str, scope: Scope, attribute: bool) -> Iterator[ast.expr]:
    """Yield the tests and the arguments of calls in which a name is read."""
    for kept in scope.of(ast.If, ast.While, ast.Call, ast.Return, ast.Assign):
        roots = [kept.test] if isinstance(kept, (ast.If, ast.While)) else [kept]
        for root in roots:
            for part in walk(root):
                kind = ast.Attribute if attribute else ast.Name
                if isinstance(part, kind) and terminal_name(part) == name and isinstance(part.ctx, ast.Load):
                    yield part


def _statement(node: ast.AST, scope: Scope, source: SourceFile) -> ast.AST:
    parents = source.parents(scope)
    while node in parents and not isinstance(node, ast.stmt):
        node = parents[node]
    return node


def _use(node: ast.expr, scope: Scope, origin: _Origin, source: SourceFile) -> Use | None:
    """Return what is done with an identity at one place, going outwards from it; None where that is harmless."""
    parents = source.parents(scope)
    child: ast.AST = node
    while child in parents:
        parent = parents[child]
        if _is_address(parent, child):
            return None
        found = _done_by(parent, child, origin, source)
        if found is not None:
            why, instead = found
            return Use(
                parent if isinstance(parent, (ast.Call, ast.Compare)) else node, scope, origin.spelled, why, instead
            )
        if isinstance(parent, (ast.stmt, ast.Lambda)) or (isinstance(parent, ast.Call) and _ends(parent, child)):
            return None
        child = parent
    return None


def _is_address(parent: ast.AST, child: ast.AST) -> bool:
    """Whether the name of the machine stands behind the sign of a mail address."""
    if isinstance(parent, ast.JoinedStr):
        before = parent.values[parent.values.index(child) - 1] if child in parent.values[1:] else None
        return isinstance(before, ast.Constant) and str(before.value).endswith("@")
    text = parent.func.value if isinstance(parent, ast.Call) and isinstance(parent.func, ast.Attribute) else None
    return isinstance(text, ast.Constant) and isinstance(text.value, str) and "@{" in text.value


def _ends(call: ast.Call, child: ast.AST) -> bool:
    """Whether a call is no mere conversion of the identity: what it gives is something else."""
    return child is not call.func and terminal_name(call.func) not in (
        "str", "int", "hash", "abs", "format", "join", "encode", "hex", "bytes", "dumps", "crc32", "md5", "repr",
    )  # fmt: skip


def _done_by(parent: ast.AST, child: ast.AST, origin: _Origin, source: SourceFile) -> tuple[str, str] | None:
    if isinstance(parent, ast.Compare) and origin.is_name and _decides(parent, child):
        return "decides what this instance does", "elect a leader or ask the configuration"
    if isinstance(parent, ast.BinOp) and isinstance(parent.op, (ast.Mod, ast.BitAnd)) and child is parent.left:
        if not _numbers_instance(parent, origin, source):
            return None
        return "numbers this instance, and two get the same", "let a shared store give the number"
    if isinstance(parent, ast.Call):
        return _handed_to(parent, child, origin, source)
    if isinstance(parent, ast.keyword) and parent.arg:
        return _named(parent.arg)
    if isinstance(parent, ast.Assign):
        return next((found for target in parent.targets if (found := _named(terminal_name(target)))), None)
    if isinstance(parent, ast.Dict) and child in parent.values:
        key = parent.keys[parent.values.index(child)]
        return _named(key.value) if isinstance(key, ast.Constant) and isinstance(key.value, str) else None
    return None


def _numbers_instance(reduced: ast.BinOp, origin: _Origin, source: SourceFile) -> bool:
    """Whether a reduced number is that of an instance, by what it is assigned to, given as or returned by."""
    statement = _statement(reduced, origin.scope, source)
    function = origin.scope.function
    names = [terminal_name(target) for target in getattr(statement, "targets", ())]
    names += [part.arg or "" for part in walk(statement) if isinstance(part, ast.keyword) and part.value is reduced]
    if isinstance(statement, ast.Return) and function is not None:
        names.append(function.name)
    return any(_INSTANCE.search(name) for name in names)


def _decides(comparison: ast.Compare, child: ast.AST) -> bool:
    """Whether the machine's name is compared with one that is written out, or configured.

    Beside an empty text it is only asked whether there is a name.
    """
    others = [part for part in (comparison.left, *comparison.comparators) if part is not child]
    return any(
        (isinstance(part, ast.Constant) and isinstance(part.value, str) and bool(part.value))
        or terminal_name(part).isupper()
        or (isinstance(part, (ast.Tuple, ast.List, ast.Set)) and part.elts)
        or (isinstance(part, ast.Subscript) and terminal_name(part.value) in ("environ", "config"))
        for part in others
    )


def _handed_to(call: ast.Call, child: ast.AST, origin: _Origin, source: SourceFile) -> tuple[str, str] | None:
    name = terminal_name(call.func)
    receiver = terminal_name(call.func.value) if isinstance(call.func, ast.Attribute) else ""
    if child is call.func:
        return None
    to_file = name in identity.WRITES and not _TELLS.fullmatch(receiver) and not origin.is_name
    if not to_file and not (receiver == "os" and name == "write"):
        return None
    if "O_EXCL" in source.text:
        return "elects one process of this machine only, by a file", "use a shared lock"
    if any(word in source.text for word in identity.LOCKING) and not any(w in source.text for w in identity.ASKING):
        return None  # a lock does the work, and the number in the file is for those who look
    if any(word in source.text for word in identity.ENDING):
        return None  # start, stop and status of the program's own
    if not any(word in source.text for word in identity.ASKING) and not _asks_whether_present(origin):
        return None  # nobody decides by the file; whoever started the process reads it
    return "marks this machine only, in a pid file", "use a shared lock or the orchestrator"


def _asks_whether_present(origin: _Origin) -> bool:
    """Whether the code that writes the file does so only where none is there, or ends where one is."""
    for node in origin.scope.of(ast.If):
        assert isinstance(node, ast.If)
        if not any(terminal_name(part) in identity.PRESENT for part in walk(node.test)):
            continue
        last = node.body[-1]
        called = last.value if isinstance(last, ast.Expr) else None
        leaves = isinstance(called, ast.Call) and terminal_name(called.func) in _EXITS
        if leaves or isinstance(last, (ast.Raise, ast.Return)):
            return True
        if any(part is origin.node for statement in node.body for part in walk(statement)):
            return True
    return False


def _named(name: str) -> tuple[str, str] | None:
    """Return what is wrong where the identity becomes part of an id of something that is no process."""
    if _ID.fullmatch(name) and not _NO_ID.search(name) and name != "id":
        return "becomes part of an id, and is neither stable nor unique", "use uuid4 or a sequence"
    return None
