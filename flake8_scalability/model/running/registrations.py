"""Registrations that are neither a decorator, a base nor a call: lists of a framework, attributes and signatures."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from flake8_scalability.catalog import frameworks, live_frameworks
from flake8_scalability.catalog.rows import Entry, Listing, Signature, expand
from flake8_scalability.model.language.callgraph import calls_by_name, terminal_name
from flake8_scalability.model.language.index import grouped, nodes_below
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.values import Resolver

#: How deep a function may be wrapped where it is registered: `partial(checked(f))` in a list in a dict.
MAX_DEPTH = 5
_LITERALS = (ast.List, ast.Tuple, ast.Set)


def functions_in(node: ast.expr, scope: Scope, resolver: Resolver, names: set[str]) -> Iterator[Scope]:
    """Yield the functions of the file that a registered expression holds.

    `names` are those of the file's functions and classes.  A lambda stands for the function that it is a call of, a
    literal for its items, a call that is no function of the file for the first function that it is given:
    `partial(f, 1)`, `guarded(f)`.
    """
    todo = [(node, scope, 0)]
    while todo:
        expression, where, depth = todo.pop(0)
        if depth > MAX_DEPTH:
            continue
        if isinstance(expression, (ast.Name, ast.Attribute)):
            yield from _named(expression, where, resolver, names)
        elif isinstance(expression, _LITERALS):
            todo += [(item, where, depth + 1) for item in expression.elts]
        elif isinstance(expression, ast.Dict):
            todo += [(item, where, depth + 1) for item in expression.values]
        elif isinstance(expression, ast.BinOp):
            todo += [(part, where, depth + 1) for part in (expression.left, expression.right)]
        elif isinstance(expression, ast.Starred):
            todo.append((expression.value, where, depth))
        elif isinstance(expression, ast.Lambda):
            inner_scopes = [value.target for value in resolver.values(expression, where) if value.target is not None]
            if isinstance(expression.body, ast.Call):
                todo += [(expression.body.func, inner, depth + 1) for inner in inner_scopes]
        elif isinstance(expression, ast.Call):
            wrapped = [*expression.args, *(keyword.value for keyword in expression.keywords)]
            inner = (list(functions_in(part, where, resolver, names)) for part in wrapped if not _is_value(part))
            yield from next((found for found in inner if found), [])


def _is_value(node: ast.expr) -> bool:
    return isinstance(node, (ast.Constant, ast.JoinedStr, *_LITERALS, ast.Dict))


def _named(node: ast.expr, scope: Scope, resolver: Resolver, names: set[str]) -> Iterator[Scope]:
    if terminal_name(node) not in names and not isinstance(node, ast.Name):
        return
    for value in resolver.values(node, scope):
        if value.target is not None and value.target.is_function:
            yield value.target


def paths_so_far(node: ast.expr, scope: Scope, resolver: Resolver) -> set[str]:
    """Return what a decorator's name is where it stands, though the name is bound anew below: `dag = dag_of_this()`."""
    home = scope.lookup(node.id) if isinstance(node, ast.Name) else None
    if home is None or not isinstance(node, ast.Name):
        return set()
    many = home.bindings[node.id]
    before = [binding for binding in many if getattr(binding.node, "lineno", 0) < node.lineno]
    return {before[0].path} if len(before) == 1 < len(many) and before[0].kind == "import" else set()


def called_on_itself(owner: Scope) -> set[str]:
    """Return the names of the methods that a class calls on its own object."""
    found = set()
    for scope in owner.walk():
        for node in scope.of(ast.Call):
            assert isinstance(node, ast.Call)
            function = node.func
            if isinstance(function, ast.Attribute) and terminal_name(function.value) in ("self", "cls"):
                found.add(function.attr)
    return found


# Lists and attributes


def listed(
    scopes: list[Scope], resolver: Resolver, imported: frozenset[str], names: set[str]
) -> Iterator[tuple[Scope, Entry]]:
    """Yield the functions that stand in a list or an attribute of a framework, each with its entry."""
    listings, attributes = _listings(imported), _attributes(imported)
    for listing, value, where in _listed(scopes, listings, attributes) if listings or attributes else ():
        for function in functions_in(value, where, resolver, names):
            yield function, Entry(listing.framework, listing.place)


@cache
def _listings(imported: frozenset[str]) -> dict[str, list[tuple[Listing, bool]]]:
    """Return the listings by name, with whether an import of the file shows the framework."""
    found: dict[str, list[tuple[Listing, bool]]] = {}
    for row in frameworks.LISTINGS:
        shown = not imported.isdisjoint(row.imports.split())
        if shown or row.owners:
            for name in row.names.split():
                found.setdefault(name, []).append((row, shown))
    return found


@cache
def _attributes(imported: frozenset[str]) -> dict[str, Listing]:
    rows = [row for row in frameworks.LISTINGS if not imported.isdisjoint(row.imports.split())]
    return {name: row for row in rows for name in row.attributes.split()}


