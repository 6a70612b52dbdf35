"""Who may call an endpoint: anyone, whoever is logged in, or the operators of the service."""

from __future__ import annotations

import ast
import enum
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from flake8_scalability.catalog import endpoint_frameworks as known
from flake8_scalability.catalog import endpoint_kinds as kinds
from flake8_scalability.catalog.project_facts import Fact
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.limits import refusals
from flake8_scalability.model.limits.endpoints import Endpoint
from flake8_scalability.model.limits.proofs import is_given_a_secret, scopes
from flake8_scalability.model.running import operators
from flake8_scalability.project import bases, inclusions, url_patterns
from flake8_scalability.project import definitions as definitions_of_project

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile


class Callers(enum.Enum):
    """Who may call.

    SOMEBODY: no check is shown, but there may be one: the handler speaks of the caller or has a secret from him, or a
    base is not in sight.
    """

    ANYONE = "anyone"
    SOMEBODY = "somebody"
    USERS = "users"
    OPERATORS = "operators"


_OPEN = frozenset({"AllowAny", "allow_any", "IsAuthenticatedOrReadOnly", "allow_guest", "optional_auth"})
_CLASS_ATTRIBUTES = frozenset({
    "permission_classes", "authentication_classes", "decorators", "method_decorators", "permission_required",
    "login_url", "permissions", "auth_required", "permission", "guards", "dependencies",
})  # fmt: skip
#: Names that look like a check and are a library's answer, a marker of documentation or a database.
_NO_CHECK = frozenset({"HTTPException", "status", "get_db", "get_session", "AsyncSession", "OAuth2PasswordRequestForm"})
#: Bases that may ask who calls.
_GUARDING = re.compile(r"Mixin|Required|Admin|Authenticated|Authori[sz]ed|Protected")
#: What the text of a base declares, injects, and has above its methods.
_DECLARES = re.compile(
    rf"^\s+(?:{'|'.join(sorted(_CLASS_ATTRIBUTES))})\s*(?::[^=\n]+)?=\s*(\[[^\]]*\]|\([^)]*\)|.+)", re.MULTILINE
)
_INJECTS = re.compile(r"\b(?:Depends|Security)\(\s*([\w.]+)")
_DECORATES = re.compile(r"^\s+@(\w+[^\n]*)", re.MULTILINE)
#: Methods of a class of views that run before the one that answers, and may turn the caller away.
_FIRST = frozenset({"prepare", "dispatch", "initial"})
#: The text of such a method.
_BEFORE = re.compile(
    rf"^(?P<in>[ \t]+)(?:async )?def (?:{'|'.join(sorted(_FIRST))})\((?:.*\n(?!(?P=in)(?:async def|def|@|class)\b))*",
    re.MULTILINE,
)
#: How many dependencies may stand between an endpoint and the one that asks who calls.
MAX_STEPS = 3
_PARAMETERS = frozenset({"Depends", "Security", "Annotated"})


def callers_of(endpoint: Endpoint, source: SourceFile) -> Callers:
    """Return who may call an endpoint, as decorators, dependencies, class attributes and its body show it."""
    inherited, is_whole = _inherited(endpoint.owner, source) if endpoint.owner is not None else (frozenset(), True)
    said = {*_said_around(endpoint, source), *inherited}
    body = source.words(endpoint.function).names if endpoint.function is not None else frozenset()
    if said & _OPEN or any("anonym" in name.lower() for name in said):
        return Callers.USERS if _turns_strangers_away(endpoint.function, source) else Callers.ANYONE
    if is_in_backstage(source) or any(kinds.ASKS_OPERATOR.search(name) for name in said):
        return Callers.USERS if any(map(kinds.TENANTS.fullmatch, body)) else Callers.OPERATORS
    if endpoint.function is not None and operators.turns_others_away(endpoint.function):
        return Callers.OPERATORS
    if any(kinds.ASKS_WHO.search(name) for name in said) or any(map(_checks_caller, body)):
        return Callers.USERS
    if endpoint.function is not None and refusals.refuses_strangers(endpoint.function, source):
        return Callers.USERS
    if _is_asked_by_its_class(endpoint, source):
        return Callers.USERS
    if endpoint.function is not None and endpoint.function.owner is None:
        operation = source.operations.get(endpoint.function.name)
        if operation is not None and operation.secured:
            return Callers.USERS
    if source.text_says(Fact.LOGIN_FOR_ALL) or source.project_says(Fact.LOGIN_FOR_ALL):
        return Callers.USERS
    speaks = any(map(_is_known_caller, body)) or _knows_its_caller(endpoint, source)
    if speaks or not is_whole or is_given_a_secret(endpoint, source):
        return Callers.SOMEBODY
    return Callers.ANYONE


