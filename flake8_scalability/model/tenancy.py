"""Whose credentials a client carries: the process's own, or those of whoever calls?

A client that speaks for one caller (`OpenAI(api_key=user.key)`) can't be one for all, so that making it anew is right.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from flake8_scalability.model.callgraph import terminal_name
from flake8_scalability.model.scopes import Scope
from flake8_scalability.model.sites import CallSite

_CREDENTIAL = re.compile(
    r"cred|api_?key|token|secret|passw|auth|access_?key|account_sid|session_id|\bkey$", re.IGNORECASE
)
#: Words in an expression that say: this comes from the process's configuration.
_CONFIGURED = re.compile(
    r"settings|config|conf$|^env|environ|getenv|service_account|default|^opts?$|options|args", re.IGNORECASE
)
#: Objects that stand for the one who calls.
_CALLER = frozenset({"current_user", "request", "g", "session"})
_STEPS = 4


def speaks_for_caller(site: CallSite) -> bool:
    """Whether an argument that carries credentials comes from the parameters or the data of this call."""
    function = site.function
    return function is not None and any(_depends_on_call(value, function, _STEPS) for value in _credentials(site.node))


def _credentials(call: ast.Call) -> Iterator[ast.expr]:
    for argument in call.args:
        value = argument.value if isinstance(argument, ast.Starred) else argument
        if _CREDENTIAL.search(terminal_name(value)):
            yield value
    for keyword in call.keywords:
        if _CREDENTIAL.search(keyword.arg or terminal_name(keyword.value)):
            yield keyword.value


def _depends_on_call(node: ast.expr, function: Scope, steps: int) -> bool:
    """Whether an expression is made of what this call got: its parameters, the request, what it looked up by them."""
    words = list(_words(node))
    if any(_CONFIGURED.search(word) for word in words):
        return False
    own = function.first_parameter if function.is_method else ""
    for word in words:
        if word in _CALLER:
            return True
        if word == own:
            continue
        if word in function.parameters:
            return True
        for binding in function.bindings.get(word, ()) if steps else ():
            if binding.value is not None and _depends_on_call(binding.value, function, steps - 1):
                return True
    return False


def _words(node: ast.expr) -> Iterator[str]:
    """Yield the names and attributes that an expression reads."""
    for part in ast.walk(node):
        if isinstance(part, (ast.Name, ast.Attribute)):
            yield terminal_name(part)
