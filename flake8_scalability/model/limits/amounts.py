"""Amounts: is there one for each item of something whose size nobody limits?

What is small by its text, cut into pieces, or known by its name to be a handful (workers, shards, plugins) is
limited; so is what an object itself holds, and what the function measures.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_scalability.catalog import background, bodies
from flake8_scalability.model.language import loops
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.loops import LoopKind
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.limits import origins
from flake8_scalability.model.limits.handfuls import gives_few, gives_parts, holds_kinds, is_few, is_grouping
from flake8_scalability.model.limits.measures import is_measured, is_measured_somewhere, is_of_counting_class
from flake8_scalability.model.running.scripts import is_endless
from flake8_scalability.model.sites import CallSite

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

MAX_STEPS = 4
_CAPPED = re.compile(r"limit|top_?k|max_|page|chunk|batch|first|sample|^n$|num_|count|size", re.IGNORECASE)
#: Calls that give the items of their first argument, or of their receiver.
_VIEWS = frozenset({
    "enumerate", "zip", "sorted", "reversed", "list", "tuple", "set", "frozenset", "filter", "items", "keys", "values",
    "dict", "copy", "iter", "chain", "unique", "fromkeys", "from_iterable",
})  # fmt: skip
#: What a message has a few of.
_IN_MESSAGES = re.compile(r"(^|_)(images|files|stickers|reactions|image_urls)$", re.IGNORECASE)
#: Calls that give only a part.
_CUTTING = frozenset(
    {"islice", "batched", "chunked", "chunks", "sample", "nsmallest", "nlargest", "take", "most_common", "grouper"}
)


def of_loop(site: CallSite, source: SourceFile) -> str:
    """Return what a call runs once for each of; "" where that is nothing, or not many."""
    loop = loops.enclosing(site)
    if loop is None:
        return ""
    if loop.kind is LoopKind.FOREVER:
        return "message that arrives" if isinstance(loop.node, ast.While) and is_endless(loop.node) else ""
    if loop.kind is not LoopKind.ITEMS:
        return ""
    if isinstance(loop.node, (ast.For, ast.AsyncFor)):
        if any(is_paged(site, outer) for outer in site.inside((ast.For, ast.AsyncFor)) if outer is not loop.node):
            return ""
        return "" if _names_few(loop.node.target) else many(loop.node.iter, site.scope, source)
    if isinstance(loop.node, (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)):
        first = loop.node.generators[0]
        return "" if _names_few(first.target) else many(first.iter, site.scope.parent or site.scope, source)
    return ""


def _names_few(target: ast.expr) -> bool:
    """Whether an item is by its name one of a few: `plugin`, `engine_name`."""
    names = (part.id for part in walk(target) if isinstance(part, ast.Name))
    return any(is_few(re.sub(r"_(name|id|url|key|class|config|settings)$", "", name)) for name in names)


def is_paged(site: CallSite, loop: ast.AST) -> bool:
    """Whether a loop around a call goes through pieces: over a range with a step, chunks, or until nothing is left."""
    if isinstance(loop, ast.While):
        return not (isinstance(loop.test, ast.Constant) or is_endless(loop)) and _slices(loop)
    if isinstance(loop, (ast.For, ast.AsyncFor)):
        if isinstance(loop.iter, ast.Call) and terminal_name(loop.iter.func) == "range" and len(loop.iter.args) == 3:
            return True
        return loops.kind_of(loop, site) is LoopKind.PAGES
    return False


def _slices(loop: ast.AST) -> bool:
    return any(isinstance(node, ast.Slice) for node in walk(loop))


def many(node: ast.expr, scope: Scope, source: SourceFile, steps: int = 0) -> str:
    """Return the spelling of an iterable whose size nobody limits; "" where it is limited, small or not known."""
    if steps > MAX_STEPS or loops.is_small(node, scope) or holds_kinds(node):
        return ""
    if isinstance(node, ast.Call):
        return _many_called(node, scope, source, steps)
    if isinstance(node, ast.Await):
        if isinstance(node.value, ast.Call):
            return _many_called(node.value, scope, source, steps + 1, is_awaited=True)
        return many(node.value, scope, source, steps + 1)
    if isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp)):
        return many(node.generators[0].iter, scope, source, steps + 1)
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.BitOr)):
        return many(node.left, scope, source, steps + 1) or many(node.right, scope, source, steps + 1)
    if isinstance(node, ast.Attribute):
        if is_few(node.attr) or _is_own(node, scope):
            return ""
        if is_measured_somewhere(node.attr, source) or is_of_counting_class(node, scope):
            return ""
        return "" if _is_of_a_message(node.attr, source) else node.attr
    if isinstance(node, ast.Name):
        return _many_named(node, scope, source, steps)
    return ""


def _many_called(node: ast.Call, scope: Scope, source: SourceFile, steps: int, is_awaited: bool = False) -> str:
    """A call gives many where it is awaited, reads what is kept somewhere, or returns what is many in this file."""
    name = terminal_name(node.func)
    if name in _CUTTING or gives_few(name) or gives_parts(node):
        return ""
    if isinstance(node.func, ast.Attribute) and name in ("get", "values", "keys", "items", "setdefault"):
        held = node.func.value
        # A mapping that some object holds has an entry for each kind of thing, as far as the file shows.
        if is_few(terminal_name(held)) or isinstance(held, ast.Attribute):
            return ""
    if name == "range":
        sizes = [
            part for part in node.args if isinstance(part, ast.Call) and terminal_name(part.func) == "len" and part.args
        ]
        return many(sizes[0].args[0], scope, source, steps + 1) if sizes and isinstance(sizes[0], ast.Call) else ""
    if name in _VIEWS:
        given = [*node.args] if name in ("zip", "chain") else node.args[-1:] if name == "filter" else node.args[:1]
        if not given and isinstance(node.func, ast.Attribute):
            given = [node.func.value]
        parts = [many(each, scope, source, steps + 1) for each in given]
        return next(filter(None, parts), "") if name != "zip" or all(parts) else ""
    if _is_prompt(node):
        return ""
    if any(keyword.arg is not None and _CAPPED.search(keyword.arg) for keyword in node.keywords):
        return ""
    if any(
        isinstance(part, ast.Call) and terminal_name(part.func) in ("limit", "first", "head") for part in walk(node)
    ):
        return ""
    if any(isinstance(part, ast.Name) and _CAPPED.search(part.id) for argument in node.args for part in walk(argument)):
        return ""
    returned = list(_returned(node, scope, source))
    if returned and all(_is_limited_query(value, home) for value, home in returned):
        return ""
    if is_awaited or background.READING.search(name) is not None:
        return f"{name}()"
    return f"{name}()" if any(many(value, home, source, steps + 1) for value, home in returned) else ""


def _is_limited_query(node: ast.expr, scope: Scope, steps: int = 0) -> bool:
    """Whether an expression, or what a name of the function holds, is a query for no more than so many rows."""
    if isinstance(node, ast.Name) and steps < MAX_STEPS:
        values = [binding.value for binding in scope.bindings.get(node.id, ())]
        return bool(values) and all(
            value is not None and _is_limited_query(value, scope, steps + 1) for value in values
        )
    return any(
        isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute) and part.func.attr == "limit" and part.args
        for part in walk(node)
    )


def _is_prompt(node: ast.expr) -> bool:
    """Whether a call asks a language model, which writes down the handful that its prompt wants."""
    call = node.value if isinstance(node, ast.Await) else node
    return isinstance(call, ast.Call) and any(keyword.arg == "prompt" for keyword in call.keywords)


def _returned(node: ast.Call, scope: Scope, source: SourceFile) -> Iterator[tuple[ast.expr, Scope]]:
    """Yield what the function of the file that is called returns."""
    for value in source.resolver.values(node.func, scope):
        if value.target is not None and value.target.is_function:
            for returned in value.target.of(ast.Return):
                if isinstance(returned, ast.Return) and returned.value is not None:
                    yield returned.value, value.target


def _many_named(node: ast.Name, scope: Scope, source: SourceFile, steps: int) -> str:
    """A name holds many where it is a parameter, or holds what a call, a loop or a comprehension made."""
    if is_few(node.id) or node.id.isupper():
        return node.id if not node.id.isupper() and origins.are_many(node, scope, source) else ""
    home = scope.lookup(node.id)
    if home is None or home.is_module or home.is_class or is_measured(node.id, home) or is_grouping(node.id, home):
        return ""
    if _is_of_a_message(node.id, source) or background.BATCHES.search(node.id) is not None:
        return ""
    for binding in home.bindings[node.id]:
        if binding.kind == "parameter":
            varying = binding.node is not getattr(getattr(home.node, "args", None), "vararg", None)
            many_given = (
                varying and _may_be_long(binding.annotation) and not _callers_give_few(node.id, home, source, steps)
            )
            return node.id if many_given else ""
        if binding.value is None:
            continue
        if binding.kind == "assign":
            if isinstance(binding.value, (ast.List, ast.Set, ast.Dict)):
                continue
            found = many(binding.value, binding.scope, source, steps + 1)
            if isinstance(binding.value, ast.Subscript) or not found:
                return ""
            return node.id
        if binding.kind in ("for", "unpack", "with"):
            return ""
    return node.id if _is_filled(node.id, home, source) else ""


def _callers_give_few(name: str, home: Scope, source: SourceFile, steps: int) -> bool:
    """Whether the file calls a function, and always with what is small by its text."""
    edges = [edge for edge in source.graph.into.get(home, ()) if edge.caller.function is not home]
    if not edges or any(edge.handed for edge in edges):
        return False
    given = [_argument(edge.node, name, home) for edge in edges]
    return all(
        node is not None and not many(node, edge.caller, source, steps + 1) and _is_shown(node, edge.caller, source)
        for node, edge in zip(given, edges)
    )


def _argument(call: ast.Call, name: str, target: Scope) -> ast.expr | None:
    """Return what a call gives for a parameter of a function, None where that can't be told."""
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    names = [each for each in target.parameters if each not in ("self", "cls")]
    position = names.index(name) if name in names else len(call.args)
    if position >= len(call.args) or any(isinstance(each, ast.Starred) for each in call.args):
        return None
    return call.args[position]


