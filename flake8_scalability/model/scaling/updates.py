"""Lost updates: a row is read, a field of it changed by what it was, and the row written back.

Only objects count that come from a query of the file, that a mapped class itself is, or that an attribute of such an
object gives.  Whatever keeps two writers apart in sight (a row lock, `F()`, a lock, a version) silences a function.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from flake8_scalability.catalog import updates as catalog
from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Binding, Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.scaling import rows, transitions
from flake8_scalability.model.scaling.writers import is_guarded, is_serving
from flake8_scalability.model.sites import spelled
from flake8_scalability.model.source import SourceFile

_ARITHMETIC = (ast.Add, ast.Sub)


class Update(NamedTuple):
    """A change that another writer's may overwrite.

    node: where the finding stands
    what: the field, key or table as the user wrote it
    function: the function in which it is changed
    instead: what to do
    effect: what becomes of it when two write at once
    more: how many other fields of the same row are changed like it there
    columns: those of a table by which a row is looked for
    """

    node: ast.AST
    what: str
    function: Scope
    instead: str
    effect: str = "loses updates of other writers"
    more: int = 0
    columns: str = ""


def names() -> frozenset[str]:
    """Return words of which a file that writes sums back has at least one."""
    return catalog.SAVING | catalog.COMMITTING


def sums(source: SourceFile) -> Iterator[Update]:
    """Yield the fields of rows that are changed by a value in Python and saved: of each row in a function the first."""
    setting = _setting(source)
    for function in source.scopes if setting else ():
        changed = list(_changes(function)) if function in setting and function.is_function else []
        if not changed or not is_serving(function, source):
            continue
        changed.sort(key=lambda change: change.node.lineno)
        changes = [change for change in changed if _is_sum(change, function, source)]
        changes = [change for change in changes if not transitions.is_made_once(change.node, change.target, function)]
        if not changes or is_guarded(function, source):
            continue
        by_row: dict[str, list[tuple[_Change, str]]] = {}
        for change in changes:
            instead = _written_back(change, function, source)
            if instead:
                by_row.setdefault(ast.dump(change.target.value), []).append((change, instead))
        for (first, instead), *others in by_row.values():
            more = len({other.target.attr for other, _ in others} - {first.target.attr})
            yield Update(first.node, spelled(first.target), function, instead, more=more)


def _setting(source: SourceFile) -> set[Scope]:
    """Return the scopes in which an attribute is set to something that is reckoned, before more is asked of them."""
    found = set()
    for node, scope in source.nodes(ast.AugAssign):
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Attribute):
            found.add(scope)
    for node, scope in source.nodes(ast.Assign):
        assert isinstance(node, ast.Assign)
        if isinstance(node.value, ast.BinOp) and isinstance(node.targets[0], ast.Attribute):
            found.add(scope)
    return found


class _Change(NamedTuple):
    """A statement that sets an attribute to a sum of itself and something else."""

    node: ast.stmt
    target: ast.Attribute
    by: ast.expr


def _changes(function: Scope) -> Iterator[_Change]:
    for node in function.of(ast.AugAssign):
        assert isinstance(node, ast.AugAssign)
        if isinstance(node.target, ast.Attribute) and isinstance(node.op, _ARITHMETIC):
            yield _Change(node, node.target, node.value)
    for each in function.of(ast.Assign):
        assert isinstance(each, ast.Assign)
        target = each.targets[0]
        if isinstance(target, ast.Attribute) and isinstance(each.value, ast.BinOp):
            value = each.value
            if isinstance(value.op, _ARITHMETIC) and _mentions(value.left, target):
                yield _Change(each, target, value.right)
            elif isinstance(value.op, ast.Add) and _mentions(value.right, target):
                yield _Change(each, target, value.left)


def _mentions(node: ast.expr, target: ast.Attribute) -> bool:
    """Whether an operand is the target itself, also as `(x or 0)` or `int(x)`."""
    if isinstance(node, ast.BoolOp):
        return _mentions(node.values[0], target)
    if isinstance(node, ast.Call) and len(node.args) == 1:
        return _mentions(node.args[0], target)
    return isinstance(node, ast.Attribute) and spelled(node) == spelled(target) and _same(node.value, target.value)


def _same(one: ast.AST, other: ast.AST) -> bool:
    return ast.dump(one) == ast.dump(other)


def _is_sum(change: _Change, function: Scope, source: SourceFile) -> bool:
    """Whether a field counts something: by a number that is added, or by its name; and has more than one writer.

    How far a job has come is told by that job.
    """
    name, by = change.target.attr, change.by
    if catalog.OF_PROGRESS.search(function.name):
        return False
    if catalog.SINGLE_WRITER.search(name):
        wanted = "attempt" in name and source.place(function).place is Place.REQUEST
        if not wanted:
            return False
    if isinstance(by, ast.Constant):
        return isinstance(by.value, (int, float)) and not isinstance(by.value, bool)
    if isinstance(by, (ast.JoinedStr, ast.List, ast.Tuple, ast.Dict, ast.ListComp)) or _is_text(by):
        return False
    return catalog.COUNTING.search(name) is not None


def _is_text(by: ast.expr) -> bool:
    """Whether what is added is a text that is put together: `",".join(parts)`."""
    return isinstance(by, ast.Call) and terminal_name(by.func) in ("join", "format", "str", "dumps")


# Where a row comes from, and whether it is written back


def _written_back(change: _Change, function: Scope, source: SourceFile) -> str:
    """Return what to do instead where the changed object is a row and is written back; "" where it is not shown."""
    owner = change.target.value
    saved = _is_saved(owner, change.node, function)
    in_store = "use F() or lock the row" if saved and _is_django(source) else "use a SQL expression or lock the row"
    if isinstance(owner, ast.Name):
        if owner.id == function.first_parameter and function.is_method:
            own = saved and function.parent is not None and _is_mapped(function.parent, source)
            return in_store.replace("lock the row", "an update in SQL") if own else ""
        if not (saved or _is_committed(change.node, function)) or not _is_row(owner.id, change.node, function, source):
            return ""
        return in_store
    if saved and isinstance(owner, ast.Attribute) and _is_related(owner, change.node, function, source):
        return in_store
    return ""


def _is_django(source: SourceFile) -> bool:
    return any(word in source.text for word in (".objects", "django", "get_object", "self.request"))


def _is_saved(owner: ast.expr, after: ast.stmt, function: Scope) -> bool:
    for node in function.of(ast.Call):
        assert isinstance(node, ast.Call)
        saves = isinstance(node.func, ast.Attribute) and node.func.attr in catalog.SAVING
        if saves and node.lineno >= after.lineno and _same(_receiver(node), owner):
            return True
    return False


def _is_committed(after: ast.stmt, function: Scope) -> bool:
    """Whether a session writes back what its objects have become, after a statement or at the end of its block."""
    for node in function.of(ast.Call):
        assert isinstance(node, ast.Call)
        commits = isinstance(node.func, ast.Attribute) and node.func.attr in catalog.COMMITTING
        if commits and node.lineno > after.lineno and catalog.SESSION.search(terminal_name(_receiver(node))):
            return True
    return False


def _receiver(call: ast.Call) -> ast.expr:
    return call.func.value if isinstance(call.func, ast.Attribute) else call.func


def _is_mapped(owner: Scope, source: SourceFile) -> bool:
    """Whether a class is a table or a collection, by the names of its bases."""
    if not isinstance(owner.node, ast.ClassDef):
        return False
    bases = [terminal_name(b) for each in source.resolver.ancestry(owner) for b in getattr(each.node, "bases", ())]
    return any(base.endswith(catalog.MAPPED) and base != "BaseModel" for base in bases)


def _is_row(name: str, change: ast.stmt, function: Scope, source: SourceFile) -> bool:
    """Whether a local name holds a row as it is changed: one of its bindings is a query, and none a parameter."""
    bindings = _holding(function.bindings.get(name, []), change, function, source)
    if any(binding.kind in ("parameter", "with", "import") for binding in bindings):
        return False
    bindings = [binding for binding in bindings if not _is_annotation(binding)]
    if any(_is_of_own_job(binding.value, function) for binding in bindings if binding.value is not None):
        return False
    if all(binding.kind == "for" for binding in bindings) and source.place(function).place is not Place.REQUEST:
        return False  # a batch, which one process works off
    return any(_gives_row(binding, source) for binding in bindings)


def _holding(bindings: list[Binding], change: ast.stmt, function: Scope, source: SourceFile) -> list[Binding]:
    """Return the binding that stands above a change in the same block, the last of these: the others don't matter."""
    block = next((each for each in _blocks(source.parents(function).get(change)) if change in each), [])
    above = block[: block.index(change)] if block else []
    nearest = [binding for statement in above for binding in bindings if binding.node is statement]
    nearest = [binding for binding in nearest if binding.kind == "assign"]
    return nearest[-1:] or bindings