def _turns_strangers_away(function: Scope | None, source: SourceFile) -> bool:
    """Whether a handler that says it is open asks all the same; one that tells methods apart may do so for some."""
    if function is None or any(node.attr == "method" for node in source.words(function).attributes):
        return False
    return refusals.refuses_strangers(function, source) or any(map(_asserts, source.words(function).names))


def _asserts(name: str) -> bool:
    """Whether a call refuses, as its name says, who may not do so: `assert_user_may_access(...)`."""
    return name.startswith(("assert_", "ensure_", "enforce_", "validate_")) and _checks_caller(name)


def _is_asked_by_its_class(endpoint: Endpoint, source: SourceFile) -> bool:
    """Whether a view that inherits its methods asks in one of those that it defines: `get_object`, `dispatch`."""
    if endpoint.function is not None or endpoint.owner is None:
        return False
    return any(map(_asserts, (name for method in endpoint.owner.inner for name in source.words(method).names)))


@lru_cache(maxsize=8192)
def _checks_caller(name: str) -> bool:
    return kinds.CHECKS_CALLER.search(name) is not None


def _authenticates(name: str) -> bool:
    return name.startswith("authenticate") or _checks_caller(name)


@lru_cache(maxsize=8192)
def _is_known_caller(name: str) -> bool:
    return kinds.KNOWN_CALLER.search(name) is not None


def _said_around(endpoint: Endpoint, source: SourceFile) -> Iterator[str]:
    """Yield the names in what stands around the body: decorators, dependencies, bases and attributes of the class."""
    function = endpoint.function
    if function is not None:
        for decorator in function.decorators:
            yield from _names_of_decorator(decorator)
            yield from _guards(decorator, function, source)
        yield from _injected(function)
        yield from _depended_on(function, source)
    if endpoint.owner is not None:
        for owner in source.resolver.ancestry(endpoint.owner):
            yield from _names_of_class(owner)
            for method in owner.inner:
                if method.name in _FIRST:
                    yield from filter(_authenticates, source.words(method).names)
                    yield from (name for node in method.decorators for name in _names_of_decorator(node))
    if endpoint.receiver:
        for value in definitions(endpoint.receiver, source):
            for keyword in value.keywords if isinstance(value, ast.Call) else ():
                if keyword.arg in ("dependencies", "guards", "auth", "middleware"):
                    yield from names_in(keyword.value)
        yield from _hooks(endpoint.receiver, source)
        if not source.settings.no_project:
            yield from inclusions.laid_over(endpoint.receiver, source.filename)
    elif endpoint.framework in known.URL_PATTERNS and not source.settings.no_project:
        yield from url_patterns.wrapped_around((endpoint.owner or endpoint.scope).name, source.filename)


def _names_of_decorator(decorator: ast.expr) -> Iterator[str]:
    """Yield the names of a decorator; of a route's only those of its dependencies, of others their arguments too."""
    if isinstance(decorator, ast.Call) and terminal_name(decorator.func) in ("get", "post", "put", "patch", "delete",
                                                                             "route", "api_route"):  # fmt: skip
        for keyword in decorator.keywords:
            if keyword.arg in ("dependencies", "guards", "auth", "permission"):
                yield from names_in(keyword.value)
    elif isinstance(decorator, ast.Call):
        yield terminal_name(decorator.func)
        for argument in (*decorator.args, *(keyword.value for keyword in decorator.keywords)):
            yield from names_in(argument)
    else:
        yield terminal_name(decorator)


