"""Application objects: the slots in which web frameworks let a program keep what all its requests share.

`app.state.jobs` (Starlette), `app["jobs"]` (aiohttp), `app.config["jobs"]` (Flask), `app.ctx.jobs` (Sanic), reached
through `request.app`, `current_app` or a name for the application.  `request.state` lives as long as one request.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from flake8_scalability.model.language.callgraph import terminal_name

if TYPE_CHECKING:
    from flake8_scalability.model.language.scopes import Scope
    from flake8_scalability.model.source import SourceFile

_NAME = re.compile(r"(current_|web_|flask_|fast|asgi_|_)?app(lication)?|fastapi_app|sanic_app|bot_app")
#: What an expression that gives an application speaks of.
_MAKING = re.compile(
    r"app|flask|fastapi|sanic|starlette|quart|litestar|bottle|aiohttp|web\.|tornado|bot|create|build|make|factory|client",
    re.IGNORECASE,
)
_HOLDERS = frozenset({"state", "ctx", "config", "extensions", "bot_data"})
_SPOKEN_OF = re.compile(r"app(?:lication)?(?:\s*\[|\.(?:state|ctx|config|extensions)\b)")


def may_be_spoken_of(source: SourceFile) -> bool:
    """Whether the text has anything that could be such a slot."""
    return ".bot_data" in source.text or ("app" in source.text and _SPOKEN_OF.search(source.text) is not None)


def slot(node: ast.expr, scope: Scope | None = None) -> str | None:
    """Return the name of a slot of the application object: "app.state.jobs"; None for every other expression.

    With the scope of the expression, a local name that is bound to something else there is none: a row, an item.
    """
    found = _slot(node)
    return None if found is not None and scope is not None and _is_something_else(node, scope) else found


def _is_something_else(node: ast.expr, scope: Scope) -> bool:
    """Whether an expression starts from a local name whose every binding gives it what no application comes from."""
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    home = scope.lookup(node.id) if isinstance(node, ast.Name) else None
    if home is None or home.is_module or home.is_class or not isinstance(node, ast.Name):
        return False
    bindings = home.bindings[node.id]
    return bool(bindings) and all(
        binding.kind == "for" or (binding.kind == "assign" and _gives_no_application(binding.value))
        for binding in bindings
    )


def _gives_no_application(value: ast.expr | None) -> bool:
    if not isinstance(value, (ast.Call, ast.Subscript)):
        return isinstance(value, ast.Dict)
    from_what = value.func if isinstance(value, ast.Call) else value.value
    names = (terminal_name(from_what), terminal_name(getattr(from_what, "value", from_what)))
    return not any(_MAKING.search(name) for name in names)


def _slot(node: ast.expr) -> str | None:
    if isinstance(node, ast.Attribute):
        return _of_attribute(node)
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
        holder = node.value
        if isinstance(holder, ast.Attribute) and holder.attr in ("config", "extensions", "bot_data", "state"):
            if holder.attr == "bot_data" or is_application(holder.value):
                return f"{_short(holder)}[{node.slice.value!r}]"
        elif is_application(holder):
            return f"app[{node.slice.value!r}]"
    return None


def _of_attribute(node: ast.Attribute) -> str | None:
    holder = node.value
    if isinstance(holder, ast.Attribute) and holder.attr in ("state", "ctx") and is_application(holder.value):
        return f"{_short(holder)}.{node.attr}"
    return None


def _short(holder: ast.Attribute) -> str:
    return f"app.{holder.attr}" if holder.attr in _HOLDERS else holder.attr


def is_application(node: ast.expr) -> bool:
    """Whether an expression is the application object by its name: `app`, `request.app`, `self.application`."""
    return _NAME.fullmatch(terminal_name(node)) is not None
