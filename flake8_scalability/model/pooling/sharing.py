"""What a file makes anew on every call although it could be shared, each defect once."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from flake8_scalability.catalog import lookup, pool_settings, tools
from flake8_scalability.catalog.rows import Place, Resource, System
from flake8_scalability.model.language import arguments, loops
from flake8_scalability.model.language.arguments import Given
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.pooling.plug_ins import target_is_of_elsewhere
from flake8_scalability.model.pooling.targets import is_built_for_call, target_comes_with_call
from flake8_scalability.model.pooling.tenancy import is_visit, serves_callers_client, speaks_for_caller
from flake8_scalability.model.running import occasions
from flake8_scalability.model.running.lifetimes import Lifetime, lifetime, runs_once
from flake8_scalability.model.sites import CallSite

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

#: What an HTTP client's connections are made of, or what it keeps, and so can't differ from request to request.
_OF_CONNECTIONS = frozenset({
    "cert", "verify", "ssl", "proxy", "proxies", "mounts", "host", "server_hostname", "connector", "cookies",
    "cookie_jar",
})  # fmt: skip
#: Calls that start an event loop.
_STARTING_LOOPS = frozenset({"run", "new_event_loop", "run_until_complete", "async_to_sync"})
#: What is made for one server, which its callers may name.
_WITH_TARGET = frozenset({Resource.DATABASE_CONNECTION, Resource.POOL, Resource.CACHE_CONNECTION, Resource.MODEL})
#: Names of what runs on a calendar, or when somebody looks for a new version.
_SELDOM = re.compile(
    r"(^|_)(nightly|daily|weekly|monthly|yearly|backfill|rollup|housekeeping|maintenance)(_|$)|(^|_)(latest|newest)_(\w+_)?versions?(_|$)|"
    r"(check|look)_(for_)?(\w+_)?updates?(_|$)|(^|_)auto_?(detect|discover)_",
    re.IGNORECASE,
)
#: Names of a worker's jobs that look after what is left behind.
_HOUSEKEEPING = re.compile(r"(^|_)(clean_?up|clear|purge|prune|reap|expire|vacuum|orphan(s|ed)?)(_|$)", re.IGNORECASE)
#: Functions of a model's own class that fill it with weights.
_LOADERS = re.compile(r"_*(from_pretrained|load_(state_dict|weights|checkpoint|pretrained)(_\w+)?)")
#: What stands in the events of a resource that CloudFormation makes once.
_CUSTOM_RESOURCE = "RequestType"


def made_per_call(source: SourceFile, *resources: Resource) -> Iterator[CallSite]:
    """Yield the calls that make one of these resources anew on every call of their function, outside tools."""
    for site in source.fresh:
        if site.api is not None and site.api.makes in resources:
            yield site


def fresh(source: SourceFile) -> list[CallSite]:
    """Return the calls that make any shareable resource per call; of several that make one thing, the outermost.

    A constructor that is given what it shares (`connection_pool=`) makes nothing of its own.
    """
    found = []
    for_one_caller = set()
    for site in source.sites:
        if site.api is None or site.api.makes is None or site.place is Place.TOOL:
            continue
        if any(_is_shared(site, name) for name in site.api.shared_by) or _pools_nothing(site):
            continue
        if lifetime(site) is not Lifetime.PER_CALL or _is_rare(site, site.api.makes):
            continue
        if _is_for_one_loop(site):
            continue
        if _is_for_one_caller(site, site.api.makes):
            for_one_caller.add((site.function, site.api.makes))
        else:
            found.append(site)
    # What stands beside a caller's own client is its alternative: `Hub(token) if token else Hub()`.
    found = [site for site in found if site.api is None or (site.function, site.api.makes) not in for_one_caller]
    if len(found) < 2:
        return found
    parts = {node for site in found for node in _made_of(site)}
    return list(_first_of_each_function(site for site in found if site.node not in parts))


def _is_for_one_caller(site: CallSite, makes: Resource) -> bool:
    """Whether what is made can't serve others: it carries a caller's credentials, or is built for its target."""
    if makes is Resource.HTTP_CLIENT:
        # What differs between the callers goes on the requests, but for what the connections are made of.
        return is_built_for_call(site, _OF_CONNECTIONS) or serves_callers_client(site) or is_visit(site)
    if speaks_for_caller(site) or target_is_of_elsewhere(site):
        return True
    return makes in _WITH_TARGET and target_comes_with_call(site)


def _pools_nothing(site: CallSite) -> bool:
    """Whether an engine is told to keep no connections, because somebody else pools them."""
    argument = site.argument("poolclass")
    if argument.value is None or argument.scope is None:
        return False
    return not site.source.resolver.paths(argument.value, argument.scope).isdisjoint(pool_settings.NULL_POOLS)


def _is_for_one_loop(site: CallSite) -> bool:
    """Whether an asynchronous client is made in a file that starts event loops of its own, which it can't outlive."""
    if site.place is Place.REQUEST or not site.runs_in_coroutine:
        return False
    calls = site.source.calls_by_name
    return any(
        scope.function is not None and not runs_once(site.source, scope.function)
        for name in _STARTING_LOOPS & calls.keys()
        for node, scope in calls[name]
        if name != "run" or (isinstance(node.func, ast.Attribute) and terminal_name(node.func.value) == "asyncio")
    )


