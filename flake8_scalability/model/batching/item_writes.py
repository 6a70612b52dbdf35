"""Writes per item: rows, keys and documents that a loop writes one by one where one statement could write all.

Silent where one by one is meant: in a transaction or a `try` that goes on with the next item, with a lock on the row,
where the state of a row is saved around its work, and where somebody counts the turns to commit every so many.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from flake8_scalability.catalog import batching
from flake8_scalability.catalog import query_methods as known
from flake8_scalability.catalog.query_methods import Gives
from flake8_scalability.catalog.rows import REMOTE, Effect, System
from flake8_scalability.model.batching.item_reads import is_of_item_store, serves
from flake8_scalability.model.batching.per_item import Turn, takes_group, turn_of
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.queries.query_runs import Run
from flake8_scalability.model.queries.tables import row_class
from flake8_scalability.model.sites import spelled

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

#: A comment explains what stands so many lines below it.
COMMENT_LINES = 3
_EXPLAINS = re.compile(r"individual|one by one|one at a time|signals?\b|hooks?\b|bulk|\bper[- ]row", re.IGNORECASE)
_ISOLATING = re.compile(r"atomic|begin(_nested)?$|savepoint|transaction|suppress|subTest|lock", re.IGNORECASE)
#: What has a `save` and is no row.
_NO_ROWS = re.compile(
    r"form|serializer|image|img|file|fig|book|wb|doc$|document$|config|settings|model$|writer|storage"
)
#: Calls before or after which others are to see what was written.
_WAITS = re.compile(
    r"^(sleep|rollback|delay|apply_async|(a?send|notify|enqueue|dispatch|trigger|publish|deliver)(_\w+)?|\w+_(delay|task))$"
)
_TELLS = re.compile(
    r"log|print|message|debug|info|warn|append|add|extend|isinstance|setattr|getattr|str|len|bool|snapshot|echo"
)
#: Calls that move the files of an item, after which its row has to say where they are.
_FILING = re.compile(
    r"(^|\.)_*(\w*storage|\w*bucket|\w+_file|shutil|os|s3\w*|blob\w*)\.(save|move|copy\w*|rename|replace|put_object|upload\w*)$"
)
#: Writes of many rows: an item with which one is made is itself as good as a batch.
_OF_BATCH = re.compile(
    r"(a?bulk_(create|update|write)|executemany|execute_many|insert_many|to_sql|copy_records\w*|add_all)$"
)
_OF_ROWS = re.compile(r"a?(save|delete|refresh_from_db|full_clean|clean)$")
_FILTERS = re.compile(r"filter|query|where|spec|selector|criteria|match", re.IGNORECASE)


class ItemWrite(NamedTuple):
    """A write that happens for each item.

    node: where the finding stands
    scope: where that is
    what: the call that writes
    items: what there is one for each of
    instead: the form of it that takes many
    """

    node: ast.Call
    scope: Scope
    what: str
    items: str
    instead: str


def writes(source: SourceFile) -> Iterator[ItemWrite]:
    """Yield the writes of a file that happen once per item, the first in each loop."""
    seen: set[int] = set()
    if not source.has_loops:
        return
    found = [*_statements(source), *_saves(source), *_commits(source), *_stores(source)]
    found.sort(key=lambda each: (each[1].node.lineno, each[1].node.col_offset))
    for turn, write in found:
        if id(turn.loop.node) not in seen and not is_meant(turn, write, source):
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
        if (turn.concerns(node) or terminal_name(node.func) in ("create", "acreate")) and not is_of_item_store(
            run.query, turn
        ):
            yield turn, ItemWrite(node, run.scope, spelled(node), turn.items, instead)


def _instead(run: Run) -> str:
    """Return what writes many rows in the place of a run that writes one; "" where it is none, or writes many."""
    query = run.query
    name = query.steps[-1].name if query.steps else ""
    if query.names & batching.UPSERTS:
        return "bulk_create(update_conflicts=True)" if query.family is known.DJANGO else ""
    if query.gives is not Gives.WRITE or query.names & batching.LOCKING:
        return ""
    if query.statement is not None:
        verb = query.statement.verb
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
    for name in ("save", "asave", "delete", "adelete", "insert", "delete_instance"):
        for node, scope in source.calls_by_name.get(name, ()):
            instead = next((batching.SAVING[each][name] for each in families if name in batching.SAVING[each]), "")
            if not instead or not isinstance(node.func, ast.Attribute) or node.args:
                continue
            turn = turn_of(node, scope, source)
            if turn is None or not turn.concerns(node.func.value) or not serves(scope, source, node):
                continue
            if _is_row(node.func.value, scope, source):
                yield turn, ItemWrite(node, scope, spelled(node), turn.items, instead)


def _is_row(node: ast.expr, scope: Scope, source: SourceFile) -> bool:
    """Whether something is a row by what it was bound to, or may well be one by its name."""
    if not isinstance(node, ast.Name):
        return False
    if row_class(node, scope, source):
        return True
    home = scope.lookup(node.id)
    if isinstance(parent := source.parents(scope).get(node), ast.Attribute) and "delete" in parent.attr:
        return False  # files and objects of a store are deleted as well
    kinds = {binding.kind for binding in home.bindings[node.id]} if home is not None else set()
    return kinds <= {"for"} and not _NO_ROWS.search(node.id.lower())


def _commits(source: SourceFile) -> Iterator[tuple[Turn, ItemWrite]]:
    """Yield the commits and flushes of a session for each item that is added to it or changed."""
    for name in ("commit", "flush"):
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
            yield turn, ItemWrite(node, scope, spelled(node), turn.items, f"one {name} after the loop")


def _changes(turn: Turn) -> bool:
    """Whether a turn adds its item to a session, or changes it."""
    for part in _body(turn):
        if isinstance(part, ast.Call) and terminal_name(part.func) in ("add", "merge", "delete", "execute", "add_all"):
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
            for part in ast.walk(parent.test):
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
        if "batch" in site.callee or any("batch_writer" in path for path in site.paths):
            continue
        if serves(site.scope, source, site.node):
            if "redis" not in "".join(site.paths) and "django" in "".join(site.paths):
                instead = batching.DJANGO_CACHE.get(terminal_name(site.node.func), instead)
            yield turn, ItemWrite(site.node, site.scope, site.callee, turn.items, instead)


# Where one by one is meant


def is_meant(turn: Turn, write: ItemWrite, source: SourceFile) -> bool:
    """Whether a loop writes one by one on purpose."""
    site = source.site(write.node, write.scope)
    if _is_explained(turn, write, source):
        return True
    for child, parent in site.ancestors():
        if parent is turn.loop.node:
            break
        if isinstance(parent, ast.Try) and child in parent.body and any(map(_goes_on, parent.handlers)):
            return True
        if isinstance(parent, (ast.With, ast.AsyncWith)) and any(
            _ISOLATING.search(spelled(item.context_expr).rstrip("()")) for item in parent.items
        ):
            return True
    return _is_state(turn, write, source)


def _is_explained(turn: Turn, write: ItemWrite, source: SourceFile) -> bool:
    """Whether a comment above the loop or the write says that one by one is meant."""
    lines = (getattr(turn.loop.node, "lineno", write.node.lineno), write.node.lineno)
    above = [text for line in lines for text in source.lines[max(0, line - 1 - COMMENT_LINES) : line] if "#" in text]
    return any(_EXPLAINS.search(text.partition("#")[2]) for text in above)


def _goes_on(handler: ast.ExceptHandler) -> bool:
    """Whether a handler lets the loop go on with the next item."""
    return not any(isinstance(part, (ast.Raise, ast.Return, ast.Break)) for part in ast.walk(handler))


def _is_state(turn: Turn, write: ItemWrite, source: SourceFile) -> bool:
    """Whether a row is written around work on its item: twice in a turn, beside a remote call, or with a rollback."""
    same = 0
    rows = _worked_on(turn, write, source)
    for part in _body(turn):
        if isinstance(part, (ast.Expr, ast.Assign)):
            call = part.value.value if isinstance(part.value, ast.Await) else part.value
            if isinstance(call, ast.Call) and call is not write.node and _is_work(call, rows, write):
                return True
        if not isinstance(part, ast.Call):
            continue
        name = terminal_name(part.func)
        if _WAITS.match(name):
            return True
        if _OF_BATCH.match(name):
            return True
        if _FILING.search(spelled(part.func)) and "delete" not in write.what:
            return True
        if spelled(part) == write.what:
            same += 1
        scope = write.scope
        row = source.site(part, scope).api
        if row is not None and row.system in REMOTE | {System.LLM, System.CLOCK, System.PROCESS} and not row.makes:
            return True
    return same > 1 and terminal_name(write.node.func) in ("save", "asave", "commit")


def _worked_on(turn: Turn, write: ItemWrite, source: SourceFile) -> set[str]:
    """Return the names of the rows that a write concerns: what is saved, what is made, all that is committed."""
    name = terminal_name(write.node.func)
    if name in ("commit", "flush"):
        return set(turn.own)
    if name in ("create", "acreate", *batching.UPSERTS):
        statement = source.site(write.node, write.scope).statement
        targets = statement.targets if isinstance(statement, ast.Assign) else []
        return {part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)}
    saved = write.node.func.value if isinstance(write.node.func, ast.Attribute) else None
    return {saved.id} if isinstance(saved, ast.Name) else set()


def _is_work(call: ast.Call, rows: set[str], write: ItemWrite) -> bool:
    """Whether a call works on a row: a function that is handed it, or a method of one that was just made."""
    name = terminal_name(call.func)
    if name[:1].isupper() or _TELLS.search(spelled(call.func).lower()):
        return False
    if any(isinstance(each, ast.Name) and each.id in rows for each in call.args):
        return True
    made = terminal_name(write.node.func) in ("create", "acreate", *batching.UPSERTS)
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    return made and isinstance(owner, ast.Name) and owner.id in rows and not _OF_ROWS.match(name)


def _body(turn: Turn) -> Iterator[ast.AST]:
    body = getattr(turn.loop.node, "body", None)
    for statement in body if isinstance(body, list) else [turn.loop.node]:
        yield from ast.walk(statement)
