"""Settings of an application, wherever Python writes them: at module or class level, or into `app.config`.

Only those that hold in production: what stands in a module, class or branch for development or tests is left out.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.source import SourceFile
from flake8_scalability.project import environment

#: What a file, class, or condition is called that holds for one developer, or for a test run.
_NOT_PRODUCTION = re.compile(
    r"(^|[_./\\-])(tests?|testing|dev|devel|development|local|ci|debug|examples?|samples?|demo|quick|sandbox)([_./\\-]|$)"
)
_NOT_PRODUCTION_CLASS = re.compile(
    r"(?i)(^|_)(test|dev|local|debug|ci(?![a-z])|demo|example|sandbox)|(?-i:Tests?(?![a-z]))"
)
_DEBUGS = re.compile(r"^DEBUG\s*=\s*True\b", re.MULTILINE)
_CONFIGS = frozenset({"config", "cfg", "conf", "settings"})
#: Names by which a value comes from outside.
ENVIRONMENT = frozenset({
    "environ", "getenv", "env", "config", "environment", "secrets", "Field", "get_env", "env_config", "decouple", "Env",
    "get_env_value", "get_env_variable", "from_env",
})  # fmt: skip
#: Functions that lay other settings over those of the module whose name they are given.
_OVERLAYING = re.compile(r"(?i)settings|overr?id|overlay|^include$|^update$|^exec(file)?$")
#: Functions that give the names of a module, to be read or set.
_NAMES_OF_MODULE = frozenset({"globals", "vars", "locals"})
_FILLING = frozenset({"update", "from_mapping", "setdefault", "from_dict"})


class Setting(NamedTuple):
    """One setting.

    anchor: the node at which a finding about it stands: its key
    conditional: whether it holds only if something is so
    """

    name: str
    value: ast.expr
    anchor: ast.AST
    scope: Scope
    conditional: bool


def for_production(source: SourceFile) -> bool:
    """Whether nothing in a settings file's name or its folder says that it is for development or tests."""
    return not any(_NOT_PRODUCTION.search(part.lower()) for part in source.path_parts[-2:])


def settings(source: SourceFile, names: frozenset[str]) -> Iterator[Setting]:
    """Yield what the file gives the settings of these names, tools and development left out."""
    if not any(name in source.text for name in names) or source.is_tool:
        return
    if not for_production(source) or is_developers(source):
        return
    for scope in source.scopes:
        if scope.is_class and _NOT_PRODUCTION_CLASS.search(scope.name):
            continue
        for name, value, anchor in _given(scope, names):
            conditions = branches(anchor, scope, source)
            if not any(is_for_development(test) for test in conditions):
                yield Setting(name, value, anchor, scope, bool(conditions))


def is_developers(source: SourceFile) -> bool:
    """Whether a module builds on other settings and turns debugging on: those of a developer."""
    builds = any(
        node.names[0].name == "*" for node in source.module.of(ast.ImportFrom) if isinstance(node, ast.ImportFrom)
    )
    return builds and _DEBUGS.search(source.text) is not None


def is_overlaid(anchor: ast.AST, name: str, source: SourceFile) -> bool:
    """Whether other settings are laid over one: below it in its module, in a module for production, or by an operator.

    anchor, name: the setting
    """
    line = getattr(anchor, "lineno", 0)
    if any(
        getattr(node, "lineno", 0) > line and _overlays(node, name, source)
        for node in source.module.of(ast.ImportFrom, ast.Call)
    ):
        return True
    if source.settings.no_project:
        return False
    return environment.replaces(name, source.filename) or environment.is_overlaid(source.filename)


