"""Hand-written caches: mappings that keep what was read or computed, their bound, their age, and what they hold."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from flake8_scalability.catalog import cache_libraries as catalog
from flake8_scalability.model.caching.computed import is_computed, is_look_up
from flake8_scalability.model.caching.fetching import fetches, fetching_calls, reads_by_name
from flake8_scalability.model.caching.local_entries import stays_here
from flake8_scalability.model.caching.scratch import is_never_filled, is_scratch, saves_no_read
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.mutations import How
from flake8_scalability.model.language.names import names_in, root_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.stateless.candidates import Holder
from flake8_scalability.model.stateless.roles import Role, Shared
from flake8_scalability.model.stateless.state import State
from flake8_scalability.project import mentions, usage

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

_NAME = re.compile(r"cache|memo(ized|s)?$")
#: What the functions around a cache say when its entries grow old.
_TIMED = re.compile(
    r"(?i)ttl|expir|max_?age|stale|fresh|cached_at|fetched_at|monotonic\(|time\.time\(|\btime\(\)|utcnow\(|\.now\(|loop\(?\)?\.time\(|"
    r"timestamp|_ts\b|timeout"
)
MAX_STEPS = 3


class Kept(NamedTuple):
    """A mapping that functions fill while the process serves, as a cache.

    shared: the state; bounded, timed: whether its size and the age of its entries are limited
    few: whether all its keys are constants of the program
    """

    shared: Shared
    bounded: bool
    timed: bool
    few: bool

    @property
    def state(self) -> State:
        return self.shared.state


def kept(source: SourceFile) -> Iterator[Kept]:
    """Yield the caches among the shared state of a file; those of objects and of mere computation are none."""
    for shared in source.changed_while_serving:
        if shared.role is not Role.CACHE or _holds_objects(shared, source) or is_computed(shared.state, source):
            continue
        if _stays_as_it_is(shared.state, source) or stays_here(shared.state, source):
            continue
        if saves_no_read(shared.state) or is_scratch(shared.state, source) or is_never_filled(shared.state, source):
            continue
        if not _is_fetched(shared, source) and not (_NAME.search(shared.state.name.lower()) and _may_be_read(shared)):
            continue
        yield Kept(shared, *limits(shared.state, source), _only_constant_keys(shared.state))


def untouched(source: SourceFile) -> Iterator[tuple[ast.AST, str]]:
    """Yield the empty mappings at module level that are called a cache and left to other modules to fill."""
    if "cache" not in source.lexicon or source.is_tool:
        return
    for name, bindings in source.module.bindings.items():
        binding = bindings[0]
        if len(bindings) != 1 or binding.kind != "assign" or not _NAME.search(name.lower()) or binding.value is None:
            continue
        if not _is_empty(binding.value) or len(re.findall(rf"\b{re.escape(name)}\b", source.text)) != 1:
            continue
        uses = None if source.settings.no_project else usage.uses_elsewhere(name, source.filename)
        if (uses is None or uses) and not _is_emptied_elsewhere(name, source):
            yield binding.node, name


def _is_emptied_elsewhere(name: str, source: SourceFile) -> bool:
    emptied = re.compile(rf"\bdel {re.escape(name)}\[|\b{re.escape(name)}\.(pop|popitem|clear)\(")
    return not source.settings.no_project and mentions.is_said(emptied, (name,), source.filename)


def _is_empty(node: ast.expr) -> bool:
    if isinstance(node, ast.Dict):
        return not node.keys
    return isinstance(node, ast.Call) and not node.args and terminal_name(node.func) in ("dict", "OrderedDict")


def instead(cache: Kept, source: SourceFile) -> str:
    """Return what to use: what each object reads by a handle of its own may stay with the object as well."""
    function = cache.shared.change.scope.function
    if cache.state.holder is Holder.CLASS and function is not None:
        calls = list(fetching_calls(function, source))
        if calls and all(root_name(call.func) == function.first_parameter for call in calls):
            return "keep it per object, or use Redis"
    return "use Redis with a TTL"


# Bound and age


def limits(state: State, source: SourceFile) -> tuple[bool, bool]:
    """Return whether something limits the size of a state, and the age of what it holds."""
    name = state.name.rpartition(".")[2]
    # Where it is made, it is made empty, which is no limit.
    home = state.scope.function
    texts = [_text(function, source) for function in _functions(name, source) if function is not home]
    bounded = _only_constant_keys(state) or any(_limits_size(name, text) for text in texts)
    timed = any(_TIMED.search(text) for text in texts) or _TIMED.search(name) is not None
    return bounded, timed


def _functions(name: str, source: SourceFile) -> list[Scope]:
    """Return the functions that speak of a name."""
    pattern = re.compile(rf"\b{re.escape(name)}\b")
    return [scope for scope in source.scopes if scope.is_function and pattern.search(_text(scope, source))]


def _text(function: Scope, source: SourceFile) -> str:
    node = function.node
    assert isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    return "".join(source.lines[node.lineno - 1 : node.end_lineno or node.lineno])


def _limits_size(name: str, text: str) -> bool:
    own = rf"\b{re.escape(name)}"
    return any(
        re.search(pattern, text)
        for pattern in (
            rf"len\([^()]*{own}[^()]*\)\s*(>|>=|==|<|<=)",
            rf"{own}\.(popitem|clear)\(",
            rf"{own}(: [^=]+)? = (\{{\}}|dict\(\)|OrderedDict\(\))",
            rf"{own}\.pop\(next\(iter\(",
        )
    )


def _only_constant_keys(state: State) -> bool:
    """Whether every item that is ever set is one of a few that the source names."""
    stored = [change for change in state.changes if change.how is How.ITEM]
    return bool(stored) and all(isinstance(change.key, ast.Constant) for change in stored)


def has_choice_of_keys(cache: Kept) -> bool:
    """Whether every key is a name to which branches of the program give one text of a few or another."""
    stored = [change for change in cache.state.changes if change.how is How.ITEM]
    return bool(stored) and all(_is_chosen(change.key, change.scope) for change in stored)


def _is_chosen(key: ast.expr | None, scope: Scope) -> bool:
    home = scope.lookup(key.id) if isinstance(key, ast.Name) else None
    bindings = home.bindings[key.id] if isinstance(key, ast.Name) and home is not None and home.is_function else ()
    return len(bindings) > 1 and all(isinstance(each.value, ast.Constant) for each in bindings)


# What is kept


def _holds_objects(shared: Shared, source: SourceFile) -> bool:
    """Whether the cache holds objects of this process, which nobody else could use: clients, locks, compiled things."""
    state = shared.state
    if catalog.OBJECTS.search(re.sub(r"_?(cached?s?|memo)_?", "", state.plain_name)) is not None:
        return True
    if "WeakKeyDictionary" in ast.dump(state.value) if state.value is not None else False:
        return True
    stored = [change for change in state.changes if change.value is not None and change.how in (How.ITEM, How.ADD)]
    return bool(stored) and all(_is_object(change.value, change.scope, source) for change in stored)


def _stays_as_it_is(state: State, source: SourceFile) -> bool:
    """Whether what is kept can't grow old: a comment above says so, or each value is decoded from its key."""
    above = getattr(state.node, "lineno", 0) - 2
    while above >= 0 and source.lines[above].lstrip().startswith("#"):
        if catalog.UNCHANGING.search(source.lines[above]):
            return True
        above -= 1
    stored = [change for change in state.changes if change.value is not None and change.how in (How.ITEM, How.ADD)]
    return bool(stored) and all(_is_translated(change.value, change.scope) for change in stored)


