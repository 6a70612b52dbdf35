"""Handfuls: what there are a few of, because its name says so or because it holds kinds and not things."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_scalability.model.language.callgraph import terminal_name

if TYPE_CHECKING:
    from flake8_scalability.model.language.scopes import Scope

#: Names of what there are a few of, as the configuration says.
_FEW = re.compile(
    r"(^|_)(workers?|consumers?|shards?|backends?|providers?|services?|handlers?|(web)?hooks?|middlewares?|plugins?|listeners?|"
    r"sources?|adapters?|engines?|extensions?|modules?|components?|columns?|fields?|checks?|checkers?|probes?|strategies|"
    r"stages?|steps?|replicas?|partitions?|regions?|zones?|models?|agents?|cogs?|commands?|admins?|owners?|"
    r"cores?|cpus?|levels?|languages?|locales?|environments?|envs?|stacks?|guards?|validators?|scorers?|metrics|"
    r"frames?|keys|class(es)?|fetchers?|types?|cryptos?|vaults?|dependencies|callbacks?|loaders?|schedulers?|concurrency|"
    r"parallelism|threads?|processes|procs|coroutines|coros|loops|tools?|tool_calls|"
    r"connectors?|channels?|integrations?|notifiers?|drivers?|observers?|sinks?|outputs?|transports?|processors?|"
    r"kinds?|categories|symbols?|coins?|currencies|exchanges?|formats?|sizes?|variants?|dimensions?|qualities|"
    r"resolutions?|features|flags|clusters?|interfaces?|sensors?|cameras?|collectors?|exporters?|analy[sz]ers?|"
    r"chunks?|batch(es)?|pages?|windows?|slices?|groups?|top_?k?|first|sample|candidates|choices|kwargs|args|params|"
    r"config\w*|settings|artifacts?|wallets|servers?|"
    r"inst(ance)?s?|inputs?|input_files|platforms?|quer(y|ies)|questions|sections?|(sub_?)?topics?|concepts?|attachments?|mentions?|embeds?|"
    r"personas?|perspectives?|rules?|suggestions?|units?|access_?points?|peers?|neighbou?rs?)$",
    re.IGNORECASE,
)
#: Words anywhere in the name of a call that gives what somebody has set up: `get_owner_destinations()`.
_OF_FEW = re.compile(
    r"(^|_)(owners?|admins?|staff|by_roles?|config\w*|settings|plugins?|all_tasks)(_|$)", re.IGNORECASE
)
#: What tells one thing from all others, so that there are as many of it as there are things.
_IDENTIFYING = re.compile(
    r"(^|_)(u?u?ids?|pk|ur[il]s?|links?|hrefs?|e?mails?|paths?|files?|filenames?|addresse?s?|tokens?|users?|members?|"
    r"hash(es)?|slugs?|asins?|isbns?|texts?|numbers?)$|(?-i:[a-z]I[dD]s?)$",
    re.IGNORECASE,
)
#: What an argument is named that stands for one thing, and calls that give the people of one, who may be many.
_PARENT = re.compile(r"(^|_)(u?u?id|pk|slug)$", re.IGNORECASE)
_OF_PEOPLE = re.compile(r"users?|members?|people|follow|recipient|subscri|participant|customers?|inbox", re.IGNORECASE)
_GROUPING = frozenset({"defaultdict", "groupby", "Counter", "group_by", "bucket", "map_reduce"})


def is_few(name: str) -> bool:
    """Whether a name is one of what there are a few of."""
    return name.isupper() or _FEW.search(name) is not None


def gives_few(name: str) -> bool:
    """Whether a function gives, as its name says, what there are a few of, or what runs already."""
    return is_few(name) or _OF_FEW.search(name) is not None


def gives_parts(node: ast.Call) -> bool:
    """Whether a call gives the parts of one thing, by its key: `find_pages(document.id)`; people are no parts."""
    return (
        any(
            isinstance(each, (ast.Name, ast.Attribute)) and _PARENT.search(terminal_name(each)) is not None
            for each in node.args
        )
        and _OF_PEOPLE.search(terminal_name(node.func)) is None
    )


def holds_kinds(node: ast.expr) -> bool:
    """Whether an expression collects what many things have in common: `{order.currency for order in orders}`."""
    if isinstance(node, ast.SetComp):
        return _IDENTIFYING.search(_named(node.elt)) is None
    if isinstance(node, ast.Call) and terminal_name(node.func) in ("set", "frozenset") and node.args:
        given = node.args[0]
        if isinstance(given, (ast.GeneratorExp, ast.ListComp)) and not isinstance(given.elt, ast.Name):
            return _IDENTIFYING.search(_named(given.elt)) is None
    return isinstance(node, ast.Call) and terminal_name(node.func) in _GROUPING


def is_grouping(name: str, home: Scope) -> bool:
    """Whether a name of a function is a dictionary that gathers many things under a few keys."""
    keys = list(group_keys(name, home))
    if any(_IDENTIFYING.search(_named(key)) is not None for key in keys):
        return False
    return bool(keys) or any(
        binding.value is not None and holds_kinds(binding.value) for binding in home.bindings.get(name, ())
    )


def groups_by_identity(name: str, home: Scope) -> list[ast.expr]:
    """Return the keys under which a dictionary gathers things, where these tell one thing from all others."""
    return [key for key in group_keys(name, home) if _IDENTIFYING.search(_named(key)) is not None]


def group_keys(name: str, home: Scope) -> Iterator[ast.expr]:
    """Yield the keys under which a dictionary of a function gathers: `groups.setdefault(kind, []).append(thing)`."""
    for scope in home.walk_same_call():
        for node in scope.of(ast.Call):
            assert isinstance(node, ast.Call)
            if not isinstance(node.func, ast.Attribute) or node.func.attr not in ("append", "add", "extend"):
                continue
            held = node.func.value
            if isinstance(held, ast.Subscript) and terminal_name(held.value) == name:
                yield held.slice
            elif isinstance(held, ast.Call) and _is_default(held, name):
                yield held.args[0]


def _is_default(call: ast.Call, name: str) -> bool:
    """Whether a call is `groups.setdefault(kind, [])` on a name."""
    callee = call.func
    named = isinstance(callee, ast.Attribute) and callee.attr == "setdefault" and terminal_name(callee.value) == name
    return named and bool(call.args)


def _named(node: ast.expr) -> str:
    """The last name of what is collected: of `order["currency"]` "currency"."""
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        return str(node.slice.value)
    return terminal_name(node.func if isinstance(node, ast.Call) else node)
