"""Values that are read from a shared store, changed in Python and written back whole: get, change, set."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from flake8_scalability.catalog import updates as catalog
from flake8_scalability.catalog.rows import Place, System
from flake8_scalability.catalog.updates import Store
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.scaling import conditions, write_only
from flake8_scalability.model.scaling.own_stores import is_own_cache
from flake8_scalability.model.scaling.updates import Update
from flake8_scalability.model.scaling.writers import is_guarded, is_serving
from flake8_scalability.model.sites import spelled
from flake8_scalability.model.source import SourceFile

_SUMS = (ast.Add, ast.Sub, ast.Mult)
_BLOCKS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.ExceptHandler)


def names() -> frozenset[str]:
    """Return words of which a file that writes a changed value back has at least one."""
    return frozenset().union(*(each.writes for each in catalog.STORES))


def rewrites(source: SourceFile) -> Iterator[Update]:
    """Yield the writes of what was read from the same place before, and changed since."""
    names = source.calls_by_name.keys()
    found: list[_Pair] = []
    stores = [each for each in catalog.STORES if not (names.isdisjoint(each.writes) or names.isdisjoint(each.reads))]
    writing = {scope for each in stores for name in names & each.writes for _, scope in source.calls_by_name[name]}
    for function in source.scopes if writing else ():
        if function not in writing or not function.is_function:
            continue
        calls = [node for node in function.of(ast.Call) if isinstance(node, ast.Call)]
        for store in stores:
            writes = [call for call in calls if terminal_name(call.func) in store.writes]
            if not writes:
                continue
            reads = [
                call
                for call in calls
                if terminal_name(call.func) in store.reads and _is_of(call, store, function, source)
            ]
            serves = bool(reads) and is_serving(function, source) and not _is_periodic(function, source)
            pairs = list(_pairs(reads, writes, store, function, source)) if serves else []
            if pairs and not is_guarded(function, source):
                found += pairs
    seen: set[tuple[Scope, str]] = set()
    for pair in found:
        place = (pair.update.function, ast.dump(pair.key))
        if place in seen:
            continue  # the same record, written in several branches
        seen.add(place)
        beside = {other.update.function for other in found if other.word == pair.word}
        if not pair.word or write_only.is_spelled_elsewhere(pair.word, beside, source):
            yield pair.update


class _Pair(NamedTuple):
    """A write with what it may lose, its key or filter, and a word of that where nothing depends on what was read."""

    update: Update
    key: ast.expr
    word: str


def _is_periodic(function: Scope, source: SourceFile) -> bool:
    """Whether a worker's task is given nothing: what starts it is a clock, which starts one at a time."""
    return not function.parameters and source.place(function).place is Place.WORKER


def _is_of(call: ast.Call, store: Store, function: Scope, source: SourceFile) -> bool:
    """Whether a call is one of the store's: by its methods alone, by the path of its receiver, or by the name."""
    if not store.receivers:
        return True
    assert isinstance(call.func, (ast.Attribute, ast.Name))
    if not isinstance(call.func, ast.Attribute) or not call.args:
        return False
    row = source.site(call, function).api
    if row is not None and row.system is System.CACHE:
        return True
    values = source.resolver.values(call.func.value, function)
    if any(value.target is not None for value in values):
        return False
    paths = {value.path for value in values}
    if paths & set(store.receivers.split()):
        return True
    return any(path.startswith(".") or "." in path for path in paths) and (
        catalog.CACHE_NAME.search(terminal_name(call.func.value)) is not None
    )


def _pairs(
    reads: list[ast.Call], writes: list[ast.Call], store: Store, function: Scope, source: SourceFile
) -> Iterator[_Pair]:
    for write in writes:
        for read in reads:
            if read.lineno > write.lineno or not _is_same_place(read, write, store):
                continue
            names = _names_of(read, function)
            if (
                not names
                or _fills(write, names, source.parents(function))
                or _is_given_back(read, write, names, function)
            ):
                continue
            changed = _writes_changed(write, names, read, store, function, source)
            if changed is not None and not _is_own(write, store, function, source):
                instead = _instead(write, store, function, source)
                instead = catalog.OF_COLLECTION.get(instead, instead) if changed else instead
                flow = _followed(names, read, write, function, source)
                alone = store.keys == 1 and write_only.only_writes(flow.read | flow.changed, write, function, source)
                word = write_only.word_of(write.args[0], function) if alone else ""
                update = Update(write, spelled(write.func) + "()", function, instead)
                yield _Pair(update, write.args[0] if write.args else write, word)
                break


def _is_own(write: ast.Call, store: Store, function: Scope, source: SourceFile) -> bool:
    """Whether a write goes into a cache that each process has for itself."""
    return (
        bool(store.receivers)
        and isinstance(write.func, ast.Attribute)
        and is_own_cache(write.func.value, function, source)
    )