def _guards(decorator: ast.expr, function: Scope, source: SourceFile) -> Iterator[str]:
    """Yield "login" where a decorator that the project defines refuses who is not known."""
    callee = decorator.func if isinstance(decorator, ast.Call) else decorator
    for value in source.resolver.values(callee, function.parent or function):
        said: Iterable[str] = ()
        if value.target is not None and value.target.is_function:
            said = source.words(value.target).names
        elif value.target is None and not source.settings.no_project and "." in value.path:
            said = re.findall(r"\w+", definitions_of_project.text_of(value.path, source.filename))
        if any(map(kinds.GUARDING_WORDS.search, said)):
            yield "login"


def _injected(function: Scope) -> Iterator[str]:
    """Yield the names of what is injected into a function: dependencies, and annotations of parameters."""
    node = function.node
    assert isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    yield from scopes(node.args)
    for default in (*node.args.defaults, *node.args.kw_defaults):
        if isinstance(default, ast.Call) and terminal_name(default.func) in _PARAMETERS:
            yield from names_in(default)
    for argument in (*node.args.args, *node.args.kwonlyargs):
        if argument.annotation is not None:
            for name in names_in(argument.annotation):
                # A body of the kind `UserCreate` is what the caller sends, not who he is.
                if name.startswith(("Current", "Auth", "Active", "Admin", "Superuser", "Principal")) or name.endswith(
                    ("Auth", "User", "UserDep", "Principal")
                ):
                    yield name


def _depended_on(function: Scope, source: SourceFile, steps: int = 0) -> Iterator[str]:
    """Yield the names of the dependencies of a function, and of those that these ask for in turn."""
    for dependency in _dependencies(function, source):
        yield from names_in(dependency)
        for value in source.resolver.values(dependency, function.parent or function):
            if value.target is not None and value.target.is_function and steps < MAX_STEPS:
                yield from _depended_on(value.target, source, steps + 1)
            elif value.target is None and not source.settings.no_project:
                for given in _INJECTS.findall(definitions_of_project.text_of(value.path, source.filename)):
                    yield given.rpartition(".")[2]


def _dependencies(function: Scope, source: SourceFile) -> Iterator[ast.expr]:
    """Yield what a function asks a framework for, by its defaults, annotations, or an alias of one in its file."""
    node = function.node
    assert isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    asked = [*node.args.defaults, *(each for each in node.args.kw_defaults if each is not None)]
    for argument in (*node.args.args, *node.args.kwonlyargs):
        if isinstance(argument.annotation, ast.Name):
            asked += definitions(argument.annotation.id, source)
        elif argument.annotation is not None:
            asked.append(argument.annotation)
    for part in (part for each in asked for part in walk(each)):
        if isinstance(part, ast.Call) and terminal_name(part.func) in ("Depends", "Security") and part.args:
            yield part.args[0]


def _names_of_class(owner: Scope) -> Iterator[str]:
    assert isinstance(owner.node, ast.ClassDef)
    for decorator in owner.decorators:
        yield from names_in(decorator)
    for base in owner.node.bases:
        name = terminal_name(base)
        if _GUARDING.search(name):
            yield name
    for node in owner.of(ast.Assign):
        assert isinstance(node, ast.Assign)
        if any(terminal_name(target) in _CLASS_ATTRIBUTES for target in node.targets):
            yield from names_in(node.value)


def names_in(node: ast.AST) -> Iterator[str]:
    """Yield the names, attributes and short texts in an expression, markers of parameters left out."""
    for part in walk(node):
        if isinstance(part, (ast.Name, ast.Attribute)):
            name = terminal_name(part)
            if name not in _PARAMETERS and name not in _NO_CHECK:
                yield name
        elif isinstance(part, ast.Constant) and isinstance(part.value, str) and len(part.value) < 60:
            yield part.value


def definitions(receiver: str, source: SourceFile) -> Iterable[ast.expr]:
    """Return what a router is bound to at the level of the module."""
    bindings = source.module.bindings.get(receiver, ())
    return [binding.value for binding in bindings if binding.kind == "assign" and binding.value is not None]


