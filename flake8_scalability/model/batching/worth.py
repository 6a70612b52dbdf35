"""Worth: does it matter that the turns of a loop go to the database one by one?

Not to parts of one thing, of which somebody has put a handful on one form; not on pages for operators; and not beside
another service that each turn waits for longer.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from flake8_scalability.catalog import batching
from flake8_scalability.catalog.rows import System
from flake8_scalability.model.batching.item_origins import Origin, Origins
from flake8_scalability.model.batching.per_item import Turn, headers, targets_of
from flake8_scalability.model.language import reaching
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.running import operators

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

#: What a turn waits for longer than for a query.
_SLOWER = frozenset({System.HTTP, System.LLM, System.STORAGE})
#: What is called for its effect on a collection of the function's own, to look at an item, or to tell of it.
_NOTES = re.compile(
    r"^_*(append\w*|extend|update|insert|remove|discard|pop|clear|sort|write\w*|print|echo|put|next|join|"
    r"(log|debug|info|warn\w*|error|exception|report|execute|validate|check|ensure)(_\w+)?|set|setattr|delattr|add)$"
)
#: Functions that answer yes or no to what they are given.
_QUESTION = re.compile(r"^_*(\w+_)?(has|is|can|are|may)_\w+$")


def is_lost(turn: Turn, scope: Scope, source: SourceFile) -> bool:
    """Whether what a turn costs is of no matter: few people cause it, it walks a tree, or waits for something else."""
    function = scope.function
    if function is not None and (operators.only(scope, source) or _walks(turn, function) or _ends_program(function)):
        return True
    inside = set(walk(turn.loop.node))
    return any(
        site.api is not None and site.api.system in _SLOWER and site.api.makes is None and site.node in inside
        for site in source.sites
    )


def _walks(turn: Turn, function: Scope) -> bool:
    """Whether a turn calls the function that it stands in, as what walks through a tree does."""
    return any(
        isinstance(part, ast.Call) and terminal_name(part.func) == function.name for part in walk(turn.loop.node)
    )


def _ends_program(function: Scope | None) -> bool:
    """Whether a function, or one around it, ends the process where something is wrong: somebody has run it by hand."""
    while function is not None:
        calls = (node.func for node in function.of(ast.Call) if isinstance(node, ast.Call))
        if function.is_function and any(terminal_name(func) == "exit" and _is_of_system(func) for func in calls):
            return True
        function = function.parent
    return False


def _is_of_system(func: ast.expr) -> bool:
    return isinstance(func, ast.Name) or (isinstance(func, ast.Attribute) and terminal_name(func.value) == "sys")


def is_asked_about(turn: Turn, scope: Scope, source: SourceFile) -> bool:
    """Whether a function answers yes or no to what its caller has named: `has_permissions(user, names)`."""
    function = scope.function
    return (
        function is not None
        and _QUESTION.match(function.name) is not None
        and all(
            Origins(source).of(iterable, scope) in (Origin.GIVEN, Origin.KEYS, Origin.NAMED)
            for _, iterable in headers(turn.loop.node)
        )
    )


def works(turn: Turn, scope: Scope, source: SourceFile, besides: str = "") -> bool:
    """Whether a turn has something done by its item, or to it, by a call of the project's own for its effect alone.

    besides: the name of a row that is saved, whose own methods give it what is saved
    """
    items = {name for part in walk(turn.loop.node) for name, _ in targets_of(part)}
    for part in walk(turn.loop.node):
        done = part.value if isinstance(part, ast.Expr) else None
        call = done.value if isinstance(done, ast.Await) else done
        if not isinstance(call, ast.Call) or not _is_done_to(items, call):
            continue
        if besides and isinstance(call.func, ast.Attribute) and terminal_name(call.func.value) == besides:
            continue
        if source.queries.of(call, scope) is None and source.site(call, scope).api is None:
            return True
    return False


def _is_done_to(items: set[str], call: ast.Call) -> bool:
    """Whether a call is a method of an item, or is handed one as it is."""
    owner = call.func
    if terminal_name(owner)[:1].isupper():
        return False
    while isinstance(owner, ast.Attribute):
        owner = owner.value
    handed = any(isinstance(each, ast.Name) and each.id in items for each in call.args)
    own = isinstance(call.func, ast.Attribute) and isinstance(owner, ast.Name) and owner.id in items
    return (own or handed) and not any(names.match(terminal_name(call.func)) for names in (_NOTES, batching.ACTING))


def is_sent(turn: Turn, scope: Scope, source: SourceFile) -> bool:
    """Whether a loop goes over what a request, an upload or another service has brought."""
    found = (Origins(source).of(iterable, scope) for _, iterable in headers(turn.loop.node))
    return any(origin in (Origin.FORM, Origin.CHOSEN, Origin.SENT) for origin in found)


def are_rows(turn: Turn, scope: Scope, source: SourceFile) -> bool:
    """Whether a loop goes over the rows of a query that the file shows."""
    found = (Origins(source).of(iterable, scope) for _, iterable in headers(turn.loop.node))
    return any(origin in (Origin.HELD, Origin.ROWS) for origin in found)


def writes(turn: Turn) -> bool:
    """Whether a turn writes what it has looked up, or something made of it."""
    called = (terminal_name(part.func) for part in walk(turn.loop.node) if isinstance(part, ast.Call))
    return any(batching.ACTING.match(name) is not None and not name.startswith(("send", "notify")) for name in called)


def is_part_of_one(turn: Turn, node: ast.Call, scope: Scope, source: SourceFile) -> bool:
    """Whether rows made of what a request has sent belong to one thing, which all turns name: `order=order`."""
    if not is_sent(turn, scope, source):
        return False
    made: list[ast.expr | None] = [node]
    if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):  # the row that is saved
        made += [each.value for each in reaching.bindings(node.func.value, scope, source)]
    return any(
        isinstance(keyword.value, ast.Name) and keyword.arg is not None and not turn.concerns(keyword.value)
        for call in made
        if isinstance(call, ast.Call) and is_made(terminal_name(call.func))
        for keyword in call.keywords
    )


def is_made(name: str) -> bool:
    """Whether a call of a name makes a row: of a manager, or of a class."""
    return name in ("create", "acreate") or name[:1].isupper()