def _gives_limited(node: ast.expr | None, scope: Scope, source: SourceFile) -> bool:
    """Whether a call of a function of the file gives the rows of a query with a limit."""
    call = node.value if isinstance(node, ast.Await) else node
    returned = list(_returned(call, scope, source)) if isinstance(call, ast.Call) else []
    return bool(returned) and all(_is_limited_query(value, home) for value, home in returned)


def _is_shown(node: ast.expr, scope: Scope, source: SourceFile) -> bool:
    """Whether an argument is written out, cut, counted, or a list of the calling function: the text shows its size."""
    if isinstance(node, (ast.List, ast.Tuple, ast.Set, ast.Dict, ast.Subscript)):
        return True
    if isinstance(node, ast.BoolOp):
        return all(_is_shown(each, scope, source) for each in node.values)
    home = scope.lookup(node.id) if isinstance(node, ast.Name) else None
    if home is None or not isinstance(node, ast.Name) or home.is_class:
        return False
    if home.is_function and is_measured(node.id, home):
        return True
    shown = (ast.List, ast.Tuple, ast.Set, ast.Dict, ast.Subscript, ast.ListComp)
    values = [binding.value for binding in home.bindings[node.id] if binding.kind == "assign"]
    if values and all(_gives_limited(value, home, source) for value in values):
        return True
    return bool(values) and all(
        value is not None and (isinstance(value, shown) or _is_prompt(value) or _gives_few(value)) for value in values
    )