def served(scopes: list[Scope], resolver: Resolver) -> Iterator[Scope]:
    """Yield the methods of the classes whose objects a file hands to a server of remote procedures."""
    for name, calls in calls_by_name(scopes).items():
        for node, scope in calls if name.endswith("_to_server") and live_frameworks.SERVICER_CALLS.search(name) else ():
            if node.args:
                for value in resolver.values(node.args[0], scope):
                    for owner in resolver.ancestry(value.target) if value.target and value.target.is_class else ():
                        yield from (method for method in owner.inner if is_procedure(method))


def is_procedure(method: Scope) -> bool:
    """Whether a method of a servicer is one of its procedures: it takes a request and a context."""
    given = list(method.parameters)
    named = method.name[:1].isupper() or live_frameworks.CONTEXT.search(given[-1] if given else "-") is not None
    return method.is_function and len(given) == 3 and named


def _listed(
    scopes: list[Scope], listed: dict[str, list[tuple[Listing, bool]]], attributes: dict[str, Listing]
) -> Iterator[tuple[Listing, ast.expr, Scope]]:
    """Yield what stands under the names of listings."""
    groups = grouped(scopes)
    for kind in (ast.Assign, ast.AnnAssign):
        for scope, nodes in groups.get(kind, ()):
            for node in nodes:
                if scope.is_class or attributes or node.value.__class__ is ast.Dict:  # type: ignore[attr-defined]
                    yield from _assigned(node, scope, listed, attributes)
    for scope, nodes in groups.get(ast.Call, ()):
        for call in nodes:
            assert isinstance(call, ast.Call)
            for keyword in call.keywords:
                for row, shown in listed.get(keyword.arg, ()) if keyword.arg in listed else ():
                    if shown or _owned(row, terminal_name(call.func)):
                        yield row, keyword.value, scope


