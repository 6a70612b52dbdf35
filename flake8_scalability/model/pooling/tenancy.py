"""Whose credentials a client carries: the process's own, or those of whoever calls?

A client that speaks for one caller (`OpenAI(api_key=user.key)`) can't be one for all, so that making it anew is right.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_scalability.model.language import arguments
from flake8_scalability.model.language.bindings import attribute_targets
from flake8_scalability.model.language.callgraph import Edge, terminal_name
from flake8_scalability.model.language.scopes import Binding, Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.pooling.retention import Fate, Retention
from flake8_scalability.model.sites import CallSite

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

_CREDENTIAL = re.compile(
    r"cred|api_?key|token|secret|passw|auth|access_?key|account_sid|session_id|^profile_name$|key$", re.IGNORECASE
)
_LOGGING_IN = re.compile(
    r"connect|login|log_in|authenticate|auth\w*|(simple_|re)?bind(_s)?|set_(auth|credentials|token)"
)
#: Words in an expression that say: this comes from the process's configuration.
_CONFIGURED = re.compile(
    r"settings|config|conf$|^env|environ|getenv|service_account|default|^opts?$|options|args", re.IGNORECASE
)
#: Calls whose result is a pass for a while, so that what is made with it can't live long.
_PASSES = re.compile(r"assume_role(_\w+)?|get_session_token|get_federation_token")
#: The parameters of drivers that say where to connect.
_TARGET = re.compile(
    r"dsn|conninfo|url|uri|hosts?|hostname|database|dbname|db|server|connection_string|server_hostname"
)
#: Bases that say nothing of who makes the instances of a class.
_PLAIN_BASES = frozenset({"object", "ABC", "Protocol", "Generic", "NamedTuple", "BaseModel", "BaseSettings"})
#: Objects that stand for the one who calls.
_CALLER = re.compile(r"(\w+_)?(user|tenant|identity|customer|member)(_\w+)?|req|request|payload|form|g|session")
#: Where an HTTP client keeps what the other side gave it to keep.
_COOKIES = frozenset({"cookies", "cookie_jar"})
_STEPS = 4


def speaks_for_caller(site: CallSite) -> bool:
    """Whether an argument that carries credentials comes from the parameters or the data of this call."""
    function = site.function
    if function is None:
        return False
    if any(
        _runs_out(call, function)
        or any(_depends_on_call(value, function, _STEPS) for value in _credentials(call, function))
        for call in _constructing(site)
    ):
        return True
    return Retention(site).fate is Fate.HANDED_OUT and _callers_log_in(site, function)


def _callers_log_in(site: CallSite, function: Scope) -> bool:
    """Whether one of those that get the object logs in on it as whoever calls: `conn.simple_bind_s(user, password)`."""
    for edge in site.source.graph.into.get(function, ()):
        caller = edge.caller.function
        if caller is None or edge.handed:
            continue
        for call in _logging_in(CallSite(edge.node, edge.caller, site.source), caller):
            if any(_depends_on_call(value, caller, _STEPS) for value in _credentials(call, caller)):
                return True
    return False


def _runs_out(call: ast.Call, function: Scope) -> bool:
    """Whether a call is given the token of a session that somebody opened for it, which ends after a while."""
    return any(
        (keyword.arg or "").endswith("session_token")
        and not isinstance(keyword.value, ast.Constant)
        and not _is_configured(keyword.value, function)
        and any(_is_local(word, function) for word in _words(keyword.value))
        for keyword in call.keywords
    )


def target_is_of_elsewhere(site: CallSite) -> bool:
    """Whether what a call connects to, or as whom, comes with the instance: a record's own settings, a plug-in's.

    That is an attribute which a base class of another file sets, or which the maker of a plug-in hands in.  A plug-in
    that connects to what each of its users configured has no one target that a pool could serve.
    """
    function = site.function
    owner = function.owner if function is not None else None
    if function is None or owner is None or not function.first_parameter:
        return False
    attributes = _Attributes(site.source, owner)
    return any(
        attributes.come_from_elsewhere(value, function, _STEPS)
        for call in _constructing(site)
        for value in (*call.args, *(keyword.value for keyword in call.keywords))
    )


def serves_callers_client(site: CallSite) -> bool:
    """Whether what is made is a part of another client, which speaks for one caller: `Client(auth=…, session=…)`."""
    function = site.function
    if function is None:
        return False
    names = Retention(site).names
    owner = function.owner if function.first_parameter else None
    attributes = _Attributes(site.source, owner) if owner is not None else None
    for call in function.of(ast.Call):
        assert isinstance(call, ast.Call)
        given = [*call.args, *(keyword.value for keyword in call.keywords)]
        if not terminal_name(call.func)[:1].isupper() or not any(
            value is site.node or (isinstance(value, ast.Name) and value.id in names) for value in given
        ):
            continue
        for value in _credentials(call, function):
            if _depends_on_call(value, function, _STEPS):
                return True
            if attributes is not None and attributes.come_from_elsewhere(value, function, _STEPS):
                return True
    return False


def is_visit(site: CallSite) -> bool:
    """Whether an HTTP client is one visit to a site: the function works with the cookies that it got there."""
    if site.function is None or not any(name.encode() in site.source.vocabulary for name in _COOKIES):
        return False
    names = Retention(site).names
    return any(
        isinstance(node, ast.Attribute) and node.attr in _COOKIES and terminal_name(node.value) in names
        for node in walk(site.function.node)
    )


class _Attributes:
    """The attributes of a class: which of them are set by somebody outside of the file."""

    def __init__(self, source: SourceFile, owner: Scope) -> None:
        self._source = source
        self._bindings: dict[str, list[Binding]] = {}
        ancestry = source.resolver.ancestry(owner)
        for each in ancestry:
            for name, bindings in source.resolver.class_bindings(each).items():
                self._bindings.setdefault(name, []).extend(bindings)
        plain = _PLAIN_BASES | {each.name for each in ancestry}
        self._is_plug_in = any(
            terminal_name(base.value if isinstance(base, ast.Subscript) else base) not in plain
            for each in ancestry
            if isinstance(each.node, ast.ClassDef)
            for base in each.node.bases
        )

    def come_from_elsewhere(self, node: ast.expr, function: Scope, steps: int) -> bool:
        """Whether an expression reads, directly or through local names, an attribute that is set elsewhere."""
        for part in walk(node):
            if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name):
                if part.value.id == function.first_parameter and self._is_from_elsewhere(part.attr, steps):
                    return True
            elif isinstance(part, ast.Name) and steps:
                values = [binding.value for binding in function.bindings.get(part.id, ())]
                values += [value for _, value in _stored_in(part.id, function)]
                if any(value and self.come_from_elsewhere(value, function, steps - 1) for value in values):
                    return True
        return False

    def _is_from_elsewhere(self, name: str, steps: int) -> bool:
        if name not in self._bindings:
            return True
        if not self._is_plug_in or not steps:
            return False
        if all(binding.kind == "annotation" and binding.value is None for binding in self._bindings[name]):
            return True  # a field of a record, which the base fills
        for binding in self._bindings[name]:
            method = binding.scope.function
            values = [binding.value] if binding.value is not None else []
            if binding.kind == "function":
                method = self._source.scope_of.get(binding.node)
                values = _returned(method) if method is not None else []
            for value in values:
                if method is not None and self._is_handed_in(value, method, steps - 1):
                    return True
        return False

    def _is_handed_in(self, value: ast.expr, method: Scope, steps: int) -> bool:
        names = {part.id for part in walk(value) if isinstance(part, ast.Name)} - {method.first_parameter}
        return bool(names & method.parameters.keys()) or self.come_from_elsewhere(value, method, steps)


def _returned(method: Scope) -> list[ast.expr]:
    return [node.value for node in method.of(ast.Return) if isinstance(node, ast.Return) and node.value is not None]


def is_built_for_call(site: CallSite, made_of: frozenset[str]) -> bool:
    """Whether what an HTTP client's connections are made of comes with the call: a certificate, a proxy, an adapter."""
    function = site.function
    if function is None:
        return False
    given = [*site.node.args, *(keyword.value for keyword in site.node.keywords if keyword.arg in made_of)]
    names = Retention(site).names
    for node in function.of(ast.Call):
        assert isinstance(node, ast.Call)
        function_called = node.func
        if not isinstance(function_called, ast.Attribute) or function_called.attr != "mount":
            continue
        if terminal_name(function_called.value) in names:
            given += [part for each in node.args[1:] if isinstance(each, ast.Call) for part in each.args]
    for node in function.of(ast.Assign):
        for target, value, _ in attribute_targets(node):
            if target.attr in made_of and terminal_name(target.value) in names and value is not None:
                given.append(value)
    return any(_reads_parameter(value, function, _STEPS) for value in given)


