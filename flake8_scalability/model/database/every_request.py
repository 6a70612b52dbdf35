"""Writes that every request pays: in middleware, in hooks, and where the caller of a request is found."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_scalability.catalog import every_request as known
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.names import targets
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.sites import CallSite, spelled
from flake8_scalability.project import mentions

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

_STEPS = 2
_BRANCHES = (ast.ExceptHandler, ast.While, ast.IfExp, ast.BoolOp)


def writes(source: SourceFile) -> Iterator[CallSite]:
    """Yield the first write of each function that runs for every request, unless it is made once in a while."""
    written = {run.node for run in source.query_runs if run.query.writes}
    if not (written or source.calls_by_name.keys() & (known.SAVING | known.COMMITTING)) or source.is_tool:
        return
    told: set[ast.Call] = set()
    for function in functions(source):
        found = _first_write(function, source, written, _STEPS)
        if found is not None and found.node not in told:
            told.add(found.node)
            yield found


def session_setting(source: SourceFile) -> ast.Assign | None:
    """Return the setting of Django's that saves the session for every request, where sessions are in the database."""
    if known.SAVE_SETTING not in source.text or source.is_tool:
        return None
    found = None
    for node in source.module.of(ast.Assign):
        assert isinstance(node, ast.Assign)
        name = terminal_name(node.targets[0])
        if name == known.SAVE_SETTING and isinstance(node.value, ast.Constant) and node.value.value is True:
            found = node
        if name == known.ENGINE_SETTING and known.DATABASE_ENGINE.search(ast.unparse(node.value)) is None:
            return None
    if found is None or _has_sessions_elsewhere(source) or _has_sessions_of_admins(source):
        return None
    return found


def _has_sessions_elsewhere(source: SourceFile) -> bool:
    """Whether other settings of the project, as those for production, keep sessions in something else."""
    if source.settings.no_project:
        return False
    return mentions.is_said_elsewhere((known.OTHER_ENGINE,), known.ENGINE_SETTING, source.filename)


def _has_sessions_of_admins(source: SourceFile) -> bool:
    """Whether only administrators have sessions: the callers of the API send tokens, and a login leads to the admin.

    Django saves no session that has nothing in it.
    """
    classes = known.API_AUTHENTICATION.search(source.text)
    if classes is None or known.BY_SESSION.search(classes[1]) is not None:
        return False
    return known.ADMIN_LOGIN.search(source.text) is not None


def functions(source: SourceFile) -> list[Scope]:
    """Return the functions of the file that a framework runs for every request."""
    return source.once(_functions)


def _functions(source: SourceFile) -> list[Scope]:
    return list(_found(source))


def _found(source: SourceFile) -> Iterator[Scope]:
    handed = {
        terminal_name(argument)
        for name in known.HOOKS
        for call, _ in source.calls_by_name.get(name, ())
        for argument in call.args
        if isinstance(argument, (ast.Name, ast.Attribute))
    }
    for scope in source.scopes:
        if scope.is_function and (
            scope.name in handed
            or any(terminal_name(_callee(each)) in known.HOOKS for each in scope.decorators)
            or _is_middleware(scope)
            or _authenticates(scope)
            or _is_dependency(scope)
        ):
            yield scope


def _callee(node: ast.expr) -> ast.expr:
    return node.func if isinstance(node, ast.Call) else node


def _is_middleware(scope: Scope) -> bool:
    if scope.is_method and scope.parent is not None:
        wanted = known.MIDDLEWARE_METHODS.get(scope.name)
        if wanted is not None and tuple(scope.parameters)[1 : 1 + len(wanted)] == wanted:
            return "iddleware" in ast.unparse(scope.parent.node).partition("\n")[0]
        maker = next((each for each in scope.parent.inner if each.name == "__init__"), None)
        return scope.name in ("__call__", "__acall__") and maker is not None and known.NEXT in maker.parameters
    outer = scope.parent.function if scope.parent is not None else None
    return outer is not None and known.NEXT in outer.parameters and list(scope.parameters)[:1] == ["request"]


def _authenticates(scope: Scope) -> bool:
    if not scope.is_method or scope.name not in known.AUTHENTICATING or scope.parent is None:
        return False
    assert isinstance(scope.parent.node, ast.ClassDef)
    return any(known.AUTHENTICATION_BASE.search(terminal_name(base)) for base in scope.parent.node.bases)


def _is_dependency(scope: Scope) -> bool:
    """Whether a function finds the caller of a request for FastAPI: by its name, and what it depends on itself."""
    if known.DEPENDENCY.match(scope.name) is None or not isinstance(
        scope.node, (ast.FunctionDef, ast.AsyncFunctionDef)
    ):
        return False
    marks = (terminal_name(part) for part in walk(scope.node.args) if isinstance(part, (ast.Name, ast.Attribute)))
    return not known.DEPENDENCY_MARKS.isdisjoint(marks)


# What it writes


