"""What becomes of a lazy relation in a turn: whether touching it asks the database, and for how many of the rows.

It may stand in for a column that is never empty, belong to a row that is read anew, be one side of a query that is
still put together, or be wanted of the one row that the loop looks for.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from flake8_scalability.catalog import batching, columns, relations, tables
from flake8_scalability.model.batching.item_reads import PREFETCHED
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.names import loads, names_in
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.queries.queries import Query
from flake8_scalability.model.queries.tables import definition
from flake8_scalability.project import mentions

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile


def is_no_read(access: ast.Attribute, query: Query, scope: Scope, repeated: list[ast.AST], source: SourceFile) -> bool:
    """Whether an access in a turn asks nothing that could have been loaded before, or is made for next to no row.

    repeated: what the loop runs for each row
    """
    if _is_fallback(access, query, scope, source) or _is_asked_further(access, query, scope, source):
        return True
    if query.family.name == "django" and _is_handed_on(access, scope, source):
        return True
    if _is_of_wanted_row(access, scope, source):
        return True
    row = terminal_name(access.value)
    calls = (part for top in repeated for part in walk(top) if isinstance(part, ast.Call))
    return any(_renews(part, row, source) for part in calls if part.lineno < access.lineno)


def _is_asked_further(access: ast.Attribute, query: Query, scope: Scope, source: SourceFile) -> bool:
    """Whether the rows of a manager are not taken, but put into another query: `found |= row.tags.all()`.

    That query is another one for each row, or one for all of them; what was loaded before serves it in neither case.
    """
    parents = source.parents(scope)
    method = parents.get(access)
    call = parents.get(method) if isinstance(method, ast.Attribute) else None
    if query.family.name != "django" or not isinstance(call, ast.Call) or call.func is not method:
        return False
    user = parents.get(call)
    if isinstance(user, (ast.AugAssign, ast.BinOp)):
        return isinstance(user.op, (ast.BitOr, ast.BitAnd))
    if isinstance(user, ast.Assign) and len(user.targets) == 1 and isinstance(user.targets[0], ast.Name):
        name, home = user.targets[0].id, scope.function or scope
        asking = [parents.get(each) for each in loads(name, home.node)]
        return bool(asking) and all(isinstance(each, ast.Attribute) and each.attr not in PREFETCHED for each in asking)
    return False


def _is_handed_on(access: ast.Attribute, scope: Scope, source: SourceFile) -> bool:
    """Whether the query of a manager is handed to what asks further, so that it is another one for each row.

    What takes the rows as they are is known by its name, or as a function of the project that narrows nothing.
    """
    parents = source.parents(scope)
    method = parents.get(access)
    rows = parents.get(method) if isinstance(method, ast.Attribute) else None
    taker = parents.get(rows) if isinstance(rows, ast.Call) and rows.func is method else None
    if not isinstance(taker, ast.Call) or rows not in taker.args:
        return False
    name = terminal_name(taker.func)
    if name in relations.TAKING or any(keyword.arg == "many" for keyword in taker.keywords):
        return False
    targets = [value.target for value in source.resolver.values(taker.func, scope) if value.target is not None]
    texts = [ast.unparse(target.node) for target in targets if target.is_function]
    if not texts and not source.settings.no_project:
        texts = list(mentions.functions_named(name, source.filename))
    return not texts or any(relations.FURTHER.search(text) is not None for text in texts)


def _is_of_wanted_row(access: ast.Attribute, scope: Scope, source: SourceFile) -> bool:
    """Whether an access stands under the question which row it is: `if row.name == name: … row.owner …`."""
    parents = source.parents(scope)
    row = terminal_name(access.value)
    child: ast.AST = access
    while (parent := parents.get(child)) is not None and not isinstance(parent, (ast.For, ast.AsyncFor)):
        asked: list[ast.expr] = []
        is_branch = isinstance(parent, ast.If) and child in parent.body
        if is_branch or (isinstance(parent, ast.IfExp) and child is parent.body):
            assert isinstance(parent, (ast.If, ast.IfExp))
            asked = [parent.test]
        elif isinstance(parent, ast.BoolOp) and isinstance(parent.op, ast.And) and isinstance(child, ast.expr):
            asked = parent.values[: parent.values.index(child)]
        elif isinstance(parent, (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)):
            asked = [test for each in parent.generators for test in each.ifs if child is not each]
        if any(_tells_apart(part, row) for test in asked for part in _all_of(test)):
            return True
        child = parent
    return False


def _all_of(test: ast.expr) -> list[ast.expr]:
    """Return what all has to be true for a test to be."""
    return test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) else [test]


def _tells_apart(part: ast.expr, row: str) -> bool:
    """Whether an expression compares what tells one row from the next with what is the same for all of them."""
    if not isinstance(part, ast.Compare) or not isinstance(part.ops[0], ast.Eq):
        return False
    sides = (part.left, part.comparators[0])
    return any(
        isinstance(side, ast.Attribute)
        and terminal_name(side.value) == row
        and tables.KEYS.search(side.attr) is not None
        and not isinstance(other, ast.Constant)
        and row not in names_in(other)
        for side, other in (sides, sides[::-1])
    )


def _is_fallback(access: ast.Attribute, query: Query, scope: Scope, source: SourceFile) -> bool:
    """Whether an access stands in for a column that is never empty: `row.label or row.owner.name`."""
    parents = source.parents(scope)
    child: ast.AST = access
    while isinstance(parent := parents.get(child), ast.expr):
        first = None
        if isinstance(parent, ast.BoolOp) and isinstance(parent.op, ast.Or) and child is not parent.values[0]:
            first = parent.values[0]
        elif isinstance(parent, ast.IfExp) and child is parent.orelse:
            first = parent.test
        if isinstance(first, ast.Attribute) and terminal_name(first.value) == terminal_name(access.value):
            return _is_filled(first.attr, query, source)
        child = parent
    return False


def _is_filled(name: str, query: Query, source: SourceFile) -> bool:
    """Whether a class declares a column that is not empty in any row."""
    table = definition(query.entity, source)
    for statement in table.body if table is not None else ():
        targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
        if any(isinstance(each, ast.Name) and each.id == name for each in targets):
            said = ast.unparse(statement)
            by_default = isinstance(statement, ast.AnnAssign) or query.family.name not in columns.NULLABLE_BY_DEFAULT
            return columns.MAY_BE_EMPTY.search(said) is None and (by_default or columns.FILLED in said)
    return False


def _renews(call: ast.Call, row: str, source: SourceFile) -> bool:
    """Whether a call reads a row anew, and so drops what its query had loaded with it."""
    name = terminal_name(call.func)
    if name in batching.RENEWING:
        owner = call.func.value if isinstance(call.func, ast.Attribute) else None
        return any(isinstance(each, ast.Name) and each.id == row for each in (owner, *call.args))
    if not any(isinstance(each, ast.Name) and each.id == row for each in call.args) or source.settings.no_project:
        return False
    renewing = re.compile(rf"\.({'|'.join(sorted(batching.RENEWING))})\(")
    return any(renewing.search(text) is not None for text in mentions.functions_named(name, source.filename))
