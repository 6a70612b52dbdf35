"""The application's cache as it is configured: settings and calls that keep it in one process, or on one machine."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from flake8_scalability.catalog import cache_libraries as catalog
from flake8_scalability.catalog import embedded
from flake8_scalability.catalog.cache_libraries import Backend, Where
from flake8_scalability.catalog.project_facts import Fact
from flake8_scalability.catalog.rows import Place, expand
from flake8_scalability.model.language import arguments
from flake8_scalability.model.language.arguments import Given
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.source import SourceFile
from flake8_scalability.model.stateless import configuration
from flake8_scalability.model.stateless.configuration import Setting
from flake8_scalability.project import cache_aliases, cache_objects_kept, mentions, root, texts

_NAMES = frozenset(row.name for row in catalog.SETTINGS)
_CONFIG_CALLS = ("Cache", "init_app")
#: A cache that is made for an application, of which nobody keeps the name, among all that are made or asked for.
_DROPPED = re.compile(r"(?m)^[ \t]+Cache\(")
_MADE_OR_TAKEN = re.compile(r"\bCache\(|extensions\W+cache\b")


class Chosen(NamedTuple):
    """A choice of a local cache: the node that makes it, what it chooses, where that is, and what to use."""

    node: ast.AST
    what: str
    where: Where
    instead: str


def local_backends(source: SourceFile) -> Iterator[Chosen]:
    """Yield the choices of a cache that other instances cannot see, unless the file chooses a shared one as well."""
    if "cache" not in source.lexicon or source.is_tool:
        return
    yield from _flask(source)
    yield from _django(source)
    yield from _made(source)


def unset(source: SourceFile) -> str:
    """Return what advice adds where the project has settings of Django, and none of them chooses a cache; else ""."""
    if source.settings.no_project or not ("django" in source.lexicon or "rest_framework" in source.lexicon):
        return ""
    if "CACHES" in source.text or source.project_says(Fact.CACHE_CHOSEN):
        return ""
    return "; CACHES is unset" if mentions.is_mentioned_elsewhere("INSTALLED_APPS", source.filename) else ""


def _flask(source: SourceFile) -> Iterator[Chosen]:
    """Yield settings of Flask-Caching and Beaker; one of several under conditions is an option."""
    found = [*configuration.settings(source, _NAMES), *_handed(source)]
    for setting in found:
        row = _row(setting)
        if row is None or setting.conditional or _is_unread(row, source):
            continue
        if not any(other.name == setting.name and _row(other) is None for other in found):
            yield Chosen(setting.anchor, f"{setting.name} = {ast.unparse(setting.value)}", row.where, row.instead)


def _is_unread(row: catalog.Configured, source: SourceFile) -> bool:
    """Whether no file of the project imports what reads a setting, or those that do make a cache and drop it."""
    if source.settings.no_project or any(name in source.text for name in row.readers):
        return False
    if all(mentions.is_mentioned_elsewhere(name, source.filename) is False for name in row.readers):
        return True
    if cache_objects_kept.are_unused(source.filename):
        return True
    reading = {path: texts.text(path) for name in row.readers for path in mentions.files_with(name, source.filename)}
    return bool(reading) and all(
        0 < len(_DROPPED.findall(text)) == len(_MADE_OR_TAKEN.findall(text)) for text in reading.values()
    )


def _handed(source: SourceFile) -> Iterator[Setting]:
    """Yield the settings in a mapping that is handed to a cache: `Cache(app, config={"CACHE_TYPE": "simple"})`."""
    if not configuration.for_production(source):
        return
    for name in _CONFIG_CALLS:
        for node, scope in source.calls_by_name.get(name, ()):
            given = arguments.find(node, scope, "config", 1 if name == "init_app" else None)
            value = given.value
            if isinstance(value, ast.Name) and scope.lookup(value.id) is not None:
                home = scope.lookup(value.id)
                bindings = home.bindings[value.id] if home is not None else []
                value = bindings[0].value if len(bindings) == 1 else None
                if value is not None and terminal_name(given.value or node).lower() in (
                    "config",
                    "cfg",
                    "conf",
                    "settings",
                ):
                    continue  # found as settings already
            if not isinstance(value, ast.Dict):
                continue
            for key, item in zip(value.keys, value.values):
                if isinstance(key, ast.Constant) and key.value in _NAMES:
                    conditional = bool(configuration.branches(node, scope, source))
                    yield Setting(str(key.value), item, key, scope, conditional)


def _row(setting: Setting) -> catalog.Configured | None:
    literal = arguments.constant(setting.value, setting.scope)
    if literal is None or not isinstance(literal.value, str):
        return None
    value = literal.value.lower().rpartition(".")[2]
    return next((row for row in catalog.SETTINGS if row.name == setting.name and value in row.values), None)


def _django(source: SourceFile) -> Iterator[Chosen]:
    """Yield the local back ends of the caches of Django that are asked for, where nothing replaces them."""
    if catalog.DJANGO_SETTING not in source.text or any(word in source.lexicon for word in ("rediscache", "memcached")):
        return
    if _is_beside_file(source):
        return
    for setting in configuration.settings(source, frozenset({catalog.DJANGO_SETTING})):
        if setting.conditional or _is_replaced(source) or not _is_asked(source):
            continue
        for alias in _aliases(source):
            entry = arguments.in_mapping(setting.value, setting.scope, alias)
            if entry.scope is None or not isinstance(entry.value, ast.Dict):
                continue
            for key, value in zip(entry.value.keys, entry.value.values):
                literal = arguments.constant(value, entry.scope)
                where = catalog.DJANGO_LOCAL.get(str(literal.value)) if literal is not None else None
                if where is not None and key is not None and literal is not None:
                    name = str(literal.value).rpartition(".")[2]
                    yield Chosen(key, f"CACHES['{alias}'] = {name}", where, catalog.DJANGO_INSTEAD)


def _is_beside_file(source: SourceFile) -> bool:
    """Whether the rows themselves lie in a file of this machine, whatever is set: SCL307 speaks of that."""
    if not any(engine in source.text for engine in embedded.DJANGO_ENGINES):
        return False
    return not source.text_says(Fact.SERVER_DATABASE) and not source.project_says(Fact.SERVER_DATABASE)


def _aliases(source: SourceFile) -> list[str]:
    """Return the caches that code asks for: the default one, or those that it names where it asks for no other."""
    named = (
        frozenset()
        if source.settings.no_project
        else cache_aliases.asked_by_name(catalog.DJANGO_ASKING, source.filename)
    )
    return sorted(named) or ["default"]


def _is_asked(source: SourceFile) -> bool:
    """Whether the project asks Django's cache for anything of which other instances had better know."""
    if source.settings.no_project or root.of(source.filename) is None:
        return True
    # The settings name back ends below the package that others import the cache from.
    return mentions.is_said(catalog.DJANGO_ASKING, (), source.filename)


