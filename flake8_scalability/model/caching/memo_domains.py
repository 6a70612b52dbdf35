"""How many different calls a memoised function can have, and what it keeps alive by its arguments."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from flake8_scalability.catalog.cache_libraries import OBJECTS
from flake8_scalability.catalog.query_methods import Gives
from flake8_scalability.catalog.rows import Place
from flake8_scalability.catalog.state_words import MANAGER_BASES, PER_REQUEST_BASES
from flake8_scalability.model.caching.fetching import fetches
from flake8_scalability.model.language import flowing
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.queries.narrowing import is_small
from flake8_scalability.model.running.longevity import lives_with_process
from flake8_scalability.model.scaling.rows import chain

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

#: Annotations with few values, or with values that the program itself defines.
_CLOSED = frozenset({"bool", "None", "NoneType", "Literal", "LiteralString", "type", "Type", "Callable", "ModuleType"})
#: Parameters of which a program has a few, whatever calls it.
_FEW = re.compile(
    r"(^|_)(lang(uage)?(_?code)?|locale|loc|region|currency|country(_code)?|timezone|tz|env|environment|cls|klass|class|model|func|"
    r"function|fn|handler|module|app|app_?label|package|provider|backend|engine|mode|kind|type|level|format|fmt|"
    r"encoding|version|template|template_name|file_?name|filename|schema|field|column|table|name|namespace|setting|"
    r"settings|config|section|flag|enabled|debug|strict|service|scope|size|dtype|device|model_?(name|id|path|type)|"
    r"tokenizer|driver|algorithm|role|category|status|platform|extension|suffix|prefix|root|base_?(dir|path|url)|"
    r"plugin|task|queue|topic|resource|component|theme|style|icon|variant|month|weekday|year|annotation|attr|entity|"
    r"method|default|index_name|database|db_name|host|port|address|feature|permission|bucket|property)(s|_name|_cls|_class|_path|_type)?$"
)
#: Bases of classes of which a framework makes an object for each request, and what such an object is given.
_PER_REQUEST = re.compile(r"(View|ViewSet|APIView|Endpoint|Resource|RequestHandler|Consumer|Controller)$")
_OF_REQUEST = re.compile(r"^(db|db_?session|session|request|websocket|ws|connection|user|current_user)$")
#: Words of a parameter that takes on a value for each user, row or text.
_MANY = re.compile(
    r"(^|_)(user|id|ids|uuid|uid|pk|token|email|username|url|uri|link|query|text|content|html|body|message|slug|"
    r"hash|date|day|datetime|timestamp|address|ip|phone|session|customer|account|org|organization|tenant|order|item|"
    r"product|title|word|sentence|prompt|payload|data|value|number|amount|lat|lon|term|search|string|s|isbn|doi|"
    r"expression|pattern|code)(s|_id|_ids|_key|_hash|_str|_text)?$"
)


def grows(function: Scope, source: SourceFile) -> str:
    """Return the parameter whose values are without end, so that a cache without a bound grows; "" where none is.

    What looks something up in a store is called for as many values as the store has rows.
    """
    if OBJECTS.search(re.sub(r"_?cached?_?", "", function.name.lower())):
        return ""
    reads = fetches(function, source) is not None
    if reads and _reads_small_table(function, source):
        return ""
    if function.owner is not None and _is_enum(function.owner, source):
        return ""
    own = function.first_parameter if function.is_method and not _is_static(function, source) else ""
    for name, argument in function.parameters.items():
        if name == own:
            continue
        if argument.annotation is not None and is_closed(argument.annotation, function, source):
            continue
        if _FEW.search(name.lower()) or not (reads or _MANY.search(name.lower())):
            continue
        if not reads_file_of(function, name, source):
            return name
    return ""


def _reads_small_table(function: Scope, source: SourceFile) -> bool:
    """Whether a function gives rows of tables with few rows only: what is not there is not found, and not kept."""
    queries = [run.query for run in source.query_runs if run.scope.function is function]
    return bool(queries) and all(query.gives is Gives.ONE and is_small(query.entity) for query in queries)


def is_closed(annotation: ast.expr, function: Scope, source: SourceFile) -> bool:
    """Whether an annotation names a type of a few values: a flag, a literal, an enum, a class or a function."""
    if isinstance(annotation, ast.Constant):
        if not isinstance(annotation.value, str):
            return annotation.value is None
        return annotation.value.split("[")[0].rpartition(".")[2] in _CLOSED
    if isinstance(annotation, ast.BinOp):
        return all(is_closed(part, function, source) for part in (annotation.left, annotation.right))
    if isinstance(annotation, ast.Subscript):
        name = terminal_name(annotation.value)
        if name in ("Optional", "Annotated"):
            part = annotation.slice.elts[0] if isinstance(annotation.slice, ast.Tuple) else annotation.slice
            return is_closed(part, function, source)
        return name in _CLOSED
    name = terminal_name(annotation)
    if name in _CLOSED or name.endswith(("Enum", "Type", "Kind", "Mode", "Status", "Level", "Role")):
        return True
    return any(
        _is_enum(value.target, source) for value in source.resolver.annotated(annotation, function.parent or function)
    )


def _is_enum(target: Scope | None, source: SourceFile) -> bool:
    if target is None or not target.is_class:
        return False
    bases = [
        terminal_name(base) for each in source.resolver.ancestry(target) for base in getattr(each.node, "bases", ())
    ]
    return any(base.endswith(("Enum", "Flag", "Choices")) for base in bases)


def _is_static(function: Scope, source: SourceFile) -> bool:
    return "staticmethod" in source.resolver.decorator_paths(function)


def holds_instances(function: Scope, source: SourceFile) -> bool:
    """Whether a cache on a function keeps alive each object that the function is called on.

    Not those of class and static methods, of enums, of values that are equal to each other, and of objects that live
    as long as the process anyway.
    """
    owner = function.parent
    if not function.is_method or owner is None or not isinstance(owner.node, ast.ClassDef):
        return False
    names = {terminal_name(node.func if isinstance(node, ast.Call) else node) for node in function.decorators}
    if names & {"staticmethod", "classmethod"} or function.name == "__new__" or not function.parameters:
        return False
    if function.first_parameter == "cls" or _is_enum(owner, source) or _is_value(owner, source):
        return False
    if any(terminal_name(call.func.value) == function.name for call, _ in source.calls_by_name.get("cache_clear", ())
           if isinstance(call.func, ast.Attribute)):  # fmt: skip
        return False  # somebody looks after it
    if any(_keeps_one(node) for node in function.decorators):
        return False
    if _is_single(owner, source) or lives_with_process(source, owner):
        return False
    return not _is_part_of_single(owner, source)


def _is_part_of_single(owner: Scope, source: SourceFile) -> bool:
    """Whether the file makes objects of a class only where an object is made of which there is one itself."""
    made = source.graph.instantiations.get(owner, [])
    makers = [edge.caller.function for edge in made]
    return bool(makers) and all(
        maker is not None
        and maker.name == "__init__"
        and maker.owner is not None
        and maker.owner is not owner
        and (_is_single(maker.owner, source) or lives_with_process(source, maker.owner))
        for maker in makers
    )


def _keeps_one(decorator: ast.expr) -> bool:
    """Whether a cache has room for one entry, and so keeps one object alive at most."""
    return isinstance(decorator, ast.Call) and any(
        isinstance(keyword.value, ast.Constant) and keyword.value.value == 1 and keyword.arg == "maxsize"
        for keyword in decorator.keywords
    )


def are_made_often(function: Scope, source: SourceFile) -> bool:
    """Whether the file shows that there are many objects of a method's class: handlers, or what is made per call.

    What is made once lives on with its one bounded cache, and nobody is the worse for it.
    """
    owner = function.parent
    assert owner is not None
    kin = [each for each in source.scopes if each.is_class and owner in source.resolver.ancestry(each)]
    for each in kin:
        bases = [terminal_name(base) for base in getattr(each.node, "bases", ())]
        if each in source.places.handler_classes or any(
            _PER_REQUEST.search(base) or PER_REQUEST_BASES.search(base) for base in bases
        ):
            return True
        init = next((inner for inner in each.inner if inner.name == "__init__"), None)
        if init is not None and any(_OF_REQUEST.search(name) for name in init.parameters):
            return True
    return any(
        edge.caller.function is not None
        and terminal_name(edge.node.func) != "super"
        and not _is_for_one_more(edge.caller.function, each)
        and source.place(edge.caller, edge.node).place is not Place.STARTUP
        for each in kin
        for edge in source.graph.instantiations.get(each, ())
    )


def _is_for_one_more(maker: Scope, made: Scope) -> bool:
    """Whether an object is made as a part of another, or by one of its own class: nothing shows how many there are."""
    owner = maker.owner
    if owner is None or owner is made:
        return owner is made and maker.first_parameter == "self"
    return maker.name == "__init__"


def are_made_of_each_other(function: Scope, source: SourceFile) -> bool:
    """Whether the file makes objects of a method's class only as a part of another, or by one of the class."""
    owner = function.parent
    assert owner is not None
    makers = [edge.caller.function for edge in source.graph.instantiations.get(owner, ())]
    return bool(makers) and all(maker is not None and _is_for_one_more(maker, owner) for maker in makers)