def _overlays(node: ast.AST, name: str, source: SourceFile) -> bool:
    """Whether a statement brings settings from elsewhere: a star import, or a call that is given this module.

    What is imported from a module beside this one tells itself whether it has the setting.  Whatever is done with
    the module and has no result, such as `read_environment(__name__)`, is done for its settings.
    """
    if isinstance(node, ast.ImportFrom):
        beside = "" if source.settings.no_project else environment.text_beside(node.module or "", source.filename)
        return node.names[0].name == "*" and (not beside or name in beside)
    if not isinstance(node, ast.Call):
        return False
    parent = source.parents(source.module).get(node)
    if terminal_name(node.func) in _NAMES_OF_MODULE:
        return isinstance(parent, ast.Subscript) and isinstance(parent.ctx, ast.Store)
    given = [*node.args, *([node.func.value] if isinstance(node.func, ast.Attribute) else [])]
    names = {part.id for each in given for part in walk(each) if isinstance(part, ast.Name)}
    if _OVERLAYING.search(terminal_name(node.func)) is None:
        return isinstance(parent, ast.Expr) and "__name__" in names
    of_module = {"__name__", "optional"} | _NAMES_OF_MODULE
    return terminal_name(node.func).startswith("exec") or not names.isdisjoint(of_module)


def _given(scope: Scope, names: frozenset[str]) -> Iterator[tuple[str, ast.expr, ast.AST]]:
    for node in scope.of(ast.Assign, ast.AnnAssign):
        assert isinstance(node, (ast.Assign, ast.AnnAssign))
        if node.value is None:
            continue
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            name = _key(target, scope)
            if name in names:
                yield name, node.value, target
            elif _is_config(target) and isinstance(node.value, ast.Dict):
                yield from _in_dict(node.value, names)
    for call in scope.of(ast.Call):
        assert isinstance(call, ast.Call)
        if isinstance(call.func, ast.Attribute) and call.func.attr in _FILLING and _is_config(call.func.value):
            for keyword in call.keywords:
                if keyword.arg in names:
                    assert keyword.arg is not None
                    yield keyword.arg, keyword.value, keyword
            if call.args and isinstance(call.args[0], ast.Dict):
                yield from _in_dict(call.args[0], names)


def _in_dict(node: ast.Dict, names: frozenset[str]) -> Iterator[tuple[str, ast.expr, ast.AST]]:
    for key, value in zip(node.keys, node.values):
        if isinstance(key, ast.Constant) and key.value in names:
            yield str(key.value), value, key


def _key(target: ast.expr, scope: Scope) -> str:
    """Return the setting that an assignment's target is; "" where it is a local variable or something else."""
    if isinstance(target, ast.Name):
        return target.id if scope.is_module or scope.is_class else ""
    if isinstance(target, ast.Subscript) and _is_config(target.value) and isinstance(target.slice, ast.Constant):
        return str(target.slice.value)
    if isinstance(target, ast.Attribute) and terminal_name(target.value) in ("self", *_CONFIGS):
        return target.attr
    return ""


def _is_config(node: ast.expr) -> bool:
    return terminal_name(node).lower() in _CONFIGS


def branches(node: ast.AST, scope: Scope, source: SourceFile) -> list[ast.expr]:
    """Return the conditions under which a node runs."""
    parents = source.parents(scope)
    found = []
    child, parent = node, parents.get(node)
    while parent is not None:
        if isinstance(parent, ast.If) and child is not parent.test:
            found.append(parent.test)
        if isinstance(parent, ast.ExceptHandler):
            found.append(parent.type or ast.Constant(None))
        child, parent = parent, parents.get(parent)
    return found


def is_for_development(test: ast.expr) -> bool:
    """Whether a condition asks for development, debugging or tests."""
    for part in walk(test):
        word = part.value if isinstance(part, ast.Constant) else terminal_name(part)
        if isinstance(word, str) and _NOT_PRODUCTION.search(word.lower()):
            return True
    return False


def is_environment(node: ast.expr) -> bool:
    """Whether a value is read from the environment or a configuration, so that what is written is but a default."""
    return any(terminal_name(part) in ENVIRONMENT for part in walk(node))