def _is_translated(node: ast.expr | None, scope: Scope) -> bool:
    if isinstance(node, ast.Name):
        home = scope.lookup(node.id)
        values = (
            [each.value for each in home.bindings[node.id] if not is_look_up(each.value)] if home is not None else []
        )
        return bool(values) and all(_is_translated(each, scope) for each in values if not isinstance(each, ast.Name))
    if isinstance(node, ast.Attribute):
        return _is_translated(node.value, scope)
    call = node.value if isinstance(node, ast.Await) else node
    return isinstance(call, ast.Call) and catalog.TRANSLATING.match(terminal_name(call.func)) is not None


def _is_object(node: ast.expr | None, scope: Scope, source: SourceFile, steps: int = 0) -> bool:
    if node is None or steps > MAX_STEPS:
        return False
    if isinstance(node, ast.Await):
        return _is_object(node.value, scope, source, steps)
    if isinstance(node, ast.Lambda):
        return True
    if isinstance(node, ast.BoolOp):
        return _is_object(node.values[0], scope, source, steps)
    if isinstance(node, ast.Name):
        home = scope.lookup(node.id)
        bindings = home.bindings[node.id] if home is not None else []
        if any(binding.kind in ("function", "class") for binding in bindings):
            return True
        valued = [b for b in bindings if b.kind == "assign" and not is_look_up(b.value)]
        return bool(valued) and all(_is_object(b.value, b.scope, source, steps + 1) for b in valued)
    if not isinstance(node, ast.Call):
        return False
    if node in source.makers or _makes_objects(node, scope, source, steps):
        return True
    name = terminal_name(node.func)
    if re.match(r"_*[A-Z][a-z]", name) and "." not in name:
        return not catalog.ENTRY.search(name) and not _is_model(node, scope)
    return re.match(r"_*(make|build|create|compile|get|load|new)_", name) is not None and bool(
        catalog.OBJECTS.search(name.lower())
    )