def _is_replaced(source: SourceFile) -> bool:
    """Whether a statement further down, or settings that are laid over these, give the cache another back end."""
    bindings = source.module.bindings.get(catalog.DJANGO_SETTING, [])
    if bindings and configuration.is_overlaid(bindings[0].node, catalog.DJANGO_SETTING, source):
        return True
    return len(bindings) > 1 or any(
        isinstance(target, ast.Subscript) and catalog.DJANGO_SETTING in ast.unparse(target)
        for scope in source.scopes
        for node in scope.of(ast.Assign)
        if isinstance(node, ast.Assign)
        for target in node.targets
    )


# Calls


@cache
def _backends() -> dict[str, list[Backend]]:
    found: dict[str, list[Backend]] = {}
    for row in catalog.BACKENDS:
        for path in expand(row.paths):
            found.setdefault(path, []).append(row)
    return found


@cache
def _names() -> frozenset[str]:
    return frozenset(path.rpartition(".")[2] for path in (*_backends(), catalog.CASHEWS_SETUP))


def _made(source: SourceFile) -> Iterator[Chosen]:
    names = _names() & source.calls_by_name.keys()
    if not names or not configuration.for_production(source):
        return
    if any(word in source.lexicon for word in catalog.SHARED_STORES):
        return
    for name in names:
        for node, scope in source.calls_by_name[name]:
            paths = source.resolver.paths(node.func, scope)
            chosen = _of_call(node, scope, paths, source)
            if chosen is None or source.place(scope, node).place is Place.TOOL or _is_own_base(scope):
                continue
            if not configuration.branches(node, scope, source):
                yield chosen