def _reads_parameter(node: ast.expr, function: Scope, steps: int) -> bool:
    """Whether an expression is made of a parameter of the function or of one around it."""
    own = function.first_parameter if function.is_method and not _is_static(function) else ""
    for part in walk(node):
        if not isinstance(part, ast.Name) or part.id == own:
            continue
        scope: Scope | None = function
        while scope is not None and part.id not in scope.bindings:
            scope = scope.parent
        if scope is None or not scope.is_function:
            continue
        if part.id in scope.parameters:
            return True
        for binding in scope.bindings[part.id] if steps else ():
            if binding.kind == "class":
                return True
            if binding.value is not None and _reads_parameter(binding.value, scope, steps - 1):
                return True
    return False


def target_comes_with_call(site: CallSite) -> bool:
    """Whether the callers say to what the call connects, so that it differs from call to call.

    A parameter that has a default, or to which the file's own callers give what is theirs, is the one target of all.
    """
    function = site.function
    if function is None:
        return False
    given = [*site.node.args[:1], *(each.value for each in site.node.keywords if _TARGET.fullmatch(each.arg or ""))]
    return any(_is_parameter_of_all(value, function, site.source, _STEPS) for value in given)


def _is_parameter_of_all(node: ast.expr, function: Scope, source: SourceFile, steps: int) -> bool:
    """Whether an expression is a parameter, or made of one, for which every caller in the file has its own again."""
    if any(_CONFIGURED.search(word) for word in _words(node)):
        return False
    for part in walk(node):
        if not isinstance(part, ast.Name):
            continue
        if part.id in function.parameters and part.id != (function.first_parameter if function.is_method else ""):
            if _has_default(part.id, function):
                continue
            calls = [edge for edge in source.graph.into.get(function, ()) if not edge.handed]
            if all(steps and _is_given_anew(edge, part.id, function, source, steps) for edge in calls):
                return True
        for binding in function.bindings.get(part.id, ()) if steps else ():
            if binding.value is not None and _is_parameter_of_all(binding.value, function, source, steps - 1):
                return True
    return False