def _makes_objects(node: ast.Call, scope: Scope, source: SourceFile, steps: int) -> bool:
    """Whether a call is of a function of the file that makes one object or another by what it is given."""
    targets = [edge.target for edge in source.graph.out_of.get(scope, ()) if edge.node is node]
    returned = [
        (each.value, target) for target in targets for each in target.of(ast.Return) if isinstance(each, ast.Return)
    ]
    return len(targets) == 1 and bool(returned) and all(_is_object(*each, source, steps + 1) for each in returned)


def _is_model(node: ast.Call, scope: Scope) -> bool:
    """Whether a constructor is given what it holds by keyword, as data are."""
    return len(node.keywords) >= 2 and not node.args


def _is_fetched(shared: Shared, source: SourceFile) -> bool:
    """Whether what is stored is shown to come from elsewhere: awaited, or made where data are read."""
    for change in (*shared.state.changes, *shared.state.inner):
        function = change.scope.function
        if function is None or change.value is None or change.how not in (How.ITEM, How.ADD):
            continue
        if fetches(function, source) is not None or _is_awaited(change.value, change.scope):
            return True
    return False


def has_keys_of_callers(cache: Kept, source: SourceFile) -> bool:
    """Whether a cache has an entry for each caller, or for each row that is read; marks of what exists are none."""
    changes = [change for change in (*cache.state.changes, *cache.state.inner) if change.key is not None]
    stored = [change.value for change in changes if change.value is not None]
    if stored and all(isinstance(value, ast.Constant) for value in stored):
        return False
    keys = [change.key for change in changes if change.key is not None]
    if any(catalog.PERSONAL_KEY.search(ast.unparse(key)) for key in keys):
        return True
    return _NAME.search(cache.state.name.lower()) is not None and _is_fetched(cache.shared, source)


def _may_be_read(shared: Shared) -> bool:
    """Whether what is stored is handed in, or comes from a call that reads by its name."""
    return any(
        _is_read_by_name(change.value, change.scope, names_in(change.key) if change.key is not None else set())
        for change in (*shared.state.changes, *shared.state.inner)
        if change.value is not None and change.how in (How.ITEM, How.ADD)
    )


def _is_read_by_name(node: ast.expr, scope: Scope, asked: set[str], steps: int = 0) -> bool:
    """Whether a value holds a parameter, those that make its key left out, or what a call that reads has given."""
    for part in walk(node):
        if isinstance(part, ast.Call) and reads_by_name(part):
            return True
        home = scope.lookup(part.id) if isinstance(part, ast.Name) and steps < MAX_STEPS else None
        if home is None or home.is_module or home.is_class:
            continue
        for binding in home.bindings[part.id]:  # type: ignore[attr-defined]
            if binding.kind == "parameter":
                if steps == 0 and part.id not in asked:  # type: ignore[attr-defined]
                    return True
            elif binding.value is not None and _is_read_by_name(binding.value, binding.scope, asked, steps + 1):
                return True
    return False


def is_copy(cache: Kept, source: SourceFile) -> bool:
    """Whether what a cache keeps is read from a store or a service where it is stored, or by who hands it in there."""
    if not _NAME.search(cache.state.name.lower()) or _is_tier(cache.state, source):
        return False
    stored = (*cache.state.changes, *cache.state.inner)
    storing = {change.scope.function for change in stored if change.how in (How.ITEM, How.ADD)}
    handing = {edge.caller.function for each in storing if each is not None
               for edge in source.graph.into.get(each, ()) if not edge.handed}  # fmt: skip
    return any(each is not None and fetches(each, source) is not None for each in storing | handing)


def _is_tier(state: State, source: SourceFile) -> bool:
    """Whether a function that speaks of a cache speaks of a shared store as well: what it has not, the other may."""
    functions = _functions(state.name.rpartition(".")[2], source)
    return any(store in _text(each, source).lower() for each in functions for store in catalog.SHARED_STORES)


def _is_awaited(node: ast.expr, scope: Scope) -> bool:
    if isinstance(node, ast.Name):
        home = scope.lookup(node.id)
        bindings = home.bindings[node.id] if home is not None else []
        return any(isinstance(binding.value, ast.Await) for binding in bindings)
    return any(isinstance(part, ast.Await) for part in walk(node))
