"""Hosts that are written out in code: which host a text names, and what an expression spells.

A text that a placeholder, the environment or a parameter completes is spelled with `{}` in its place, so that
`f"http://localhost:{port}"` still names its host.
"""

from __future__ import annotations

import ast
import ipaddress
import re
from collections.abc import Iterator
from typing import NamedTuple

from flake8_scalability.catalog import addresses
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.names import targets
from flake8_scalability.model.language.scopes import Binding, Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.source import SourceFile
from flake8_scalability.project import fillings, loopback

MAX_STEPS = 6
MAX_PARTS = 60
_URL = re.compile(r"^(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<authority>[^/?#]*)")
_SCHEME_ONLY = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*://$")
_DSN = re.compile(r"(?:^|[\s;])(?:host|server|data source|hostname)\s*=\s*(?:tcp:)?([^;\s,\\]+)", re.IGNORECASE)
_PORT = re.compile(r"^\[?(?P<host>[^\]]*?)\]?(:(\d+|\{\}))?$")
_OPEN_PORT = re.compile(r":(\d+)\b")
_NAME = re.compile(r"^[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\.[A-Za-z0-9_-]+)*$")
#: Calls that hand on the address they are given first.
_REDIRECTING = ("urljoin", "make_url", "URL", "AnyUrl")


class Written(NamedTuple):
    """A text that is written out in the file: its spelling, and the literal with which it begins."""

    text: str
    literal: ast.Constant


class Host(NamedTuple):
    """A host that a text names.

    scheme: of the URL that names it, without the driver; "" where there is no URL
    """

    name: str
    scheme: str = ""

    @property
    def is_local(self) -> bool:
        """Whether it is this machine, or a number."""
        if self.name.lower() in ("localhost", "localhost.localdomain", "host.docker.internal"):
            return True
        try:
            ipaddress.ip_address(self.name)
        except ValueError:
            return False
        return True

    @property
    def is_private(self) -> bool:
        """Whether it is known inside one network only."""
        name = self.name.lower().rstrip(".")
        return self.is_local or "." not in name or name.endswith(addresses.PRIVATE_ENDINGS) or ".svc." in name


class Fixed(NamedTuple):
    """A backing service that is bound to one host.

    node: where the finding stands: the call, or the key of a setting
    what: the callee or the key as the user wrote it
    host: the host, or the region
    kind: which of them it is: "host", "region", or "node" for the only one of a store that has many
    """

    node: ast.AST
    what: str
    host: str
    kind: str = "host"


def named_by(text: str, bare: bool) -> Host | None:
    """Return the host that a text names: of a URL, a DSN, or, with `bare`, the text itself with or without a port."""
    text = text.strip()
    url = _URL.match(text)
    if url is not None:
        scheme = url["scheme"].lower().partition("+")[0]
        first = url["authority"].rpartition("@")[2].split(",")[0]
        return _host(first, scheme)
    dsn = _DSN.search(text)
    if dsn is not None:
        return _host(dsn[1].strip("'\""), "")
    return _host(text.split(",")[0], "") if bare else None


def _host(text: str, scheme: str) -> Host | None:
    match = _PORT.match(text)
    name = match["host"] if match is not None else text
    if not name or addresses.NO_HOST.search(name) or addresses.VARIABLE.fullmatch(name):
        return None
    if not _NAME.match(name) and not Host(name).is_local:
        return None
    return Host(name, scheme)


def is_own_server(host: Host, text: str, source: SourceFile) -> bool:
    """Whether a host is this machine, and the project binds a server to its loopback address on the same port."""
    port = _OPEN_PORT.match(text.partition(host.name)[2])
    if port is None or not host.is_local or source.settings.no_project:
        return False
    return loopback.serves(port[1], source.filename)


def is_one_node(host: Host, text: str) -> bool:
    """Whether a text names one node: neither several, nor the front of a managed or balanced store."""
    if host.is_local or "," in text or ";" in text or addresses.MANAGED.search(host.name):
        return False
    return host.is_private or addresses.NODE_PORT.search(text) is not None


def written(node: ast.expr, scope: Scope, source: SourceFile, steps: int = 0) -> Written | None:
    """Return the text that an expression begins with, where that is written out in the file and always holds.

    Names and attributes are followed to their one binding.  A default (`or`, `.get(x, "localhost")`, a parameter's),
    a value for one environment, or one of several bindings is none.
    """
    if steps > MAX_STEPS:
        return None
    if isinstance(node, ast.Constant):
        return Written(node.value, node) if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return _joined(node, scope, source, steps)
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Mod)):
        left = written(node.left, scope, source, steps + 1)
        if left is None:
            return None
        right = written(node.right, scope, source, steps + 1) if isinstance(node.op, ast.Add) else None
        added = right.text if right is not None else "{}" if isinstance(node.op, ast.Add) else ""
        return Written(left.text + added, left.literal)
    if isinstance(node, ast.Call):
        return _called(node, scope, source, steps)
    if isinstance(node, (ast.Name, ast.Attribute)):
        binding = binding_of(node, scope, source)
        if binding is None or binding.value is None or not always_holds(binding, source):
            return None
        if _is_overlaid(binding, node, source):
            return None
        return written(binding.value, binding.scope, source, steps + 1)
    return None


def _joined(node: ast.JoinedStr, scope: Scope, source: SourceFile, steps: int) -> Written | None:
    parts: list[str] = []
    literal: ast.Constant | None = None
    for value in node.values:
        inner = value.value if isinstance(value, ast.FormattedValue) else value
        found = written(inner, scope, source, steps + 1)
        # What the text is about is its host: the literal of a scheme is none yet.
        if found is not None and (literal is None or _SCHEME_ONLY.match("".join(parts))):
            literal = found.literal
        parts.append(found.text if found is not None else "{}")
    return Written("".join(parts), literal) if literal is not None else None