def _is_given_anew(edge: Edge, name: str, function: Scope, source: SourceFile, steps: int) -> bool:
    caller = edge.caller.function
    position = list(function.parameters).index(name) - (1 if function.is_method and not _is_static(function) else 0)
    argument = arguments.find(edge.node, edge.caller, name, position)
    if caller is None or argument.value is None:
        return False
    return _is_parameter_of_all(argument.value, caller, source, steps - 1)


def _has_default(name: str, function: Scope) -> bool:
    node = function.node
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return False
    positional = [*node.args.posonlyargs, *node.args.args]
    named = [each.arg for each in positional[len(positional) - len(node.args.defaults) :]]
    named += [each.arg for each, default in zip(node.args.kwonlyargs, node.args.kw_defaults) if default is not None]
    return name in named


def comes_with_call(node: ast.expr, function: Scope) -> bool:
    """Whether an expression is made of what a call of the function brings: a parameter, the request, a record."""
    return _depends_on_call(node, function, _STEPS)


def _constructing(site: CallSite) -> Iterator[ast.Call]:
    """Yield the calls of the function that give the object its credentials: its own, its receiver's, a log-in on it."""
    yield site.node
    if site.function is not None:
        yield from _logging_in(site, site.function)
    for value in site.values:
        receiver = value.receiver
        while receiver is not None:
            if receiver.call is not None and receiver.scope is not None and receiver.scope.function is site.function:
                yield receiver.call
            receiver = receiver.receiver


def _logging_in(site: CallSite, function: Scope) -> Iterator[ast.Call]:
    """Yield the calls of a function that log in on what a call in it gives."""
    names = Retention(site).names
    for node in function.of(ast.Call):
        assert isinstance(node, ast.Call)
        if (
            isinstance(node.func, ast.Attribute)
            and _LOGGING_IN.fullmatch(node.func.attr)
            and terminal_name(node.func.value) in names
        ):
            yield node


