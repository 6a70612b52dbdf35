"""Credentials: the arguments of a call that say as whom it connects, and whether they come with the call."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.pooling.retention import Retention
from flake8_scalability.model.sites import CallSite

_CREDENTIAL = re.compile(
    r"cred|api_?key|token|secret|passw|auth|access_?key|account_sid|session_id|^profile_name$|key$", re.IGNORECASE
)
_LOGGING_IN = re.compile(
    r"connect|login|log_in|authenticate|auth\w*|(simple_|re)?bind(_s)?|set_(auth|credentials|token)"
)
#: Words in an expression that say: this comes from the process's configuration.
CONFIGURED = re.compile(
    r"settings|config|conf$|^env|environ|getenv|service_account|default|^opts?$|options|args", re.IGNORECASE
)
#: Calls whose result is a pass for a while, so that what is made with it can't live long.
_PASSES = re.compile(r"assume_role(_\w+)?|get_session_token|get_federation_token")
#: Objects that stand for the one who calls.
_CALLER = re.compile(r"(\w+_)?(user|tenant|identity|customer|member)(_\w+)?|req|request|payload|form|g|session")
STEPS = 4


def comes_with_call(node: ast.expr, function: Scope) -> bool:
    """Whether an expression is made of what a call of the function brings: a parameter, the request, a record."""
    return depends_on_call(node, function, STEPS)


def constructing(site: CallSite) -> Iterator[ast.Call]:
    """Yield the calls of the function that give the object its credentials: its own, its receiver's, a log-in on it."""
    yield site.node
    if site.function is not None:
        yield from logging_in(site, site.function)
    for value in site.values:
        receiver = value.receiver
        while receiver is not None:
            if receiver.call is not None and receiver.scope is not None and receiver.scope.function is site.function:
                yield receiver.call
            receiver = receiver.receiver


def logging_in(site: CallSite, function: Scope) -> Iterator[ast.Call]:
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


def credentials_of(call: ast.Call, function: Scope) -> Iterator[ast.expr]:
    """Yield the arguments of a call that say as whom it connects, also those in a mapping that is spread into it."""
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
            for key, value in stored_in(keyword.value.id, function):
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


def depends_on_call(node: ast.expr, function: Scope, steps: int) -> bool:
    """Whether an expression is made of what this call got: its parameters, the request, what it looked up by them."""
    if isinstance(node, ast.BoolOp):
        return any(depends_on_call(part, function, steps) for part in node.values)
    words = list(words_of(node))
    if any(_PASSES.fullmatch(word) for word in words):
        return True
    if is_configured(node, function):
        return False
    own = function.first_parameter if function.is_method and not is_static(function) else ""
    for word in words:
        if _CALLER.fullmatch(word):
            return True
        if word == own:
            continue
        if word in function.parameters:
            return True
        for binding in function.bindings.get(word, ()) if steps else ():
            if binding.value is not None and depends_on_call(binding.value, function, steps - 1):
                return True
    return False


def _key_of(node: ast.Subscript) -> str:
    return str(node.slice.value) if isinstance(node.slice, ast.Constant) else terminal_name(node.slice)


def is_configured(node: ast.expr, function: Scope) -> bool:
    """Whether an expression reads the process's configuration; a parameter's own (`channel.config`) is not that."""
    own = function.first_parameter if function.is_method else ""
    for part in walk(node):
        name = terminal_name(part)
        if not name or not CONFIGURED.search(name) or is_local(name, function):
            continue
        root = part
        while isinstance(root, ast.Attribute):
            root = root.value
        given = isinstance(root, ast.Name) and root.id in function.parameters and root.id != own
        if root is part or not given or CONFIGURED.search(terminal_name(root)) or "app" in terminal_name(root):
            return True
    return False


def is_static(function: Scope) -> bool:
    """Whether a method is static, so that its first parameter is one like the others."""
    return any(terminal_name(decorator) == "staticmethod" for decorator in function.decorators)


def stored_in(name: str, function: Scope) -> Iterator[tuple[str, ast.expr]]:
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


def is_local(name: str, function: Scope) -> bool:
    """Whether a name is bound in a function without being a parameter."""
    return name in function.bindings and name not in function.parameters


def words_of(node: ast.expr) -> Iterator[str]:
    """Yield the names and attributes that an expression reads."""
    for part in walk(node):
        if isinstance(part, (ast.Name, ast.Attribute)):
            yield terminal_name(part)