def _gives_few(node: ast.expr) -> bool:
    call = node.value if isinstance(node, ast.Await) else node
    return isinstance(call, ast.Call) and gives_few(terminal_name(call.func))


def _is_filled(name: str, home: Scope, source: SourceFile) -> bool:
    """Whether a loop over many items fills a list of the function."""
    for scope in home.walk_same_call():
        for node in scope.of(ast.Call):
            assert isinstance(node, ast.Call)
            adds = isinstance(node.func, ast.Attribute) and node.func.attr in ("append", "add")
            if adds and _receiver(node) == name and of_loop(source.site(node, scope), source):
                return True
        for stored in scope.of(ast.Assign):
            assert isinstance(stored, ast.Assign)
            if any(isinstance(target, ast.Subscript) and plain(target.value) == name for target in stored.targets):
                return False
    return False


def _receiver(node: ast.Call) -> str:
    """Return the name whose method is called; "" where that is no name."""
    return plain(node.func.value) if isinstance(node.func, ast.Attribute) else ""


def _is_of_a_message(name: str, source: SourceFile) -> bool:
    """Whether something is attached to a message of a platform that bounds how many there may be."""
    return _IN_MESSAGES.search(name) is not None and bodies.BOUNDED_PLATFORMS.search(source.text) is not None


def _may_be_long(annotation: ast.expr | None) -> bool:
    if annotation is None:
        return True
    words = {terminal_name(part) for part in walk(annotation)}
    words |= {str(part.value) for part in walk(annotation) if isinstance(part, ast.Constant)}
    return not words & {"Literal", "Callable", "Coroutine", "Awaitable", "Task", "Enum"} or "list" in words


def _is_own(node: ast.Attribute, scope: Scope) -> bool:
    """Whether an attribute belongs to the object itself, which was set up with so many."""
    root: ast.expr = node
    while isinstance(root, (ast.Attribute, ast.Subscript)):
        root = root.value
    return isinstance(root, ast.Name) and root.id in ("self", "cls", "settings", "config")


def plain(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""