def _credentials(call: ast.Call, function: Scope) -> Iterator[ast.expr]:
    for argument in call.args:
        value = argument.value if isinstance(argument, ast.Starred) else argument
        for part in value.values if isinstance(value, ast.BoolOp) else [value]:
            if isinstance(part, ast.Subscript) and _CREDENTIAL.search(_key_of(part)):
                yield part.value
            elif _CREDENTIAL.search(terminal_name(part)):
                yield value
    for keyword in call.keywords:
        if _CREDENTIAL.search(keyword.arg or terminal_name(keyword.value)):
            yield keyword.value
        elif keyword.arg is None and isinstance(keyword.value, ast.Name):
            for binding in function.bindings.get(keyword.value.id, ()):
                yield from _entries(binding.value)
            for key, value in _stored_in(keyword.value.id, function):
                if _CREDENTIAL.search(key):
                    yield value


def _entries(mapping: ast.expr | None) -> Iterator[ast.expr]:
    """Yield the credentials in the literal of a mapping."""
    if isinstance(mapping, ast.Dict):
        for key, value in zip(mapping.keys, mapping.values):
            if isinstance(key, ast.Constant) and _CREDENTIAL.search(str(key.value)):
                yield value
    elif isinstance(mapping, ast.Call):
        yield from (keyword.value for keyword in mapping.keywords if _CREDENTIAL.search(keyword.arg or ""))


def _depends_on_call(node: ast.expr, function: Scope, steps: int) -> bool:
    """Whether an expression is made of what this call got: its parameters, the request, what it looked up by them."""
    if isinstance(node, ast.BoolOp):
        return any(_depends_on_call(part, function, steps) for part in node.values)
    words = list(_words(node))
    if any(_PASSES.fullmatch(word) for word in words):
        return True
    if _is_configured(node, function):
        return False
    own = function.first_parameter if function.is_method and not _is_static(function) else ""
    for word in words:
        if _CALLER.fullmatch(word):
            return True
        if word == own:
            continue
        if word in function.parameters:
            return True
        for binding in function.bindings.get(word, ()) if steps else ():
            if binding.value is not None and _depends_on_call(binding.value, function, steps - 1):
                return True
    return False


def _key_of(node: ast.Subscript) -> str:
    return str(node.slice.value) if isinstance(node.slice, ast.Constant) else terminal_name(node.slice)


def _is_configured(node: ast.expr, function: Scope) -> bool:
    """Whether an expression reads the process's configuration; a parameter's own (`channel.config`) is not that."""
    own = function.first_parameter if function.is_method else ""
    for part in walk(node):
        name = terminal_name(part)
        if not name or not _CONFIGURED.search(name) or _is_local(name, function):
            continue
        root = part
        while isinstance(root, ast.Attribute):
            root = root.value
        given = isinstance(root, ast.Name) and root.id in function.parameters and root.id != own
        if root is part or not given or _CONFIGURED.search(terminal_name(root)) or "app" in terminal_name(root):
            return True
    return False


def _is_static(function: Scope) -> bool:
    return any(terminal_name(decorator) == "staticmethod" for decorator in function.decorators)


def _stored_in(name: str, function: Scope) -> Iterator[tuple[str, ast.expr]]:
    """Yield (attribute or key, value) for what a function puts into a local object or mapping."""
    for node in function.of(ast.Assign):
        assert isinstance(node, ast.Assign)
        for target in node.targets:
            if not isinstance(target, (ast.Attribute, ast.Subscript)) or terminal_name(target.value) != name:
                continue
            if isinstance(target, ast.Attribute):
                yield target.attr, node.value
            elif isinstance(target.slice, ast.Constant):
                yield str(target.slice.value), node.value


def _is_local(name: str, function: Scope) -> bool:
    return name in function.bindings and name not in function.parameters


def _words(node: ast.expr) -> Iterator[str]:
    """Yield the names and attributes that an expression reads."""
    for part in walk(node):
        if isinstance(part, (ast.Name, ast.Attribute)):
            yield terminal_name(part)