def _called(node: ast.Call, scope: Scope, source: SourceFile, steps: int) -> Written | None:
    name = terminal_name(node.func)
    if isinstance(node.func, ast.Attribute) and name in ("format", "rstrip", "strip"):
        return written(node.func.value, scope, source, steps + 1)
    return written(node.args[0], scope, source, steps + 1) if name in _REDIRECTING and node.args else None


def binding_of(node: ast.expr, scope: Scope, source: SourceFile) -> Binding | None:
    """Return the one assignment that gives a name, or an attribute of the function's own object, its value."""
    if isinstance(node, ast.Name):
        home = scope.lookup(node.id)
        bindings = home.bindings[node.id] if home is not None else []
    elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        bindings = []
        for value in source.resolver.values(node.value, scope):
            if value.target is not None and value.target.is_class:
                bindings += source.resolver.class_bindings(value.target).get(node.attr, [])
    else:
        return None
    return bindings[0] if len(bindings) == 1 and bindings[0].kind == "assign" else None


def _is_overlaid(binding: Binding, use: ast.expr, source: SourceFile) -> bool:
    """Whether a star import between a constant of the module and its use may bring another value."""
    first = getattr(binding.node, "lineno", 0)
    return binding.scope.is_module and any(
        isinstance(node, ast.ImportFrom) and node.names[0].name == "*" and first < node.lineno < use.lineno
        for node in source.module.of(ast.ImportFrom)
    )


def always_holds(binding: Binding, source: SourceFile) -> bool:
    """Whether an assignment is no default, no fallback and no value for one environment, by its name and its branch."""
    names = [terminal_name(target) for target in targets(binding.node)]
    if any(addresses.NOT_BACKING.search(name) for name in names):
        return False
    owner = binding.scope if binding.scope.is_class else None
    if owner is not None and (is_filled(owner, source) or addresses.NOT_PRODUCTION.search(owner.name)):
        return False
    if owner is not None and addresses.NO_INSTANCE.search(owner.name):
        return False
    if binding.scope.is_module and not source.settings.no_project and fillings.are_defaults(source.filename):
        return False
    return not in_branch(binding.node, binding.scope, source)


def constant_of(literal: ast.Constant, source: SourceFile) -> ast.Name | None:
    """Return the constant of the module that a literal is the value of, where the file uses it more than once."""
    for node in source.module.of(ast.Assign, ast.AnnAssign):
        assert isinstance(node, (ast.Assign, ast.AnnAssign))
        (target, *others) = targets(node)
        if node.value is None or others or not isinstance(target, ast.Name):
            continue
        if any(part is literal for part in walk(node.value)):
            uses = re.findall(rf"(?<![\w.]){re.escape(target.id)}\b", "\n".join(_code_lines(source)))
            return target if len(uses) > 2 else None
    return None


def _code_lines(source: SourceFile) -> Iterator[str]:
    return (line for line in source.lines if not line.lstrip().startswith("#"))


def is_filled(owner: Scope, source: SourceFile) -> bool:
    """Whether the fields of a class are defaults: the environment or whoever makes an object gives the values."""
    assert isinstance(owner.node, ast.ClassDef)
    family = source.resolver.ancestry(owner)
    bases = {terminal_name(base) for each in family for base in _bases(each)} - {each.name for each in family}
    if any(base in addresses.FILLED_BASES or base.endswith("Settings") for base in bases):
        return True
    decorators = [node.func if isinstance(node, ast.Call) else node for node in owner.decorators]
    return any(terminal_name(node) in addresses.FILLED_BY for node in decorators)


def _bases(owner: Scope) -> list[ast.expr]:
    return owner.node.bases if isinstance(owner.node, ast.ClassDef) else []


def in_branch(node: ast.AST, scope: Scope, source: SourceFile) -> bool:
    """Whether a node runs in one environment only, or where something else failed or was not given."""
    parents = source.parents(scope)
    child, parent = node, parents.get(node)
    while parent is not None:
        if isinstance(parent, ast.If) and child is not parent.test:
            if addresses.BRANCHING.search(ast.unparse(parent.test)):
                return True
        elif isinstance(parent, ast.ExceptHandler) or _is_alternative(child, parent):
            return True
        child, parent = parent, parents.get(parent)
    return False


def _is_alternative(child: ast.AST, parent: ast.AST) -> bool:
    """Whether a part of an expression counts only where another one does not."""
    if isinstance(parent, ast.IfExp):
        return child is not parent.test
    return isinstance(parent, ast.BoolOp) and child is not parent.values[0]


def literals_in(node: ast.expr, key: str = "") -> Iterator[tuple[str, ast.expr, ast.expr]]:
    """Yield (key, key's node, value) for the texts in a display: nested mappings and lists are looked through.

    An item of a list has the key of the list, and itself as the key's node.
    """
    stack: list[tuple[str, ast.expr, ast.expr]] = [(key, node, node)]
    for _ in range(MAX_PARTS):
        if not stack:
            return
        name, at, current = stack.pop()
        if isinstance(current, ast.Dict):
            for each, value in zip(reversed(current.keys), reversed(current.values)):
                known = isinstance(each, ast.Constant) and isinstance(each.value, str)
                if each is not None:
                    stack.append((str(each.value) if isinstance(each, ast.Constant) and known else name, each, value))
        elif isinstance(current, (ast.List, ast.Tuple, ast.Set)):
            stack += [(name, part if at is current else at, part) for part in reversed(current.elts)]
        else:
            yield name, at, current
