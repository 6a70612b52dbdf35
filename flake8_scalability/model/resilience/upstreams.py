"""Where a call over HTTP goes: to one address for the whole process, or to another one each time."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from flake8_scalability.catalog.rows import Effect, System
from flake8_scalability.model.language import arguments
from flake8_scalability.model.language.arguments import Argument, Given
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.pooling.credentials import comes_with_call

if TYPE_CHECKING:
    from flake8_scalability.model.language.scopes import Binding, Scope
    from flake8_scalability.model.sites import CallSite

MAX_STEPS = 8
#: Mappings whose entries hold for the whole process.
_PROCESS_WIDE = re.compile("environ|^env$|settings|^config$|^conf$|CONFIG|SETTINGS|^[A-Z_]+$|services|urls|endpoints")
_TEXT_METHODS = ("format", "rstrip", "strip", "replace")
#: Calls that hand on the address they are given.
_WRAPPERS = ("urljoin", "str", "join", "Request", "URL", "quote")
#: Calls that take an address to pieces, and methods that put it together again.
_PARSING = frozenset({"urlparse", "urlsplit", "unquote"})
_SPELLING = frozenset({"geturl"})
_SCHEME_ONLY = re.compile(r"^\w+://$")
_OPENS = re.compile(r"^(\w+://)?\{")
_LOCAL = re.compile(
    r"^(\w+://)?(localhost|127\.|0\.0\.0\.0|\[?::1|169\.254\.|metadata\.|host\.docker\.internal)", re.IGNORECASE
)


def address(site: CallSite) -> Argument:
    """Return the argument that says where a call over HTTP goes."""
    row = site.api
    return site.argument("url", 1 if row is not None and row.effect is Effect.BY_METHOD else 0)


def is_fixed(site: CallSite) -> bool:
    """Whether a call goes to one address for the whole process: a breaker has to count its failures somewhere.

    An address that comes with the call, or out of a record's settings, is another one each time.
    """
    function = site.function
    row = site.api
    if function is None or row is None or row.system is not System.HTTP:
        return True
    given = address(site)
    if given.value is None:
        return given.given is Given.ABSENT
    begins = beginning(given.value)
    if isinstance(begins, ast.Name) and begins.id in function.bindings:
        bindings = function.bindings[begins.id]
        values = [beginning(binding.value) for binding in bindings if binding.value is not None]
        if not values or begins.id in function.parameters or any(binding.kind == "for" for binding in bindings):
            return False
    else:
        values = [begins]
    return not any(
        _is_field(value) or comes_with_call(value, function) or _is_of_elsewhere(value, function, site, MAX_STEPS)
        for value in values
    )


def host(site: CallSite) -> str:
    """Return the host that a call goes to where it is written out, in the call or in what a name is bound to once."""
    given = address(site)
    node = beginning(given.value) if given.value is not None else None
    for _ in range(MAX_STEPS):
        if isinstance(node, ast.Constant):
            return str(node.value).partition("://")[2].partition("/")[0]
        bindings: list[Binding] = []
        if isinstance(node, ast.Name):
            home = site.scope.lookup(node.id)
            bindings = home.bindings[node.id] if home is not None else []
        elif isinstance(node, ast.Attribute) and site.function is not None and site.function.owner is not None:
            bindings = _attribute(node.attr, site.function.owner, site)
        if len(bindings) != 1 or bindings[0].value is None:
            return ""
        node = beginning(bindings[0].value)
    return ""


def comes_whole(site: CallSite) -> bool:
    """Whether the whole address is a parameter of the function, or read from one: some page of the world's."""
    function = site.function
    given = address(site)
    node = given.value
    for _ in range(MAX_STEPS):
        if function is None or node is None:
            return False
        node = beginning(node)
        node = _root(node)
        if isinstance(node, ast.Await):
            node = node.value
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _SPELLING:
            node = node.func.value
            continue
        if isinstance(node, ast.Call):
            parses = terminal_name(node.func) in _PARSING
            return any(_is_parameter(_root(given) if parses else given, function) for given in node.args[:1])
        if not isinstance(node, ast.Name):
            return False
        if _is_parameter(node, function):
            return True
        bindings = function.bindings.get(node.id, ())
        if not bindings:
            return False
        if any(binding.kind == "for" for binding in bindings):
            return True
        node = bindings[0].value
    return False