def _is_rare(site: CallSite, makes: Resource) -> bool:
    """Whether the function runs so seldom that one more connection is nothing: once a night, at an installation."""
    function = site.function
    if function is None or loops.enclosing(site) is not None:
        return False
    if _SELDOM.search(function.name) or _SELDOM.search(Path(site.source.filename).stem) or occasions.is_setup(site):
        return True
    if site.standing.place is Place.WORKER and site.standing.via is None and _HOUSEKEEPING.search(function.name):
        return True
    if makes in (Resource.DATABASE_CONNECTION, Resource.POOL) and _asks_for_schema(function, site.source):
        return True
    if site.standing.framework == "aws-lambda" and _CUSTOM_RESOURCE in site.source.text:
        return True
    if makes is Resource.MODEL and _LOADERS.fullmatch(function.name):
        return True
    if makes is Resource.MODEL and isinstance(site.statement, ast.Expr) and site.statement.value is site.node:
        return True  # made to be dropped: the weights are downloaded
    if makes in (Resource.HTTP_CLIENT, Resource.SERVICE_CLIENT):
        return occasions.is_login(site) or occasions.is_behind_cache(site) or occasions.is_kept_on_disk(site)
    return False


def _asks_for_schema(function: Scope, source: SourceFile) -> bool:
    """Whether a function works with the history of the schema, as a backup or a release does."""
    if not any(name.encode() in source.vocabulary for name in tools.SCHEMA_PACKAGES):
        return False
    return any(
        path.partition(".")[0] in tools.SCHEMA_PACKAGES
        for node in function.of(ast.Call)
        if isinstance(node, ast.Call)
        for path in source.resolver.paths(node.func, function)
    )


def _is_shared(site: CallSite, name: str) -> bool:
    """Whether an argument hands in what exists already, a pool that is judged itself, or an end within this process."""
    name, _, position = name.partition(":")
    argument = site.argument(name, int(position) if position else None)
    if argument.given is Given.ABSENT or arguments.is_none(argument):
        return False
    if argument.value is None or argument.scope is None:
        return True
    values = site.source.resolver.values(argument.value, argument.scope)
    for value in values:
        if value.call is None or value.target is not None or value.scope is None:
            return True
        row = lookup.api(value.path.removesuffix("()"))
        if value.scope.function is not site.function or (row is not None and (row.makes or row.system is System.CPU)):
            return True
    return not values


def _first_of_each_function(sites: Iterable[CallSite]) -> Iterator[CallSite]:
    """Of the constructors of one kind of resource in one function, which one repair ends, yield the first."""
    seen = set()
    for site in sites:
        key = (site.function, site.api.makes if site.api is not None else None)
        if key not in seen:
            seen.add(key)
            yield site


def _made_of(site: CallSite) -> Iterator[ast.AST]:
    """Yield the calls from whose results a call makes its own: in its arguments, directly or by name, or receiver."""
    receiver = site.receiver
    while receiver is not None:
        if receiver.call is not None:
            yield receiver.call
        receiver = receiver.receiver
    stack: list[ast.AST] = [site.node.func, *site.node.args, *(keyword.value for keyword in site.node.keywords)]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Name):
            yield from (value.call for value in site.source.resolver.values(node, site.scope) if value.call is not None)
        elif not isinstance(node, ast.Lambda):
            if isinstance(node, ast.Call):
                yield node
            stack.extend(ast.iter_child_nodes(node))
