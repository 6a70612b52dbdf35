"""Where a loop writes one by one on purpose.

In a transaction or a `try` that goes on with the next item, where the state of a row is saved around its work, where an
error is noted, and where a comment says so.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from flake8_scalability.catalog import batching
from flake8_scalability.catalog.rows import REMOTE, System
from flake8_scalability.model.batching.per_item import Turn
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.sites import CallSite, spelled

#: A comment explains what stands so many lines below it.
COMMENT_LINES = 3
_EXPLAINS = re.compile(
    r"individual|one[- ]by[- ]one|one at a time|signals?\b|hooks?\b|bulk|\bper[- ]row|atomic|\braces?\b", re.IGNORECASE
)
_ISOLATING = re.compile(r"atomic|begin(_nested)?$|savepoint|transaction|suppress|subTest|lock", re.IGNORECASE)
#: Calls before or after which others are to see what was written.
_WAITS = re.compile(
    r"^(sleep|rollback|delay|apply_async|(a?send|notify|enqueue|dispatch|trigger|publish|deliver)(_\w+)?|\w+_(delay|task)|(re)?upload(_\w+)?|"
    r"download(_\w+)?)$"
)
_TELLS = re.compile(
    r"log|print|message|debug|info|warn|append|add|extend|isinstance|setattr|getattr|str|len|bool|snapshot|echo"
)
#: Calls whose result says what an item, or its row, is: nothing has been done yet.
_ASKS = re.compile(
    r"^_*(a?get|find|is|has|check|parse|compute|calc|load|fetch|read|look|match|extract|format|to|as)(_|$)|^_*[a-z]+$"
)
#: What stands for real data while a service is shown or tried out.
_STAGED = re.compile(r"(^|_)(simulat\w+|demo|sample|fake|mock|dummy|seed(s|er|ing|ed)?)(_|\.|$)", re.IGNORECASE)
#: Calls that move the files of an item, after which its row has to say where they are.
_FILING = re.compile(
    r"(^|\.)_*(\w*storage|\w*bucket|\w+_file|shutil|os|s3\w*|blob\w*)\.(save|move|copy\w*|rename|replace|put_object|upload\w*)$"
)
#: What another service has answered is read, whoever has asked it.
_ANSWERED = re.compile(r"\bresp(onse)?\w*\.(json|raise_for_status)$")
#: Writes of many rows: an item with which one is made is itself as good as a batch.
_OF_BATCH = re.compile(
    r"(a?bulk_(create|update|write)|executemany|execute_many|insert_many|to_sql|copy_records\w*|add_all)$"
)
_TYING = frozenset({"set", "add", "aset", "aadd"})
_OF_ROWS = re.compile(r"a?(save|delete|refresh_from_db|full_clean|clean)$")
#: Classes of rows that say what was done.
_RECORD = re.compile(r"(Log|Audit|Annotation|History|Activity|Note)(Entry|Record|Event)?\.")
#: Where a loop notes what is wrong with an item.
_NOTES_ERROR = re.compile(
    r"(error|fail|invalid|reject|problem)\w*\.(append|add|extend)$|log\w*\.(error|exception|critical)$", re.IGNORECASE
)


def is_meant(turn: Turn, site: CallSite) -> bool:
    """Whether the loop of a turn makes the call that writes for one item at a time on purpose."""
    if _is_explained(turn, site) or _is_staged(site):
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
        if isinstance(parent, ast.If) and (
            _notes_error(parent.body if child in parent.body else parent.orelse)
            or _asks_for_work(parent.test, turn, site)
        ):
            return True
    return _is_state(turn, site) or _only_records(turn, site) or _is_told(turn, site)


def _is_staged(site: CallSite) -> bool:
    """Whether what is written is made up, as the name of the file or the function says."""
    function = site.function
    return any(_STAGED.search(each) for each in (site.source.path_parts[-1], function.name if function else ""))


def _asks_for_work(test: ast.expr, turn: Turn, site: CallSite) -> bool:
    """Whether a branch asks how work on the item went, which the turn has called a function for: its row follows it."""
    asked = {part.id for part in walk(test) if isinstance(part, ast.Name)} & turn.own - turn.targets.keys()
    for part in body_of(turn):
        call = part.value.value if isinstance(part, ast.Assign) and isinstance(part.value, ast.Await) else None
        call = part.value if call is None and isinstance(part, ast.Assign) else call
        if not isinstance(call, ast.Call) or site.source.queries.of(call, site.scope) is not None:
            continue
        names = {each.id for target in part.targets for each in walk(target) if isinstance(each, ast.Name)}  # type: ignore[attr-defined]
        if names & asked and not _ASKS.match(terminal_name(call.func)) and not terminal_name(call.func)[:1].isupper():
            return True
    return False


def _notes_error(block: list[ast.stmt]) -> bool:
    """Whether a branch is taken for what is wrong: one item in many."""
    return any(
        isinstance(each, ast.Expr)
        and isinstance(each.value, ast.Call)
        and _NOTES_ERROR.search(spelled(each.value.func)) is not None
        for each in block
    )


def _is_explained(turn: Turn, site: CallSite) -> bool:
    """Whether a comment above the loop or the write says that one by one is meant."""
    lines = (getattr(turn.loop.node, "lineno", site.node.lineno), site.node.lineno)
    texts = site.source.lines
    above = [text for line in lines for text in texts[max(0, line - 1 - COMMENT_LINES) : line] if "#" in text]
    return any(_EXPLAINS.search(text.partition("#")[2]) for text in above)


def _goes_on(handler: ast.ExceptHandler) -> bool:
    """Whether a handler lets the loop go on with the next item."""
    return not any(isinstance(part, (ast.Raise, ast.Return, ast.Break)) for part in walk(handler))


def _is_state(turn: Turn, site: CallSite) -> bool:
    """Whether a row is written around work on its item: twice in a turn, beside a remote call, or with a rollback."""
    same, what = 0, spelled(site.node)
    rows = _worked_on(turn, site)
    for part in body_of(turn):
        if isinstance(part, (ast.Expr, ast.Assign)):
            call = part.value.value if isinstance(part.value, ast.Await) else part.value
            if isinstance(call, ast.Call) and call is not site.node and _is_work(call, rows, site):
                return True
        if not isinstance(part, ast.Call):
            continue
        name = terminal_name(part.func)
        if _WAITS.match(name):
            return True
        if _OF_BATCH.match(name):
            return True
        if _ANSWERED.search(spelled(part.func)):
            return True
        if _FILING.search(spelled(part.func)) and "delete" not in spelled(site.node):
            return True
        if spelled(part) == what:
            same += 1
        row = site.source.site(part, site.scope).api
        if row is not None and row.system in REMOTE | {System.LLM, System.CLOCK, System.PROCESS} and not row.makes:
            return True
    return same > 1 and terminal_name(site.node.func) in ("save", "asave", "commit")


def _worked_on(turn: Turn, site: CallSite) -> set[str]:
    """Return the names of the rows that a write concerns: what is saved, what is made, all that is committed."""
    name = terminal_name(site.node.func)
    if name in ("commit", "flush"):
        return set(turn.own)
    if name in batching.CREATING | batching.UPSERTS:
        statement = site.statement
        targets = statement.targets if isinstance(statement, ast.Assign) else []
        return {part.id for target in targets for part in walk(target) if isinstance(part, ast.Name)}
    saved = site.node.func.value if isinstance(site.node.func, ast.Attribute) else None
    return {saved.id} if isinstance(saved, ast.Name) else set()


def _is_work(call: ast.Call, rows: set[str], site: CallSite) -> bool:
    """Whether a call works on a row: a function that is handed it, or a method of one that was just made."""
    name = terminal_name(call.func)
    own = isinstance(call.func, ast.Attribute) and terminal_name(call.func.value) in rows
    if name[:1].isupper() or _TELLS.search(name.lower() if own else spelled(call.func).lower()):
        return False
    if any(isinstance(each, ast.Name) and each.id in rows for each in call.args):
        return True
    writing = terminal_name(site.node.func)
    made = writing in batching.CREATING | batching.UPSERTS or (
        writing in ("save", "asave") and call.lineno > site.node.lineno
    )
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    if isinstance(owner, ast.Attribute) and name in _TYING and isinstance(owner.value, ast.Name):
        return owner.value.id in rows  # `row.files.set(files)`: others are tied to a row, which has to be there
    return made and isinstance(owner, ast.Name) and owner.id in rows and not _OF_ROWS.match(name)


def _is_told(turn: Turn, site: CallSite) -> bool:
    """Whether a turn commits what it has written and then tells others of its item: each is a unit of its own."""
    parts = list(body_of(turn))
    commits = [each.lineno for each in parts if isinstance(each, ast.Call) and terminal_name(each.func) == "commit"]
    if not commits or min(commits) < site.node.lineno:
        return False
    for part in parts:
        done = part.value if isinstance(part, ast.Expr) else None
        call = done.value if isinstance(done, ast.Await) else done
        if not isinstance(call, ast.Call) or call.lineno <= min(commits) or _TELLS.search(spelled(call.func).lower()):
            continue
        given = [*call.args, *(each.value for each in call.keywords)]
        names = {each.id for value in given for each in walk(value) if isinstance(each, ast.Name)}
        if names & turn.own and site.source.queries.of(call, site.scope) is None:
            return True
    return False


def _only_records(turn: Turn, site: CallSite) -> bool:
    """Whether a turn notes with a new row what it has done to its item, which no statement does for many at once."""
    made = site.node.func
    if not isinstance(site.statement, ast.Expr) or terminal_name(made) not in batching.CREATING:
        return False
    if not _RECORD.search(spelled(made)):
        return False
    return any(
        isinstance(part, (ast.For, ast.AsyncFor))
        or (
            isinstance(part, ast.Call)
            and isinstance(part.func, ast.Attribute)
            and isinstance(part.func.value, ast.Attribute)
            and _OF_ROWS.match(part.func.attr) is not None
        )
        for part in body_of(turn)
    )


def body_of(turn: Turn) -> Iterator[ast.AST]:
    """Yield everything that a turn does."""
    body = getattr(turn.loop.node, "body", None)
    for statement in body if isinstance(body, list) else [turn.loop.node]:
        yield from walk(statement)