def _blocks(parent: ast.AST | None) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        block = getattr(parent, name, None)
        if isinstance(block, list):
            yield block


def _is_annotation(binding: Binding) -> bool:
    """Whether a statement only says of what type a name is: `row: Row`."""
    return isinstance(binding.node, ast.AnnAssign) and binding.node.value is None


def _is_of_own_job(query: ast.expr, function: Scope) -> bool:
    """Whether a row is that of the job which runs, or has just run: it is asked for by what the queue calls that."""
    for part in walk(query):
        if isinstance(part, ast.keyword) and isinstance(part.value, ast.Attribute) and part.value.attr in ("id", "key"):
            holder = part.value.value
            if isinstance(holder, ast.Name) and holder.id in catalog.OWN_JOB and holder.id in function.parameters:
                return True
            if spelled(holder) == f"{function.first_parameter}.request" and part.value.attr == "id":
                return True
    return False


def _gives_row(binding: Binding, source: SourceFile) -> bool:
    if binding.value is None:
        return False
    if binding.kind == "for":
        return rows.is_query(binding.value)
    if binding.kind == "unpack":
        return rows.is_row(binding.value, binding.scope, source) and "or_create" in ast.dump(binding.value)
    return binding.kind == "assign" and rows.is_row(binding.value, binding.scope, source)


def _is_related(owner: ast.Attribute, change: ast.stmt, function: Scope, source: SourceFile) -> bool:
    """Whether an attribute gives a row of its own: of a row, of a mapped class's object, or the user of a request."""
    root: ast.expr = owner
    names: list[str] = []
    while isinstance(root, ast.Attribute):
        names.append(root.attr)
        root = root.value
    if not isinstance(root, ast.Name):
        return False
    if root.id == function.first_parameter and function.is_method and function.parent is not None:
        if _is_mapped(function.parent, source):
            return True
        return names[-1] in ("object", "instance") or (names[-1] == "request" and "user" in names)
    if root.id in function.parameters:
        return names[-1] == "user" or root.id == "instance"
    return _is_row(root.id, change, function, source)