def _first_write(function: Scope, source: SourceFile, written: set[ast.expr], steps: int) -> CallSite | None:
    if _refuses_by_stored(function):
        return None
    for scope in function.walk_same_call():
        for node in sorted(scope.of(ast.Call), key=lambda each: getattr(each, "lineno", 0)):
            assert isinstance(node, ast.Call)
            site = source.site(node, scope)
            if _writes(site, function, written) and not _is_seldom(site, function):
                return site
    for edge in source.graph.out_of.get(function, ()) if steps else ():
        call = source.site(edge.node, edge.caller)
        if not edge.handed and not call.is_deferred and edge.target is not function and not _is_seldom(call, function):
            found = _first_write(edge.target, source, written, steps - 1)
            if found is not None:
                return call
    return None


def _refuses_by_stored(function: Scope) -> bool:
    """Whether a function turns a request away by a column that it then sets: a counter against replay, a quota.

    What the next request is held against has to be written for this one: nothing else would do.
    """
    refusing: set[str] = set()
    changed: set[str] = set()
    for node in walk(function.node):
        if isinstance(node, ast.If) and isinstance(node.body[-1], ast.Raise):
            compared = (part for part in walk(node.test) if isinstance(part, ast.Compare))
            refusing |= {spelled(part) for each in compared for part in walk(each) if isinstance(part, ast.Attribute)}
        changes = [node.target] if isinstance(node, ast.AugAssign) else targets(node)
        changed |= {spelled(target) for target in changes if isinstance(target, ast.Attribute)}
    return not refusing.isdisjoint(changed)


def _writes(site: CallSite, function: Scope, written: set[ast.expr]) -> bool:
    if site.is_deferred:
        return False
    if site.node in written:
        return terminal_name(site.node.func) not in ("get_or_create", "update_or_create")
    if not isinstance(site.node.func, ast.Attribute):
        return False
    owner = terminal_name(site.node.func.value)
    name = site.node.func.attr
    if name in known.SAVING:
        return bool(owner) and known.NOT_ROWS.search(owner) is None and _changes(function, owner)
    return name in known.COMMITTING and _changes(function, "")


def _changes(function: Scope, owner: str) -> bool:
    """Whether a function changes an attribute of a row, of one name or of any, or adds a row to a session."""
    for scope in function.walk_same_call():
        for node in scope.of(ast.Assign, ast.AugAssign):
            assert isinstance(node, (ast.Assign, ast.AugAssign))
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                if not isinstance(target, ast.Attribute):
                    continue
                holder = terminal_name(target.value)
                if holder == owner or (
                    not owner and holder not in ("self", "request", "g", "state", "response", "cls")
                ):
                    return not _is_under_rare_test(target, function)
    return False


def _is_under_rare_test(node: ast.AST, function: Scope) -> bool:
    """Whether a change stands under a test that not every request passes."""
    return any(
        isinstance(part, ast.If) and part.lineno < getattr(node, "lineno", 0) <= (part.end_lineno or 0)
        and not _is_usual(part, node)
        for part in walk(function.node)
    )  # fmt: skip


def _is_usual(branch: ast.If, node: ast.AST) -> bool:
    """Whether most requests go into the branch in which a node stands: somebody is logged in."""
    line = getattr(node, "lineno", 0)
    if not branch.body[0].lineno <= line <= (branch.body[-1].end_lineno or 0):
        return False
    for part in walk(branch.test):
        if isinstance(part, ast.Compare) and not all(isinstance(each, ast.IsNot) for each in part.ops):
            return False
        if isinstance(part, ast.UnaryOp) and isinstance(part.op, ast.Not):
            return False
        if isinstance(part, ast.Call) and terminal_name(part.func) not in ("hasattr", "getattr", "isinstance"):
            return False
        name = terminal_name(part)
        if name and known.USUAL.match(name) is None:
            return False
    return True


def _is_seldom(site: CallSite, function: Scope) -> bool:
    """Whether a call is not made every time: under a test, after one that leaves, or in a handler of errors."""
    for child, parent in site.ancestors():
        if isinstance(parent, _BRANCHES):
            return True
        if isinstance(parent, ast.If) and child is not parent.test and not _is_usual(parent, site.node):
            return True
    for part in walk(function.node):
        if isinstance(part, ast.If) and part.lineno < site.node.lineno and _leaves_seldom(part):
            return True
    return False


def _leaves_seldom(branch: ast.If) -> bool:
    """Whether a test lets the function end before, since the write was made a short while ago, or is of no need."""
    if not isinstance(branch.body[-1], (ast.Return, ast.Raise)):
        return False
    if isinstance(branch.body[-1], ast.Raise):
        return False
    names = {terminal_name(part) for part in walk(branch.test)}
    ordered = any(
        isinstance(part, ast.Compare) and isinstance(part.ops[0], (ast.Lt, ast.LtE, ast.Gt, ast.GtE))
        for part in walk(branch.test)
    )
    return ordered or any(known.SELDOM.search(name) for name in names if name)