def _root(node: ast.expr) -> ast.expr:
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node


def _is_parameter(node: ast.expr, function: Scope) -> bool:
    own = function.first_parameter if function.is_method else ""
    return isinstance(node, ast.Name) and node.id in function.parameters and node.id != own


def is_local(site: CallSite) -> bool:
    """Whether the address is this machine's, or the metadata service beside it."""
    given = address(site)
    if given.given is not Given.PRESENT:
        return False
    node, scope = given.value, given.scope
    if isinstance(node, ast.JoinedStr) and node.values:
        node = node.values[0].value if isinstance(node.values[0], ast.FormattedValue) else node.values[0]
    literal = arguments.constant(node, scope)
    return literal is not None and isinstance(literal.value, str) and _LOCAL.search(literal.value) is not None


def beginning(node: ast.expr) -> ast.expr:
    """Return the part of an expression with which the address begins: the base of an f-string, a sum or a `urljoin`."""
    while True:
        if isinstance(node, ast.JoinedStr) and node.values:
            first = node.values[0]
            if isinstance(first, ast.Constant) and _SCHEME_ONLY.match(str(first.value)) and node.values[1:]:
                first = node.values[1]
            node = first.value if isinstance(first, ast.FormattedValue) else first
        elif isinstance(node, ast.BinOp):
            node = node.left
        elif isinstance(node, ast.Call) and terminal_name(node.func) in _WRAPPERS and node.args:
            node = node.args[0]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _TEXT_METHODS:
            node = _formatted(node, node.func.value)
        else:
            return node


def _formatted(call: ast.Call, text: ast.expr) -> ast.expr:
    """Return what a formatted text begins with: an argument in `"{}/x".format(host)`, else the text."""
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    opens = isinstance(text, ast.Constant) and _OPENS.match(str(text.value)) is not None
    return given[0] if opens and given else text


def _is_field(node: ast.expr) -> bool:
    """Whether an address is looked up in a mapping that is not the process's configuration: `options.get("url")`."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
        holder: ast.expr = node.func.value
    elif isinstance(node, ast.Subscript):
        holder = node.value
    else:
        return False
    return _PROCESS_WIDE.search(terminal_name(holder)) is None


def _is_of_elsewhere(node: ast.expr, function: Scope, site: CallSite, steps: int) -> bool:
    """Whether an address is read from an attribute that a class of another file sets: one for each record or tenant."""
    if function.owner is None or not function.first_parameter or not steps:
        return False
    for part in walk(node):
        if isinstance(part, ast.Attribute) and terminal_name(part.value) == function.first_parameter:
            if not isinstance(part.value, ast.Name):
                continue
            bindings = _attribute(part.attr, function.owner, site)
            if not any(_says(binding) for binding in bindings):
                return True
            if any(_leads_elsewhere(binding, site, steps) for binding in bindings):
                return True
        elif isinstance(part, ast.Name) and part.id not in function.parameters:
            bindings = function.bindings.get(part.id, [])
            if any(
                binding.value is not None and _is_of_elsewhere(binding.value, function, site, steps - 1)
                for binding in bindings
            ):
                return True
    return False


def _attribute(name: str, owner: Scope, site: CallSite) -> list[Binding]:
    """Return what an attribute is bound to by the classes of the file."""
    resolver = site.source.resolver
    return [binding for each in resolver.ancestry(owner) for binding in resolver.class_bindings(each).get(name, ())]


def _says(binding: Binding) -> bool:
    return binding.value is not None or binding.kind == "function"


def _leads_elsewhere(binding: Binding, site: CallSite, steps: int) -> bool:
    """Whether the value of an attribute, or what a method returns, comes from an attribute set elsewhere."""
    if binding.kind == "function":
        made = [node.value for node in binding.scope.of(ast.Return) if isinstance(node, ast.Return) and node.value]
        return any(_is_of_elsewhere(value, binding.scope, site, steps - 1) for value in made)
    function = binding.scope.function
    return (
        binding.value is not None
        and function is not None
        and _is_of_elsewhere(binding.value, function, site, steps - 1)
    )
