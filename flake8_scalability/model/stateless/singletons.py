"""Singletons: classes that keep the one instance of themselves, and what that instance holds."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from flake8_scalability.catalog import counting, state_words
from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.mutations import Change, How, changes_in
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.source import SourceFile
from flake8_scalability.model.stateless import benign, memo_shapes, stand_ins
from flake8_scalability.model.stateless.kinds import MAKERS

_INSTANCE = re.compile(r"_*(the_|shared_|singleton_|global_|default_)?(instances?|inst|singleton|self)_*")
_GETTER = re.compile(r"(get_)?(shared_|default_|global_)?instance|get_singleton|shared|singleton")
#: What may exist once in each process, and should: what holds settings, connections, models, logs; markers.
_RIGHTLY_SINGLE = re.compile(
    r"config|settings|option|environ|constants?|logg|log$|sentinel|marker|missing|undefined|unset|none|null|nothing|empty|"
    r"pool|engine|database|connection|connector|client|driver|session_?factory|redis|mongo|s3|minio|kafka|rabbit|"
    r"model|embedd|tokeni[sz]er|classifier|predictor|detector|recogni[sz]er|llm|container|injector|registry|meta|"
    r"cache|type$|factory|loader|i18n|translat|template|metrics?|telemetr|tracer|sentry|version|credential|secret|vault|"
    r"plugin|module|extension|bot$|app$|application|context$|^base|abstract|mixin|singleton|db$"
)
_SERVICE = re.compile(
    r"(Service|Manager|Processor|Handler|Worker|Scheduler|Dispatcher|Gateway|Store|Queue|Broker|Controller)$"
)
_CONTAINERS = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)


class Singleton(NamedTuple):
    """A class that keeps its one instance.

    owner: the class
    node: the class statement
    state: an attribute of the instance that its methods change, "" where none is in sight
    """

    owner: Scope
    node: ast.AST
    state: str


def singletons(source: SourceFile) -> Iterator[Singleton]:
    """Yield the singleton services of a file: those with state of their own, and those that `__new__` makes single."""
    for owner in source.scopes:
        if not owner.is_class or not _is_single(source, owner) or source.place(owner).place is Place.TOOL:
            continue
        if _is_rightly_single(source, owner):
            continue
        state = _changed_attribute(source, owner)
        if state or (_is_made_single_by_new(owner) and _says_nothing_else(owner)):
            yield Singleton(owner, owner.node, state)


def _is_single(source: SourceFile, owner: Scope) -> bool:
    assert isinstance(owner.node, ast.ClassDef)
    if any("singleton" in terminal_name(_callee(node)).lower() for node in owner.decorators):
        return True
    metaclass = [terminal_name(keyword.value) for keyword in owner.node.keywords if keyword.arg == "metaclass"]
    bases = [terminal_name(base) for base in owner.node.bases]
    if any("singleton" in name.lower() for name in (*metaclass, *bases)):
        return True
    return any(_keeps_instance(owner, method) for method in owner.inner if method.is_function)


def _fills_at_start(name: str) -> bool:
    """Whether a method puts the object together, by its name: `load_graph`, `register`, `build`."""
    return state_words.ASSEMBLING.fullmatch(name) is not None or name.strip("_").startswith(
        ("build", "refresh", "start")
    )


def _says_nothing_else(owner: Scope) -> bool:
    """Whether a class has nothing but its construction, and is a service by its name."""
    methods = {method.name for method in owner.inner if method.is_function}
    return methods <= {"__new__", "__init__"} and _SERVICE.search(owner.name) is not None


def _callee(node: ast.expr) -> ast.expr:
    return node.func if isinstance(node, ast.Call) else node


def _keeps_instance(owner: Scope, method: Scope) -> bool:
    """Whether `__new__` or a class method stores the instance on the class: `cls._instance = …`."""
    if method.name != "__new__" and _GETTER.fullmatch(method.name) is None:
        return False
    return any(
        change.how is How.REBIND
        and isinstance(change.target, ast.Attribute)
        and _INSTANCE.fullmatch(change.target.attr) is not None
        and terminal_name(change.target.value) in (method.first_parameter, owner.name)
        for change in changes_in(method)
    )


def _is_made_single_by_new(owner: Scope) -> bool:
    return any(method.name == "__new__" and _keeps_instance(owner, method) for method in owner.inner)


def _is_rightly_single(source: SourceFile, owner: Scope) -> bool:
    """Whether a class is one that each process should have once: by its name, its bases, or what it makes."""
    assert isinstance(owner.node, ast.ClassDef)
    if stand_ins.stands_in(owner):
        return True
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", owner.name).lower()
    if _RIGHTLY_SINGLE.search(words) is not None:
        return True
    if any(
        terminal_name(base) in ("Thread", "Process", "type", "Enum", "BaseSettings", "BaseModel")
        for base in owner.node.bases
    ):
        return True
    makes = {site.function.owner for site in source.sites if site.node in source.makers and site.function is not None}
    return owner in makes


def _changed_attribute(source: SourceFile, owner: Scope) -> str:
    """Return an attribute of the instances that methods other than the constructor fill; "" where there is none."""
    for method in owner.inner:
        if not method.is_function or method.name.startswith("__") or _fills_at_start(method.name):
            continue
        if source.place(method).place is Place.TOOL:
            continue
        for scope in method.walk_same_call():
            for change in changes_in(scope):
                name = "" if benign.is_lock_or_task(change) else _own_attribute(change.target, method)
                if (
                    name
                    and not state_words.KEPT_OPEN.search(name)
                    and not counting.SUBSCRIBED.search(name)
                    and change.how in (How.ITEM, How.ADD, How.INCREMENT)
                    and _is_filled(source, owner, name)
                    and not _is_begun_anew(owner, name)
                    and not _is_made_once(change, name)
                ):
                    return name
    return ""


def _is_made_once(change: Change, name: str) -> bool:
    """Whether an item is made where a test finds that there is none yet: `if self.voices.get(kind) is None: …`."""
    if change.how is not How.ITEM or change.key is None or not isinstance(change.value, (ast.Call, ast.Name)):
        return False
    if isinstance(change.value, ast.Name):
        return change.value.id in memo_shapes.looked_up(change.scope, name)
    key, line = ast.unparse(change.key), getattr(change.node, "lineno", 0)
    for node in change.scope.of(ast.If):
        assert isinstance(node, ast.If)
        test = ast.unparse(node.test)
        missing = name in test and key in test and ("not" in test or "None" in test)
        if missing and node.body[0].lineno <= line <= (node.body[-1].end_lineno or 0):
            return True
    return False


def _own_attribute(target: ast.expr, method: Scope) -> str:
    while isinstance(target, ast.Subscript):
        target = target.value
    if isinstance(target, ast.Attribute) and terminal_name(target.value) == method.first_parameter:
        return "" if isinstance(target.value, ast.Attribute) else target.attr
    return ""


def _is_filled(source: SourceFile, owner: Scope, name: str) -> bool:
    """Whether the attribute begins as a container or a number that this class makes itself."""
    if "cache" in name:
        return False
    given = [binding.value for binding in source.resolver.class_bindings(owner).get(name, ())]
    for method in owner.inner:
        if method.name == "__new__":  # which writes `instance.name = …`, on whatever it calls the object
            given += [each.value for each in changes_in(method) if getattr(each.target, "attr", "") == name]
    return any(map(_begins_state, given))


def _is_begun_anew(owner: Scope, name: str) -> bool:
    """Whether each call of the class gives an attribute its first value again, so that no caller finds another's.

    Python calls `__init__` on what `__new__` gives back, the one instance as well, unless a test stops that.
    """
    if not _is_made_single_by_new(owner) or owner.decorators:
        return False
    assert isinstance(owner.node, ast.ClassDef)
    constructor = next((method for method in owner.inner if method.name == "__init__"), None)
    if owner.node.keywords or constructor is None or not isinstance(constructor.node, ast.FunctionDef):
        return False
    for statement in constructor.node.body:
        if isinstance(statement, ast.If):
            return False
        targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
        if any(isinstance(each, ast.Attribute) and _own_attribute(each, constructor) == name for each in targets):
            return True
    return False


def _begins_state(value: ast.expr | None) -> bool:
    if isinstance(value, ast.Constant):
        return isinstance(value.value, int) and not isinstance(value.value, bool)
    if isinstance(value, ast.Call):
        return terminal_name(value.func) in MAKERS
    return isinstance(value, _CONTAINERS)
