"""Check, then insert: a row is made because a query did not find it, and nothing stops a second writer.

Only tables count whose class is in sight, in the file or in the project: where one of the checked columns is unique,
the second writer gets an error, and no row is there twice.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from flake8_scalability.catalog import updates as catalog
from flake8_scalability.catalog.tables import OWNERS
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.names import loads
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.scaling.rows import chain
from flake8_scalability.model.scaling.updates import Update
from flake8_scalability.model.scaling.writers import is_guarded, is_serving
from flake8_scalability.model.source import SourceFile
from flake8_scalability.project import constraints, tables, tolerated
from flake8_scalability.project.tables import Table

_ENDS = frozenset({
    "exists", "aexists", "first", "afirst", "one_or_none", "get", "aget", "scalar", "scalar_one_or_none", "get_or_none",
    "find_one",
})  # fmt: skip
#: Those that take one of the rows that they find, however many there are.
_FIRST_OF = frozenset({"first", "afirst"})
#: Calls that are handed the class whose rows are asked for, and attributes of that class through which they are.
_NAMING = frozenset({"query", "select"})
_MANAGERS = frozenset({"objects", "query"})
_MAKING = frozenset({"create", "acreate", "insert"})
_INSTEAD = "add a unique constraint"
#: Where a constant is asked for as well, rows with another value may be there more than once.
_INSTEAD_OF_FLAG = "add a partial unique index"
#: So many characters of columns are named; of the others only how many there are.
_ROOM = 36
_EXACT = ("", "exact", "iexact", "id", "pk")


class _Check(NamedTuple):
    """A query that looks for a row: its call, the class and the values of the columns that it asks for."""

    node: ast.Call
    model: ast.Name
    columns: dict[str, str]


def names() -> frozenset[str]:
    """Return words of which a file that asks for a row of a model has at least one."""
    return _NAMING | _MANAGERS


def insertions(source: SourceFile) -> Iterator[Update]:
    """Yield the inserts of rows that a query of the same function has just not found."""
    if "IntegrityError" in source.text:
        return
    ends = _ENDS & source.calls_by_name.keys()
    asking: dict[Scope, list[_Check]] = {}
    for node, scope in (each for name in ends for each in source.calls_by_name[name] if each[1].is_function):
        check = _check(node)
        if check is not None:
            asking.setdefault(scope, []).append(check)
    for function in source.scopes if asking else ():
        if function not in asking or not is_serving(function, source):
            continue
        calls = [node for node in function.of(ast.Call) if isinstance(node, ast.Call)]
        calls.sort(key=_place)
        checks = sorted(asking[function], key=lambda check: _place(check.node))
        for check in checks:
            insert = next((call for call in calls if _inserts(call, check, function, source)), None)
            if insert is None or not _is_free(check, insert, function, source):
                continue
            if any(_keeps_out(each, check, insert, function, source) for each in checks):
                continue
            if _takes_any(check, source):
                continue
            if is_guarded(function, source) or catalog.HANDLED.search(_text(function, source)):
                break
            flagged = any(_is_constant(value) for value in check.columns.values())
            columns = f"({_named(sorted(check.columns))})"
            instead = _INSTEAD_OF_FLAG if flagged else _INSTEAD
            yield Update(insert, check.model.id, function, instead, "may be inserted twice", columns=columns)
            break


def _named(columns: list[str]) -> str:
    """Return the columns as a message has room for them: the first ones, and how many there are beside them."""
    shown = len(columns)
    while shown > 1 and len("+".join(columns[:shown])) > _ROOM:
        shown -= 1
    rest = len(columns) - shown
    return "+".join(columns[:shown]) + (f" and {rest} more" if rest else "")


def _place(node: ast.Call) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _text(function: Scope, source: SourceFile) -> str:
    node = function.node
    assert isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    return "".join(source.lines[node.lineno - 1 : node.end_lineno or node.lineno])


# The query


def _check(node: ast.Call) -> _Check | None:
    """Return what a call looks for, where it is the end of a query by equal values of columns."""
    if terminal_name(node.func) not in _ENDS:
        return None
    model: ast.Name | None = None
    columns: dict[str, str] = {}
    for call in _calls_in_chain(node):
        name = terminal_name(call.func)
        if name in ("query", "select", "get", "aget", "filter", "filter_by", "where", "find_one", "objects", "exists"):
            model = _model_of(call) or model
        if name in ("filter", "filter_by", "get", "aget", "where", "find_one", "objects", "get_or_none"):
            found = _equalities(call)
            if found is None:
                return None
            columns.update(found)
        elif name in ("exclude", "join", "outerjoin", "annotate", "order_by", "group_by", "values", "func", "count"):
            return None
    return _Check(node, model, columns) if model is not None and columns else None


def _calls_in_chain(node: ast.Call) -> Iterator[ast.Call]:
    """Yield the calls of a chain, and the query that a session is handed: `session.execute(select(...))`."""
    current: ast.expr = node
    while isinstance(current, (ast.Call, ast.Attribute, ast.Await)):
        if isinstance(current, ast.Call):
            yield current
            handed = current.args[0] if current.args else None
            if terminal_name(current.func) in ("execute", "scalar", "scalars", "exec") and isinstance(handed, ast.Call):
                yield from _calls_in_chain(handed)
            current = current.func
        else:
            current = current.value


def _model_of(call: ast.Call) -> ast.Name | None:
    """Return the class that a part of a query names: `Model.objects.filter`, `query(Model)`, `select(Model)`."""
    if terminal_name(call.func) in _NAMING and call.args:
        first = call.args[0]
        first = first.value if isinstance(first, ast.Attribute) else first
        return first if isinstance(first, ast.Name) and first.id[:1].isupper() else None
    root: ast.expr = call.func
    while isinstance(root, (ast.Attribute, ast.Call)):
        root = root.value if isinstance(root, ast.Attribute) else root.func
    known = not _MANAGERS.isdisjoint(chain(call.func))
    return root if known and isinstance(root, ast.Name) and root.id[:1].isupper() else None


def _equalities(call: ast.Call) -> dict[str, str] | None:
    """Return the columns and values of a filter; None where it asks for anything but equal values."""
    found: dict[str, str] = {}
    for keyword in call.keywords:
        if keyword.arg is None:
            return None
        name, _, lookup = keyword.arg.partition("__")
        if lookup not in _EXACT:
            return None
        found[name] = ast.unparse(keyword.value)
    for given in call.args:
        equal = isinstance(given, ast.Compare) and len(given.ops) == 1 and isinstance(given.ops[0], ast.Eq)
        if not equal or not isinstance(given, ast.Compare) or not isinstance(given.left, ast.Attribute):
            return None
        found[given.left.attr] = ast.unparse(given.comparators[0])
    return found


# The insert


def _inserts(call: ast.Call, check: _Check, function: Scope, source: SourceFile) -> bool:
    """Whether a call makes a row with the values that the check asked for, because the check found none."""
    if (call.lineno, call.col_offset) <= (check.node.lineno, check.node.col_offset):
        return False
    given = {keyword.arg: ast.unparse(keyword.value) for keyword in call.keywords if keyword.arg is not None}
    if isinstance(call.func, ast.Name):
        made = call.func.id == check.model.id and _is_kept(call, function, source)
    else:
        names = chain(call.func)
        made = names[-1:] != [] and names[-1] in _MAKING and names[0] == check.model.id
    if not made or not given:
        return False
    same = [name for name, value in check.columns.items() if given.get(name) == value]
    constant = [name for name, value in check.columns.items() if name not in given and _is_flag(value)]
    if not same or len(same) + len(constant) < len(check.columns):
        return False
    return _depends(call, check, function, source)


def _is_kept(made: ast.Call, function: Scope, source: SourceFile) -> bool:
    """Whether an object that is made may become a row: it saves itself, or something is handed it or holds it.

    One that only has another method called is a carrier of its values: `Document(key=key).forget_file()`.
    """
    parents = source.parents(function)
    parent = parents.get(made)
    if isinstance(parent, ast.Attribute):
        return parent.attr in catalog.SAVING
    target = parent.targets[0] if isinstance(parent, ast.Assign) else None
    if not isinstance(target, ast.Name):
        return True
    uses = [parents.get(each) for each in loads(target.id, function.node)]
    return any(not isinstance(use, ast.Attribute) or use.attr in catalog.SAVING for use in uses)


def _is_flag(text: str) -> bool:
    """Whether a column that only the check names has a value that new rows have by themselves.

    A word (`status="submitted"`) is rather a state that rows come to later, and that the new one does not have.
    """
    return text in ("True", "False", "None") or text[:1].isdigit()


def _is_constant(text: str) -> bool:
    return text in ("True", "False", "None") or text[:1] in "'\"0123456789"


def _depends(insert: ast.Call, check: _Check, function: Scope, source: SourceFile) -> bool:
    """Whether the insert runs only where the check found nothing: in a branch, a handler, or after one that leaves."""
    parents = source.parents(function)
    names = _names_of(check.node, function)
    child: ast.AST = insert
    parent = parents.get(child)
    while parent is not None and parent is not function.node:
        if isinstance(parent, ast.If) and _asks(parent.test, check.node, names):
            return child is not parent.test
        if isinstance(parent, ast.ExceptHandler):
            attempt = parents.get(parent)
            found = parent.type is not None and "DoesNotExist" in ast.unparse(parent.type)
            if found and attempt is not None and any(part is check.node for part in walk(attempt)):
                return True
        child, parent = parent, parents.get(parent)
    for node in function.of(ast.If):
        assert isinstance(node, ast.If)
        between = check.node.lineno <= node.lineno < insert.lineno and _asks(node.test, check.node, names)
        if between and isinstance(node.body[-1], (ast.Raise, ast.Return, ast.Continue)):
            return True
    return False


def _names_of(check: ast.Call, function: Scope) -> set[str]:
    for node in function.of(ast.Assign):
        assert isinstance(node, ast.Assign)
        if any(part is check for part in walk(node.value)):
            return {target.id for target in node.targets if isinstance(target, ast.Name)}
    return set()


def _asks(test: ast.expr, check: ast.Call, names: set[str]) -> bool:
    return any(part is check or (isinstance(part, ast.Name) and part.id in names) for part in walk(test))


# The table


def _is_free(check: _Check, insert: ast.Call, function: Scope, source: SourceFile) -> bool:
    """Whether the table of the check is in sight, and none of its constraints keeps a second row with its values out.

    A constraint does that whose columns are among the checked ones; or among those that the insert gives, and one of
    them is a checked one, or computed from it: who asks twice at once gives the same.  None can
    stand where the first of a parent's rows gets a name of its own.
    """
    table = _table(check.model, function, source)
    if table is None:
        return False
    columns = _plain(check.columns)
    if not columns <= _plain(table.columns):
        return False
    given = _plain(keyword.arg for keyword in insert.keywords if keyword.arg is not None)
    derived = {column for column, origin in table.derived if origin in columns}
    columns, given = columns | derived, given | derived | _plain(table.needed)
    of_parent = len(check.columns) == 1 or all(OWNERS.search(name) for name in check.columns)
    if of_parent and any(_is_named(each) and each.arg not in check.columns for each in insert.keywords):
        return False
    asked = set(check.columns.values())
    same = _plain(each.arg for each in insert.keywords if each.arg is not None and ast.unparse(each.value) in asked)

    def keeps_out(constraint: frozenset[str]) -> bool:
        each = _plain(constraint)
        return bool(each) and (each <= columns or each <= same or (each <= given and bool(each & columns)))

    return not any(map(keeps_out, constraints.of(table, None if source.settings.no_project else source.filename)))


def _is_named(given: ast.keyword) -> bool:
    return given.arg in catalog.NAMES and _is_constant(ast.unparse(given.value))


def _keeps_out(other: _Check, check: _Check, insert: ast.Call, function: Scope, source: SourceFile) -> bool:
    """Whether another query before an insert of the same row asks for columns that a constraint keeps unique."""
    if other is check or other.model.id != check.model.id or not _inserts(insert, other, function, source):
        return False
    table = _table(other.model, function, source)
    columns = _plain(other.columns)
    return table is not None and any(_plain(each) <= columns for each in table.unique if each)


def _takes_any(check: _Check, source: SourceFile) -> bool:
    """Whether the first of the rows that are found will do, and the project is ready to find several of them."""
    return (
        terminal_name(check.node.func) in _FIRST_OF
        and not source.settings.no_project
        and tolerated.finds_several(check.model.id, source.filename)
    )


def _plain(names: Iterable[str]) -> set[str]:
    return {name.removesuffix("_id") for name in names}


def _table(model: ast.Name, function: Scope, source: SourceFile) -> Table | None:
    for value in source.resolver.values(model, function):
        if value.path in catalog.UNIQUE_COLUMNS:
            known = catalog.UNIQUE_COLUMNS[value.path]
            return Table(known | {"email"}, tuple(frozenset({name}) for name in known))
        if value.target is not None and isinstance(value.target.node, ast.ClassDef):
            return tables.described(value.target.node)
        if value.path and not source.settings.no_project:
            return tables.table(model.id, value.path, source.filename)
    return None