def _hooks(receiver: str, source: SourceFile) -> Iterator[str]:
    """Yield the names of what runs before every request of a blueprint, and the names in their bodies."""
    for function in source.places.handlers:
        for decorator in function.decorators:
            if not isinstance(decorator, ast.Attribute) or not decorator.attr.startswith("before_"):
                continue
            if terminal_name(decorator.value) == receiver or decorator.attr == "before_app_request":
                yield function.name
                yield from map(terminal_name, function.decorators)
                for node in walk(function.node):
                    if isinstance(node, (ast.Name, ast.Attribute)) and kinds.KNOWN_CALLER.search(terminal_name(node)):
                        yield "login"


def _knows_its_caller(endpoint: Endpoint, source: SourceFile) -> bool:
    """Whether the body speaks of the caller, who may be anyone yet: `request.user`, `g.customer`, `session["user"]`."""
    if endpoint.function is None:
        return False
    words = source.words(endpoint.function)
    if "session" in words.names and any(map(kinds.IN_SESSION.fullmatch, words.texts)):
        return True
    return any(
        terminal_name(node.value) == "g"
        or (node.attr in ("user", "auth", "account") and terminal_name(node.value) in ("request", "req", "state"))
        for node in words.attributes
    )


def asks_by_itself(endpoint: Endpoint, wanted: re.Pattern[str] = kinds.LOGGED_IN) -> bool:
    """Whether a handler's own decorators or parameters want the caller logged in, not only those of its application."""
    function = endpoint.function
    if function is None:
        return False
    said = (name for node in function.decorators for name in _names_of_decorator(node))
    return any(wanted.search(name) for name in (*said, *_injected(function)))


def is_in_backstage(source: SourceFile) -> bool:
    """Whether a file lies in a folder, or has a name, of what the operators use."""
    parts = [part for name in source.path_parts[-3:] for part in re.split(r"[_.]", name.lower())]
    return not kinds.BACKSTAGE.isdisjoint(parts)


def stands_in(source: SourceFile) -> bool:
    """Whether a file belongs to a server that stands in for another service while the project is tried out."""
    return any(map(kinds.STANDS_IN.search, source.path_parts[-3:]))


def _inherited(owner: Scope, source: SourceFile) -> tuple[frozenset[str], bool]:
    """Return the names with which bases in other files ask who calls, and whether all bases are known."""
    said: set[str] = set()
    outside: set[str] = set()
    for scope in source.resolver.ancestry(owner):
        assert isinstance(scope.node, ast.ClassDef)
        for base in scope.node.bases:
            for value in source.resolver.values(base, scope.parent or scope):
                if value.target is not None or _is_of_framework(value.path):
                    continue
                if source.settings.no_project:
                    outside.add(value.path)
                    continue
                lineage = bases.lineage(value.path, source.filename)
                outside |= {path for path in lineage.outside if not _is_of_framework(path)}
                said.update(name for text in lineage.texts for name in _asking(text))
    said.update(path.rpartition(".")[2] for path in outside if _GUARDING.search(path.rpartition(".")[2]))
    return frozenset(said), not outside


def _asking(text: str) -> Iterator[str]:
    """Yield the names with which the text of a class asks who calls: bases, attributes, dependencies, decorators."""
    header, _, body = text.partition(":\n")
    yield from filter(_GUARDING.search, re.findall(r"\w+", header.partition("(")[2]))
    for pattern in (_DECLARES, _INJECTS, _DECORATES):
        for given in pattern.findall(body):
            yield from re.findall(r"[A-Za-z]\w+", given)
    for name in re.findall(r"\.(\w+)\(", body):
        if _checks_caller(name):
            yield "login"
    for before in _BEFORE.finditer(body):
        if any(map(kinds.AUTHENTICATING.search, re.findall(r"(\w+)\(", before[0]))):
            yield "login"


def _is_of_framework(path: str) -> bool:
    return path.partition(".")[0] in kinds.FRAMEWORKS or path in kinds.PLAIN_BASES