def reads_file_of(function: Scope, name: str, source: SourceFile) -> bool:
    """Whether a function reads the file that a parameter names, and no store: it has as many answers as files."""
    opened = [
        call.args[0] for call in function.of(ast.Call)
        if isinstance(call, ast.Call) and terminal_name(call.func) == "open" and call.args
        and not isinstance(call.func, ast.Attribute)
    ]  # fmt: skip
    return fetches(function, source) is None and any(
        isinstance(part, ast.Name) and part.id == name for path in opened for part in flowing.into(path, function.node)
    )


def _is_value(owner: Scope, source: SourceFile) -> bool:
    """Whether objects of a class are told apart by what they hold: then there are as many entries as values."""
    assert isinstance(owner.node, ast.ClassDef)
    methods = {inner.name for each in source.resolver.ancestry(owner) for inner in each.inner if inner.is_function}
    if "__hash__" in methods or "__eq__" in methods:
        return True
    if any(terminal_name(base) == "NamedTuple" for base in owner.node.bases):
        return True
    return any("frozen" in ast.unparse(node) for node in owner.node.decorator_list)


def _is_single(owner: Scope, source: SourceFile) -> bool:
    """Whether there is one object of a class: a singleton, a middleware, a model's manager, settings, a metaclass."""
    assert isinstance(owner.node, ast.ClassDef)
    metaclass = [terminal_name(keyword.value) for keyword in owner.node.keywords if keyword.arg == "metaclass"]
    bases = [terminal_name(base) for base in owner.node.bases]
    if any("singleton" in name.lower() for name in (*metaclass, *bases)) or "type" in bases:
        return True
    if any(
        name.endswith(("Settings", "AppConfig", "Plugin", "Middleware", "MiddlewareMixin", "DatagramProtocol"))
        for name in (owner.name, *bases)
    ):
        return True
    if any(part in MANAGER_BASES for base in owner.node.bases for part in chain(base)):
        return True
    return any(name.strip("_") == "instance" for name in source.resolver.class_bindings(owner))