def _of_call(node: ast.Call, scope: Scope, paths: set[str], source: SourceFile) -> Chosen | None:
    spelled = source.site(node, scope).callee
    if catalog.CASHEWS_SETUP in paths:
        given = arguments.constant(node.args[0], scope) if node.args else None
        text = str(given.value) if given is not None else ""
        for scheme, where in catalog.CASHEWS_LOCAL.items():
            if text.startswith(scheme):
                return Chosen(node, f"{spelled}({scheme!r})", where, "use redis://")
        return None
    for row, literal in _rows(node, scope, paths, source):
        if not row.argument:
            return Chosen(node, f"{spelled}()", row.where, row.instead)
        if not _is_timed(node, source):
            return Chosen(node, literal or f"{spelled}()", row.where, row.instead)
    return None


def _rows(node: ast.Call, scope: Scope, paths: set[str], source: SourceFile) -> Iterator[tuple[Backend, str]]:
    """Yield the back ends that a call makes a cache of, each with the text that names it there."""
    for row in (row for path in paths for row in _backends().get(path, ())):
        if not row.argument:
            yield row, ""
            continue
        argument = arguments.find(node, scope, row.argument, row.position)
        if argument.given is not Given.PRESENT or argument.value is None or argument.scope is None:
            continue
        literal = arguments.constant(argument.value, argument.scope)
        said = {str(literal.value)} if literal is not None else source.resolver.paths(argument.value, argument.scope)
        if said & row.values:
            yield row, str(literal.value) if literal is not None else ""


@cache
def _kept_here() -> frozenset[str]:
    rows = [row for row in catalog.KEEPERS if row.where is catalog.Where.PROCESS]
    return frozenset(path for row in rows for path in expand(row.paths))


def is_in_process(call: ast.Call, scope: Scope, source: SourceFile) -> bool:
    """Whether a call makes a cache that each process has for itself."""
    paths = source.resolver.paths(call.func, scope)
    if not _kept_here().isdisjoint(paths):
        return True
    return any(row.where is catalog.Where.PROCESS for row, _ in _rows(call, scope, paths, source))


def _is_timed(node: ast.Call, source: SourceFile) -> bool:
    """Whether what a module's region of dogpile.cache keeps grows old: by the region, or by each who reads it.

    What the module forgets before its time does not: it is known to change, and the other processes keep it.
    """
    names = {name for name, bound in source.module.bindings.items() if any(each.value is node for each in bound)}
    if _is_given_time(node):
        return not any(True for _ in _calls_of(names, ("delete", "delete_multi", "invalidate"), source))
    reads = list(_calls_of(names, ("get", "get_or_create", "cache_on_arguments"), source))
    return bool(reads) and all(map(_is_given_time, reads))


def _is_given_time(call: ast.Call) -> bool:
    """Whether a call says how old an entry may be."""
    given = [word.value for word in call.keywords if word.arg == "expiration_time"]
    return any(not isinstance(value, ast.Constant) or value.value not in (None, -1) for value in given)


def _calls_of(names: set[str], methods: tuple[str, ...], source: SourceFile) -> Iterator[ast.Call]:
    """Yield the calls of methods on objects of some names."""
    for method in methods:
        for call, _ in source.calls_by_name.get(method, ()):
            if isinstance(call.func, ast.Attribute) and terminal_name(call.func.value) in names:
                yield call


def _is_own_base(scope: Scope) -> bool:
    """Whether the call stands in a class that is a cache itself, a tier of several."""
    owner = scope.function.owner if scope.function is not None else None
    return owner is not None and "cache" in owner.name.lower()