def _assigned(
    node: ast.AST, scope: Scope, listed: dict[str, list[tuple[Listing, bool]]], attributes: dict[str, Listing]
) -> Iterator[tuple[Listing, ast.expr, Scope]]:
    """Yield what an assignment gives a class's list, an attribute or an entry of a literal."""
    if isinstance(node, (ast.Assign, ast.AnnAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets if node.value is not None else ():
            name = terminal_name(target)
            if isinstance(target, ast.Attribute) and name in attributes and node.value is not None:
                yield attributes[name], node.value, scope
            if isinstance(target, ast.Name) and scope.is_class and node.value is not None:
                for row, shown in listed.get(name, ()):
                    if shown or _owned(row, scope.name):
                        yield row, node.value, scope
            if isinstance(node.value, ast.Dict):
                yield from _in_literal(node.value, name, listed, scope)


def _in_literal(
    literal: ast.Dict, name: str, listed: dict[str, list[tuple[Listing, bool]]], scope: Scope
) -> Iterator[tuple[Listing, ast.expr, Scope]]:
    for key, value in zip(literal.keys, literal.values):
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            for row, shown in listed.get(key.value, ()):
                if shown or _owned(row, name):
                    yield row, value, scope


def _owned(row: Listing, name: str) -> bool:
    return any(name.endswith(ending) for ending in row.owners.split())


# Signatures


def signed(
    scopes: list[Scope],
    resolver: Resolver,
    imported: frozenset[str],
    signatures: tuple[Signature, ...] = frameworks.SIGNATURES,
) -> Iterator[tuple[Scope, Entry]]:
    """Yield the functions that look like handlers which another file registers, each with its entry."""
    shown = _shown(signatures, imported)
    if not shown.rows:
        return
    telling = _telling_names(shown, scopes[0])
    for scope in scopes:
        if scope.is_function and _stands_free(scope):
            row = next(
                (each for each in _candidates(shown, scope, telling) if _fits(each, scope, resolver, telling)), None
            )
            # A name of its own marks a hook, whoever calls it besides.
            if row is not None and (row.names or not is_called(scope, scopes)):
                yield scope, Entry(row.framework, row.place)


class _Shown(NamedTuple):
    """The signatures that the imports of a file allow.

    unnamed: those of them whose functions may be called anything, by a first parameter that they allow; `None`
        stands for every other one
    plain: the same without those of which an annotation decides
    names: what those of the others are called
    annotations: the last names of their annotations, and the beginnings of those that are open
    """

    rows: tuple[Signature, ...]
    unnamed: dict[str | None, tuple[Signature, ...]]
    plain: dict[str | None, tuple[Signature, ...]]
    names: frozenset[str]
    annotations: tuple[frozenset[str], tuple[str, ...]]


def _candidates(shown: _Shown, function: Scope, telling: frozenset[str]) -> Iterable[Signature]:
    """Return the signatures that a function may have by its name and its first parameters."""
    if function.name in shown.names:
        return (row for row in shown.rows if not row.names or function.name in _words(row.names))
    given = list(function.parameters.values())[1 if function.is_method else 0 :][:3]
    rows = shown.plain
    for each in given:
        annotation = each.annotation
        if annotation is not None and annotation.__class__ is ast.Name:
            if annotation.id in telling:
                rows = shown.unnamed
        elif annotation is not None and _may_tell(annotation, telling):
            rows = shown.unnamed
    return rows.get(given[0].arg if given else None) or rows[None]


def _by_first(rows: Iterable[Signature]) -> dict[str | None, tuple[Signature, ...]]:
    rows = tuple(rows)
    firsts = {name for row in rows if row.parameters for name in _alternatives(row.parameters)[0]}
    found: dict[str | None, tuple[Signature, ...]] = {None: tuple(row for row in rows if not row.parameters)}
    for name in firsts:
        found[name] = tuple(row for row in rows if not row.parameters or name in _alternatives(row.parameters)[0])
    return found


@lru_cache(maxsize=1024)
def _shown(signatures: tuple[Signature, ...], imported: frozenset[str]) -> _Shown:
    rows = tuple(row for row in signatures if not row.imports or not imported.isdisjoint(_words(row.imports)))
    known = [_annotations(row) for row in rows]
    return _Shown(
        rows,
        _by_first(row for row in rows if not row.names),
        _by_first(row for row in rows if not row.names and not row.annotations),
        frozenset(name for row in rows for name in _words(row.names)),
        (
            frozenset(path.rpartition(".")[2] for exact, _ in known for path in exact),
            tuple(each for _, opened in known for each in opened),
        ),
    )


def _telling_names(shown: _Shown, module: Scope) -> frozenset[str]:
    """Return the last names under which a file may write an annotation of the rows: nothing else is resolved."""
    exact, opened = shown.annotations
    found = set(exact)
    for name, bindings in module.bindings.items():
        for binding in bindings:
            if binding.kind == "import" and (
                binding.path.rpartition(".")[2] in exact or (opened and binding.path.startswith(opened))
            ):
                found.add(name)
    return frozenset(found) if not opened else frozenset({*found, ""})


def is_called(function: Scope, scopes: list[Scope]) -> bool:
    """Whether a file calls something of a function's name: a method on its own object, a function as it is."""
    for call, _ in calls_by_name(scopes).get(function.name, ()):
        if not function.is_method:
            if isinstance(call.func, ast.Name):
                return True
        elif isinstance(call.func, ast.Attribute) and terminal_name(call.func.value) in ("self", "cls"):
            return True
    return False


@cache
def _annotations(row: Signature) -> tuple[frozenset[str], tuple[str, ...]]:
    """Return the paths of a signature's annotations, and the beginnings of those that are open."""
    paths = expand(row.annotations)
    return (
        frozenset(path for path in paths if not path.endswith("*")),
        tuple(path[:-1] for path in paths if path.endswith("*")),
    )


@cache
def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


@cache
def _alternatives(parameters: str) -> list[list[str]]:
    """Return the names that each parameter of a row may have."""
    return [names.split("|") for names in parameters.split()]


def _stands_free(function: Scope) -> bool:
    """Whether a function is one of a module or class, with a name of its own."""
    parent = function.parent
    return parent is not None and (parent.is_module or parent.is_class) and not function.name.startswith("__")


def _fits(row: Signature, function: Scope, resolver: Resolver, telling: frozenset[str]) -> bool:
    """Whether a function looks like the handlers of a row, and is no helper with a name of its own."""
    if (row.coroutine and not function.is_coroutine) or (row.method and not function.is_method):
        return False
    if not row.names and terminal_name(getattr(function.node, "returns", None) or function.node) == "bool":
        return False  # a question that handlers ask
    given = list(function.parameters.values())[1 if function.is_method else 0 :]
    if row.parameters:
        wanted = _alternatives(row.parameters)
        if len(given) < len(wanted) or any(arg.arg not in names for arg, names in zip(given, wanted)):
            return False
        if not row.more and _required(function) != len(wanted):
            return False
    if not row.annotations:
        return True
    exact, open_ = _annotations(row)
    outside = function.parent or function
    for argument in given[:3]:
        if argument.annotation is not None and _may_tell(argument.annotation, telling):
            for path in _annotation_paths(argument.annotation, outside, resolver):
                if path in exact or (open_ and path.startswith(open_)):
                    return True
    return False


def _may_tell(annotation: ast.expr, telling: frozenset[str]) -> bool:
    """Whether an annotation has one of these names in it, or a text."""
    if isinstance(annotation, ast.Name):
        return annotation.id in telling
    if isinstance(annotation, ast.Attribute):
        return annotation.attr in telling or "" in telling
    parts = nodes_below(annotation)
    return any(
        _may_tell(part, telling) if isinstance(part, (ast.Name, ast.Attribute)) else isinstance(part, ast.Constant)
        for part in parts
    )


def _required(function: Scope) -> int:
    """Return how many parameters of a function, its own object apart, have to be given."""
    assert isinstance(function.node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
    args = function.node.args
    positional = len(args.posonlyargs) + len(args.args) - len(args.defaults)
    return positional + sum(default is None for default in args.kw_defaults) - function.is_method


def _annotation_paths(node: ast.expr, scope: Scope, resolver: Resolver) -> set[str]:
    paths = (value.path for value in resolver.annotated(node, scope))
    return {path[:-2] if path.endswith("()") else path for path in paths}
