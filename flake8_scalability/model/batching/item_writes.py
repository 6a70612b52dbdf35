"""Writes per item: rows, keys and documents that a loop writes one by one where one statement could write all.

Silent where one by one is meant (see `single_writes`), where rows have a way of their own to be written (`own_ways`),
with a lock on the row, and where somebody counts the turns to commit every so many.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from flake8_scalability.catalog import batching
from flake8_scalability.catalog import query_methods as known
from flake8_scalability.catalog.query_methods import Gives
from flake8_scalability.catalog.rows import Effect, System
from flake8_scalability.model.batching.growing import TO_WRITE, grows
from flake8_scalability.model.batching.item_reads import is_of_item_store, serves
from flake8_scalability.model.batching.own_ways import has_own_way
from flake8_scalability.model.batching.per_item import Turn, takes_group, turn_of
from flake8_scalability.model.batching.rare_turns import (
    are_gone_wrong,
    is_asked_of_item,
    is_left_out,
    is_of_few_items,
    is_of_one_item,
    is_tied_to,
)
from flake8_scalability.model.batching.rows_of_parent import are_of_one_thing
from flake8_scalability.model.batching.single_writes import body_of, is_meant
from flake8_scalability.model.batching.tied_writes import is_tied
from flake8_scalability.model.batching.tool_callers import only_tools_call
from flake8_scalability.model.batching.worth import is_lost, is_part_of_one
from flake8_scalability.model.language import reaching
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.queries.query_runs import Run
from flake8_scalability.model.queries.tables import row_class, rows_of
from flake8_scalability.model.sites import spelled

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

_SAVED = ("save", "asave", "delete", "adelete", "insert", "delete_instance")
_COMMITTING = ("commit", "flush")
_ADDING = frozenset({"add", "merge", "delete", "execute", "add_all"})
_FILTERS = re.compile(r"filter|query|where|spec|selector|criteria|match", re.IGNORECASE)


class ItemWrite(NamedTuple):
    """A write that happens for each item.

    node: where the finding stands
    scope: where that is
    what: the call that writes
    items: what there is one for each of
    instead: the form of it that takes many
    entity: the class of the rows, "" where that is not shown
    doing: what is done to a row, where its class may have its own way: "save", "create" or "delete"
    """

    node: ast.Call
    scope: Scope
    what: str
    items: str
    instead: str
    entity: str = ""
    doing: str = ""


def names() -> frozenset[str]:
    """Return the methods of which a file has at least one where it writes anything."""
    stores: tuple[Iterable[str], ...] = (batching.CACHE_WRITES, batching.SEARCH_WRITES, batching.ITEM_WRITES)
    queries: tuple[Iterable[str], ...] = (*batching.WRITES.values(), batching.UPSERTS, known.RUNNING)
    rows: tuple[Iterable[str], ...] = (*batching.SAVING.values(), _SAVED, _COMMITTING)
    return frozenset(name for each in (*stores, *queries, *rows) for name in each)


def writes(source: SourceFile) -> Iterator[ItemWrite]:
    """Yield the writes of a file that happen once per item, the first in each loop."""
    seen: set[int] = set()
    if not source.has_loops:
        return
    found = [*_statements(source), *_saves(source), *_commits(source), *_stores(source)]
    found.sort(key=lambda each: (each[1].node.lineno, each[1].node.col_offset))
    for turn, write in found:
        site = source.site(write.node, write.scope)
        if id(turn.loop.node) in seen or is_meant(turn, site) or is_tied(turn, site):
            continue
        if is_of_one_item(turn, site) or is_of_few_items(turn, site) or turn.items == batching.TIED:
            continue
        if are_gone_wrong(turn):
            continue
        if "delete" in write.instead.lower() and (is_left_out(turn, site) or is_asked_of_item(turn, site)):
            continue
        if only_tools_call(write.scope, source) or not grows(turn, write.node, write.scope, source, TO_WRITE):
            continue
        if is_lost(turn, write.scope, source) or is_part_of_one(turn, write.node, write.scope, source):
            continue
        if write.doing and write.entity and has_own_way(write.entity, write.doing, write.scope, source):
            continue
        seen.add(id(turn.loop.node))
        yield write


def _statements(source: SourceFile) -> Iterator[tuple[Turn, ItemWrite]]:
    """Yield inserts, updates and deletes by statement: of a manager, a collection, or text of SQL."""
    for run in source.query_runs:
        node = run.node
        instead = _instead(run)
        if not instead or not isinstance(node, ast.Call):
            continue
        turn = turn_of(node, run.scope, source)
        if turn is None or takes_group(turn, run.scope, node) or not serves(run.scope, source, node):
            continue
        if any(isinstance(part, ast.Attribute) and part.attr in batching.NEW_KEYS for part in body_of(turn)):
            continue
        if _is_asked_for(run, source) or are_of_one_thing(run.query, turn):
            continue
        creates = terminal_name(node.func) in batching.CREATING
        if creates and _gives_key(node, turn):
            continue
        if not (creates or turn.concerns(node)) or is_of_item_store(run.query, turn) or _takes_many(run, turn):
            continue
        values = _new_values(run)
        if any(turn.concerns(value) for value in values):
            if any(_is_of_own_column(value) for value in values):
                continue  # what is added to a column, without a race: no bulk form does that
            instead = batching.UPDATES_APART.get(run.query.family.name, instead)
        doing = "create" if creates or run.query.names & batching.UPSERTS else ""
        django = run.query.family is known.DJANGO
        entity = run.query.entity if django else ""
        yield turn, ItemWrite(node, run.scope, spelled(node), turn.items, instead, entity, doing)


def _is_asked_for(run: Run, source: SourceFile) -> bool:
    """Whether what became of each row is wanted: the result of an upsert is kept, that of an update is compared."""
    statement = source.site(run.node, run.scope).statement if isinstance(run.node, ast.Call) else None
    if run.query.names & batching.UPSERTS:
        done = statement.value if isinstance(statement, ast.Expr) else None
        return (done.value if isinstance(done, ast.Await) else done) is not run.node
    if not isinstance(statement, ast.Assign):
        return False
    kept = {part.id for target in statement.targets for part in walk(target) if isinstance(part, ast.Name)}
    function = run.scope.function
    called = (node for node in (function.of(ast.Call) if function is not None else ()) if isinstance(node, ast.Call))
    if any(
        isinstance(node.func, ast.Attribute)
        and terminal_name(node.func.value) in kept
        and known.SQL.gives.get(node.func.attr) is Gives.ONE
        for node in called
    ):
        return True
    tests = [node.test for node in run.scope.of(ast.If) if isinstance(node, ast.If)]
    return (
        run.query.writes
        and not run.query.names & batching.CREATING
        and any(isinstance(part, ast.Name) and part.id in kept for test in tests for part in walk(test))
    )


def _takes_many(run: Run, turn: Turn) -> bool:
    """Whether a statement concerns many rows of an item: those of `id IN (…)` with keys that the item brings."""
    return any(each.operator == "in" and turn.concerns(each.value) for each in run.query.filters)


def _new_values(run: Run) -> list[ast.expr]:
    """Return the values that an update gives to columns."""
    found: list[ast.expr] = []
    for step in run.query.steps:
        if step.name in ("update", "aupdate", "values") and step.call is not None:
            found += [each.value for each in step.call.keywords]
            found += [value for each in step.call.args if isinstance(each, ast.Dict) for value in each.values]
    return found


def _is_of_own_column(value: ast.expr) -> bool:
    """Whether a new value is computed from a column in the database: `F("count") + more`."""
    return any(isinstance(part, ast.Call) and terminal_name(part.func) == "F" for part in walk(value))


def _instead(run: Run) -> str:
    """Return what writes many rows in the place of a run that writes one; "" where it is none, or writes many."""
    query = run.query
    name = query.steps[-1].name if query.steps else ""
    if query.names & batching.LOCKING:
        return ""
    if query.names & batching.UPSERTS:
        return batching.DJANGO_UPSERTS.get(name, "") if query.family is known.DJANGO else ""
    if query.gives is not Gives.WRITE:
        return ""
    if query.statement is not None:
        verb = query.statement.verb
        if name in known.RUNNING and known.RUNNING[name] in (Gives.ONE, Gives.MANY):
            return ""  # what the statement says of each row is wanted, which those for many do not tell
        return batching.STATEMENTS.get(verb, "") if name not in ("executemany", "execute_many") else ""
    if query.ran is not None:
        return batching.STATEMENTS.get(query.steps[0].name, "") if _is_single(query.ran) else ""
    if query.family is known.MONGO and not _is_mongo(run):
        return ""
    return batching.WRITES.get(query.family.name, {}).get(name, "")


def _is_mongo(run: Run) -> bool:
    """Whether a method of Mongo's name is given a document, not the parts of somebody else's service."""
    first = run.node.args[0] if isinstance(run.node, ast.Call) and run.node.args else None
    if "insert_one" in run.query.names:
        return True
    return isinstance(first, ast.Dict) or _FILTERS.search(terminal_name(first) if first is not None else "") is not None


def _is_single(call: ast.Call) -> bool:
    """Whether a statement is run without a list of parameters: `execute(insert(T), rows)` takes many."""
    return len(call.args) < 2


def _saves(source: SourceFile) -> Iterator[tuple[Turn, ItemWrite]]:
    """Yield rows that are saved, deleted or tied to others one by one."""
    families = source.queries.families & batching.SAVING.keys()
    if not families:
        return
    for name in _SAVED:
        for node, scope in source.calls_by_name.get(name, ()):
            forms = next((batching.SAVING[each][name] for each in families if name in batching.SAVING[each]), None)
            if forms is None or not isinstance(node.func, ast.Attribute) or node.args:
                continue
            turn = turn_of(node, scope, source)
            if turn is None or not turn.concerns(node.func.value) or not serves(scope, source, node):
                continue
            row = node.func.value
            if not isinstance(row, ast.Name) or not _is_plain(node):
                continue
            is_new = _is_new(row, scope, source) or _is_copied(row, turn)
            if is_new and is_tied_to(row, turn):
                continue
            entity = row_class(row, scope, source)
            if entity[:1].isupper() or (_names_columns(node) and _is_of_query(row, scope, source)):
                instead = forms[0] if is_new else _of_changes(row, turn, forms[1], scope, source)
                doing = "delete" if "delete" in name else "save"
                yield turn, ItemWrite(node, scope, spelled(node), turn.items, instead, entity, doing)


def _of_changes(row: ast.Name, turn: Turn, instead: str, scope: Scope, source: SourceFile) -> str:
    """Return what writes many rows: `update()` where a turn gives every row the same values, else what takes them."""
    apart, alternative, same = instead.partition(" or one ")
    given = [
        part.value
        for part in body_of(turn)
        if isinstance(part, (ast.Assign, ast.AugAssign))
        for target in (part.targets if isinstance(part, ast.Assign) else [part.target])
        if isinstance(target, ast.Attribute) and _is_named(target.value, row.id)
    ]
    if not alternative or not given:
        return instead
    if any(
        isinstance(part, ast.Call) and terminal_name(part.func) in batching.DJANGO_UPSERTS
        for binding in reaching.bindings(row, scope, source)
        if binding.value is not None
        for part in walk(binding.value)
    ):
        return batching.DJANGO_UPSERTS["update_or_create"]
    return apart if turn.concerns(*given) else f"one filter().{same}"


def _is_named(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _is_plain(node: ast.Call) -> bool:
    """Whether a row is saved or deleted as the library does it."""
    return all(each.arg in batching.SAVING_OPTIONS for each in node.keywords)


def _names_columns(node: ast.Call) -> bool:
    """Whether a row is saved for its values alone; one of a class that is not shown may have a way of its own."""
    return any(each.arg == "update_fields" for each in node.keywords)


def _is_of_query(node: ast.Name, scope: Scope, source: SourceFile) -> bool:
    """Whether something is a row of a query, of whatever class; that of rows which belong to another is unknown."""
    bindings = reaching.bindings(node, scope, source)
    queries = [rows_of(binding, node.id, source) if binding.kind == "for" else None for binding in bindings]
    return bool(queries) and all(query is not None and not query.related for query in queries)


def _is_new(node: ast.Name, scope: Scope, source: SourceFile) -> bool:
    """Whether a row was just made by calling its class."""
    return any(
        isinstance(binding.value, ast.Call) and terminal_name(binding.value.func)[:1].isupper()
        for binding in reaching.bindings(node, scope, source)
    )


def _is_copied(row: ast.Name, turn: Turn) -> bool:
    """Whether a turn takes the key from a row, so that it is saved as another: `row.pk = None`."""
    return any(
        isinstance(part, ast.Attribute)
        and part.attr in ("pk", "id")
        and isinstance(part.ctx, ast.Store)
        and terminal_name(part.value) == row.id
        for part in body_of(turn)
    )


def _commits(source: SourceFile) -> Iterator[tuple[Turn, ItemWrite]]:
    """Yield the commits and flushes of a session for each item that is added to it or changed."""
    for name in _COMMITTING:
        for node, scope in source.calls_by_name.get(name, ()):
            if not isinstance(node.func, ast.Attribute) or node.args:
                continue
            if not known.SESSION.search(terminal_name(node.func.value)):
                continue
            turn = turn_of(node, scope, source)
            if turn is None or not serves(scope, source, node) or turn.concerns(node.func.value):
                continue
            if _is_counted(node, turn, scope, source) or not _changes(turn):
                continue
            if name == "flush" and (
                not _adds(turn) or _wants_key(node, turn) or _is_under_condition(node, turn, scope, source)
            ):
                continue
            yield turn, ItemWrite(node, scope, spelled(node), turn.items, f"one {name} after the loop")


def _is_under_condition(node: ast.Call, turn: Turn, scope: Scope, source: SourceFile) -> bool:
    """Whether not every turn makes a call: a row that was missing is made, and the next turn has to find it.

    The call stands under a question, or below one with which the turn ends: `if key in known: continue`.
    """
    for _, parent in source.site(node, scope).ancestors():
        if parent is turn.loop.node:
            break
        if isinstance(parent, ast.If):
            return True
    return any(
        isinstance(part, ast.If)
        and part.lineno < node.lineno
        and isinstance(part.body[-1], ast.Continue)
        and isinstance(part.test, ast.Compare)
        and isinstance(part.test.ops[0], ast.In)
        and turn.concerns(part.test.left)
        for part in body_of(turn)
    )


def _wants_key(node: ast.Call, turn: Turn) -> bool:
    """Whether a turn asks, after a flush, for the key that the database has given to its new row."""
    added = {
        terminal_name(each)
        for part in body_of(turn)
        if isinstance(part, ast.Call) and terminal_name(part.func) in _ADDING
        for each in part.args
    }
    return any(
        isinstance(part, ast.Attribute)
        and part.lineno > node.lineno
        and isinstance(part.value, ast.Name)
        and part.value.id not in turn.targets
        and (part.attr in ("id", "pk") or (part.attr.endswith("_id") and part.value.id in added))
        for part in body_of(turn)
    )


def _gives_key(node: ast.Call, turn: Turn) -> bool:
    """Whether a turn asks for the key of the row that it makes, which not every database tells of many."""
    made = {
        terminal_name(target)
        for part in body_of(turn)
        if isinstance(part, ast.Assign) and node in walk(part.value)
        for target in part.targets
    }
    return any(
        isinstance(part, ast.Attribute) and part.attr in ("id", "pk") and terminal_name(part.value) in made
        for part in body_of(turn)
    )


def _adds(turn: Turn) -> bool:
    """Whether a turn makes a row; one that only changes its item flushes for the order of the changes."""
    return any(isinstance(part, ast.Call) and terminal_name(part.func) in _ADDING for part in body_of(turn))


def _changes(turn: Turn) -> bool:
    """Whether a turn adds its item to a session, or changes it."""
    for part in body_of(turn):
        if isinstance(part, ast.Call) and terminal_name(part.func) in _ADDING:
            if turn.concerns(*part.args):
                return True
        elif isinstance(part, ast.Attribute) and isinstance(part.ctx, ast.Store) and turn.concerns(part.value):
            return True
    return False


def _is_counted(node: ast.Call, turn: Turn, scope: Scope, source: SourceFile) -> bool:
    """Whether a commit stands under a question how many turns there were: every so many, or when a batch is full."""
    for child, parent in source.site(node, scope).ancestors():
        if parent is turn.loop.node:
            return False
        if isinstance(parent, ast.If) and child is not parent.test:
            for part in walk(parent.test):
                if isinstance(part, ast.BinOp) and isinstance(part.op, ast.Mod):
                    return True
                if isinstance(part, ast.Compare) and isinstance(part.ops[0], (ast.Gt, ast.GtE, ast.Eq)):
                    return True
    return False


def _stores(source: SourceFile) -> Iterator[tuple[Turn, ItemWrite]]:
    """Yield writes of one key or document to a store for which the catalogue knows a form for many."""
    for site in source.sites:
        row = site.api
        if row is None or row.effect is not Effect.WRITE:
            continue
        forms = {System.CACHE: batching.CACHE_WRITES, System.SEARCH: batching.SEARCH_WRITES,
                 System.DATABASE: batching.ITEM_WRITES}.get(row.system, {})  # fmt: skip
        instead = forms.get(terminal_name(site.node.func), "")
        if not instead or not isinstance(site.node.func, ast.Attribute):
            continue
        turn = turn_of(site.node, site.scope, source)
        given = (*site.node.args, *(each.value for each in site.node.keywords))
        if turn is None or not turn.concerns(*given) or turn.concerns(site.node.func.value):
            continue
        if any(isinstance(each, ast.Starred) for each in site.node.args):
            continue  # all keys of the item at once
        if "batch" in site.callee or any("batch_writer" in path for path in site.paths):
            continue
        if serves(site.scope, source, site.node):
            for path in site.paths:
                own = batching.OWN_FORMS.get(path.partition(".")[0], {})
                instead = own.get(terminal_name(site.node.func), instead)
            yield turn, ItemWrite(site.node, site.scope, site.callee, turn.items, instead)