def _instead(write: ast.Call, store: Store, function: Scope, source: SourceFile) -> str:
    """Return what to do: a client of Redis, by its path or name, has more to offer than a cache of whatever kind."""
    receiver = write.func.value if isinstance(write.func, ast.Attribute) else write.func
    paths = source.resolver.paths(receiver, function) | {terminal_name(receiver)}
    is_redis = bool(store.receivers) and any(catalog.REDIS_NAME.search(path) for path in paths)
    return catalog.REDIS_INSTEAD if is_redis else store.instead


def _is_same_place(read: ast.Call, write: ast.Call, store: Store) -> bool:
    """Whether a read and a write are of one receiver and one key."""
    if not isinstance(read.func, ast.Attribute) or not isinstance(write.func, ast.Attribute):
        return False
    if ast.dump(read.func.value) != ast.dump(write.func.value):
        return False
    keys = store.keys
    if len(read.args) < keys or len(write.args) <= keys - 1:
        return False
    return all(ast.dump(one) == ast.dump(other) for one, other in zip(read.args[:keys], write.args[:keys]))


def _names_of(read: ast.Call, function: Scope) -> set[str]:
    """Return the names to which a statement binds what a read gives."""
    for node in function.of(ast.Assign, ast.NamedExpr):
        assert isinstance(node, (ast.Assign, ast.NamedExpr))
        if any(part is read for part in walk(node.value)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            return {target.id for target in targets if isinstance(target, ast.Name)}
    return set()


def _fills(write: ast.Call, names: set[str], parents: dict[ast.AST, ast.AST]) -> bool:
    """Whether a write stands where nothing was found: it fills a cache with what was computed."""
    child: ast.AST = write
    parent = parents.get(child)
    while parent is not None:
        if isinstance(parent, ast.If) and child is not parent.test and _uses(parent.test, names):
            test = ast.unparse(parent.test)
            if child in parent.body and re.search(r"\bis None|^not \w+$", test):
                return True
            if child in parent.orelse and re.search(r"\bis not None|^\w+$", test):
                return True
            if _fills_part(parent, child, names):
                return True
        child, parent = parent, parents.get(parent)
    return False


def _is_given_back(read: ast.Call, write: ast.Call, names: set[str], function: Scope) -> bool:
    """Whether what was found is returned as it is before a write, which so fills a cache where there was nothing."""
    for node in function.of(ast.If):
        assert isinstance(node, ast.If)
        last = node.body[-1]
        if read.lineno <= node.lineno and last.lineno < write.lineno and isinstance(last, ast.Return):
            found = re.search(r"^\w+$|^\w+ is not None$", ast.unparse(node.test)) is not None
            if found and _uses(node.test, names) and last.value is not None and _root(last.value) in names:
                return True
    return False


def _fills_part(choice: ast.If, child: ast.AST, names: set[str]) -> bool:
    """Whether a write stands where a part of what was found is missing, which is taken where it is there.

    Such a record is a memo of several things: `if key in known: return known[key]`, else it is computed and added.
    """
    parts = _parts_of(choice.test, names)
    if not parts or isinstance(choice.test, ast.BoolOp):
        return False
    other = choice.orelse if child in choice.body else choice.body
    taken = [
        statement.value
        for statement in other
        if isinstance(statement, (ast.Assign, ast.Return)) and statement.value is not None
    ]
    return any(not parts.isdisjoint(_parts_of(value, names)) for value in taken)


def _parts_of(node: ast.expr, names: set[str]) -> set[str]:
    """Return the keys of the parts that an expression asks for: `known[key]`, `known.get(key)`, `key in known`."""
    found = set()
    for part in walk(node):
        if isinstance(part, ast.Subscript) and _root(part.value) in names:
            found.add(ast.dump(part.slice))
        elif isinstance(part, ast.Compare) and _is_look_up(part, names):
            found.add(ast.dump(part.left))
        elif isinstance(part, ast.Call) and part.args and _is_get_of(part.func, names):
            found.add(ast.dump(part.args[0]))
    return found


def _is_look_up(test: ast.Compare, names: set[str]) -> bool:
    return isinstance(test.ops[0], (ast.In, ast.NotIn)) and _root(test.comparators[0]) in names


def _is_get_of(callee: ast.expr, names: set[str]) -> bool:
    return isinstance(callee, ast.Attribute) and callee.attr == "get" and _root(callee.value) in names


def _writes_changed(
    write: ast.Call, names: set[str], read: ast.Call, store: Store, function: Scope, source: SourceFile
) -> bool | None:
    """Return None where what is written is not what was read and changed, or the change is left to the store.

    Else whether it is a collection that was changed in place.
    """
    given = [*write.args[store.keys :], *(keyword.value for keyword in write.keywords)]
    if store.keys == 0 and terminal_name(write.func) != "put_item":
        given = given[1:]  # the first argument is the filter
        condition = write.args[0] if write.args else None
        if condition is not None and (
            conditions.names_what_was_read(condition, names) or conditions.ends_state(condition, given)
        ):
            return None
    texts = " ".join(ast.unparse(part) for part in given)
    if re.search(store.atomic, texts) and "$set" not in texts:
        return None
    if any(keyword.arg in ("nx", "ConditionExpression") for keyword in write.keywords):
        return None
    flow = _followed(names, read, write, function, source)
    if not any(_is_changed(part, flow.read, flow.changed) for part in given):
        return None
    return any(isinstance(part, ast.Name) and part.id in flow.in_place for node in given for part in walk(node))


class _Flow(NamedTuple):
    """What became of what was read: the names that hold it, those of what was changed, and of what was so in place."""

    read: set[str]
    changed: set[str]
    in_place: set[str]


def _followed(names: set[str], read: ast.Call, write: ast.Call, function: Scope, source: SourceFile) -> _Flow:
    """Follow what was read through the statements before a write."""
    flow = _Flow(set(names), set(), set())
    statements = [
        node
        for node in function.of(ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Call, ast.Delete)
        if read.lineno <= getattr(node, "lineno", 0) <= write.lineno
    ]
    block = _block(read, function, source)
    for node in sorted(statements, key=lambda node: (getattr(node, "lineno", 0), getattr(node, "col_offset", 0))):
        if isinstance(node, ast.Call):
            held = _root(node.func.value) if isinstance(node.func, ast.Attribute) else ""
            if held in flow.read and terminal_name(node.func) in catalog.MUTATING:
                flow.changed.add(held)
                flow.in_place.add(held)
        elif isinstance(node, ast.AugAssign):
            if _root(node.target) in flow.read:
                flow.changed.add(_root(node.target))
        elif isinstance(node, ast.Delete):
            gone = {_root(t) for t in node.targets if isinstance(t, ast.Subscript) and _root(t) in flow.read}
            flow.changed.update(gone)
            flow.in_place.update(gone)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
            anew = node.lineno > read.lineno and (
                isinstance(node.value, (ast.Call, ast.Await))
                or _block(node, function, source) is block
                or _is_before(node, write, function, source)
            )
            _assigned(node, node.value, flow, anew)
    return flow


def _block(node: ast.AST, function: Scope, source: SourceFile) -> ast.AST:
    """Return the statement, or the function, in whose body a node stands."""
    parents = source.parents(function)
    current = parents.get(node, function.node)
    while not isinstance(current, (ast.FunctionDef, ast.AsyncFunctionDef, *_BLOCKS)):
        current = parents.get(current, function.node)
    return current


def _is_before(node: ast.stmt, write: ast.Call, function: Scope, source: SourceFile) -> bool:
    """Whether a statement stands in the same list of statements as the one that writes, or as one around that."""
    parents = source.parents(function)
    around: set[ast.AST] = set()
    current: ast.AST | None = write
    while current is not None:
        around.add(current)
        current = parents.get(current)
    block = _block(node, function, source)
    lists = (getattr(block, name, []) for name in ("body", "orelse", "finalbody"))
    return any(node in each and not around.isdisjoint(each) for each in lists)


def _assigned(node: ast.Assign | ast.AnnAssign, value: ast.expr, flow: _Flow, anew: bool) -> None:
    """Follow an assignment: to a part of what was read, to another name, or of something else altogether.

    What is bound anew only where nothing was found is still what was read in the other case, unless the write stands
    there as well.  What is awaited comes
    from elsewhere, even if it was asked for with what was read.
    """
    for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
        name = _root(target)
        if not isinstance(target, ast.Name):
            if name in flow.read and not _is_moment(target):
                flow.changed.add(name)
                flow.in_place.add(name)
        elif not isinstance(value, ast.Await) and _is_changed(value, flow.read, flow.changed):
            flow.read.add(name)
            flow.changed.add(name)
        elif not isinstance(value, ast.Await) and _uses(value, flow.read):
            flow.read.add(name)
        elif name in flow.read and anew:
            flow.read.discard(name)
            flow.changed.discard(name)
            flow.in_place.discard(name)


def _is_moment(target: ast.expr) -> bool:
    key = target.slice if isinstance(target, ast.Subscript) else None
    return isinstance(key, ast.Constant) and catalog.MOMENT.search(str(key.value)) is not None


def _is_changed(node: ast.expr, read: set[str], changed: set[str]) -> bool:
    """Whether an expression holds a changed name, or a sum of one that was read."""
    for part in walk(node):
        if isinstance(part, ast.Name) and part.id in changed:
            return True
        if isinstance(part, ast.BinOp) and isinstance(part.op, _SUMS):
            operands = (part.left, part.right)
            if any(isinstance(each, ast.JoinedStr) or _is_text(each) for each in operands):
                continue
            if any(_uses(each, read) for each in operands):
                return True
    return False


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes))


def _uses(node: ast.expr, names: set[str]) -> bool:
    return any(isinstance(part, ast.Name) and part.id in names for part in walk(node))


def _root(node: ast.AST) -> str:
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""
