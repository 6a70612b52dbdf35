"""What an endpoint does for its caller: nothing worth a limit, some work, or something that invites abuse."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from flake8_scalability.catalog import endpoint_kinds as kinds
from flake8_scalability.catalog.endpoint_kinds import Kind, KindRow
from flake8_scalability.catalog.rows import REMOTE, Place, System
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.limits.endpoints import Endpoint
from flake8_scalability.model.limits.rate_limits import reached_from
from flake8_scalability.model.resilience import costs
from flake8_scalability.model.resilience.outbound import NETWORK
from flake8_scalability.model.sites import CallSite, spelled

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

_KINDS_OF_SYSTEMS = {System.MAIL: Kind.MAIL, System.LLM: Kind.COMPUTE}
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class _Patterns(NamedTuple):
    """What a row looks for, compiled."""

    named: re.Pattern[str] | None
    calls: re.Pattern[str] | None
    unless: re.Pattern[str] | None
    mentions: re.Pattern[str] | None


@cache
def _patterns(row: KindRow) -> _Patterns:
    return _Patterns(
        kinds.named(row.named) if row.named else None,
        re.compile(row.calls, re.IGNORECASE) if row.calls else None,
        kinds.named(row.unless) if row.unless else None,
        re.compile(row.mentions, re.IGNORECASE) if row.mentions else None,
    )


@lru_cache(maxsize=4096)
def _kinds_of_call(name: str) -> tuple[KindRow, ...]:
    """Return the rows that look for a call of this name."""
    return tuple(row for row in kinds.KINDS if (wanted := _patterns(row).calls) is not None and wanted.search(name))


def purpose(endpoint: Endpoint, source: SourceFile) -> KindRow | None:
    """Return the kind of an endpoint that needs a limit most; None where it is of none."""
    words = words_of(endpoint)
    called = {row for name in set(_called(endpoint, source)) for row in _kinds_of_call(name)}
    writes = bool(endpoint.methods & kinds.WRITING) or (not endpoint.methods and _takes_something(endpoint, source))
    for row in kinds.KINDS:
        if row.writing and not writes:
            continue
        wanted = _patterns(row)
        if wanted.unless is not None and wanted.unless.search(words):
            continue
        named = wanted.named is not None and wanted.named.search(words) is not None
        calls = row in called or (named and wanted.calls is not None and _mentions(wanted.mentions, endpoint, source))
        shown = (named and calls) if row.both else (named or calls)
        if shown and (_needs_no_proof(row, calls) or does_work(endpoint, source)):
            return row
    if writes and _takes_files(endpoint, source):
        return KindRow(Kind.UPLOAD, "accepts uploads")
    return _computes(endpoint, source)


def _takes_something(endpoint: Endpoint, source: SourceFile) -> bool:
    """Whether a handler whose methods of HTTP are not shown uses what a caller sends beside the URL."""
    if endpoint.function is None:
        return True
    if kinds.READS_ONLY.search(endpoint.function.name):
        return False
    words = source.words(endpoint.function)
    given = [*words.names, *words.arguments, *words.texts, *endpoint.function.parameters]
    return any(map(kinds.SENT.fullmatch, given))


def _needs_no_proof(row: KindRow, calls: bool) -> bool:
    """Whether names alone say enough: much is called a search or a report that only looks into memory."""
    return row.kind is not Kind.REPORT and (row.kind is not Kind.SEARCH or calls)


def _mentions(wanted: re.Pattern[str] | None, endpoint: Endpoint, source: SourceFile) -> bool:
    """Whether a handler's own body speaks of what a row looks for: the name of a key, an argument, an attribute."""
    if wanted is None or endpoint.function is None:
        return False
    words = source.words(endpoint.function)
    return any(wanted.search(text[:80]) for text in (*words.names, *words.arguments, *words.texts))


def words_of(endpoint: Endpoint) -> str:
    """Return the names of an endpoint, words apart, and its URL without what stands for values."""
    names = [endpoint.function.name] if endpoint.function is not None else []
    if endpoint.owner is not None:
        names.append(endpoint.owner.name)
    url = re.sub(r"[<{(][^>})]*[>})]", "", endpoint.url)
    return " ".join(_CAMEL.sub("_", name) for name in names) + " " + url


def sends_anywhere(endpoint: Endpoint, source: SourceFile) -> bool:
    """Whether an endpoint is there to send something, or calls what sends it to an address of the caller's choice."""
    if kinds.SENDS.search(words_of(endpoint)) is not None:
        return True
    called = {name.rpartition(".")[2] for name in _called(endpoint, source)}
    return any(map(kinds.SENDS_ANYWHERE.search, called))


def is_trivial(endpoint: Endpoint, source: SourceFile) -> bool:
    """Whether an endpoint is there for probes, browsers' side requests or the operator, or a signature guards it."""
    last = "/".join(endpoint.url.split("/")[-2:])
    words = words_of(endpoint._replace(url=last))
    if kinds.TRIVIAL.search(words) or kinds.SIGNED_BY_KEY.search(words) or _is_for_developers(endpoint):
        return True
    if endpoint.function is None:
        return _gives_the_caller(endpoint)
    said = source.words(endpoint.function)
    if any(map(kinds.SIGNED.search, said.names)) or any(map(kinds.SIGNED.search, said.texts)):
        return True
    return kinds.WEBHOOK.search(words) is not None and (
        kinds.SIGNATURE.search(source.text) is not None or _hands_on_its_request(endpoint.function)
    )


def _gives_the_caller(endpoint: Endpoint) -> bool:
    """Whether a view that only reads gives what is known of the caller already: `return self.request.user`."""
    if endpoint.methods != frozenset({"GET"}) or endpoint.owner is None:
        return False
    return any(
        isinstance(node, ast.Return) and node.value is not None and spelled(node.value) == "self.request.user"
        for method in endpoint.owner.inner
        if method.name == "get_object"
        for node in method.of(ast.Return)
    )


def is_called_back(endpoint: Endpoint, source: SourceFile) -> bool:
    """Whether an endpoint is what other services call when something has happened there."""
    said = " ".join((words_of(endpoint), *source.path_parts[-3:]))
    return kinds.WEBHOOK.search(said.replace(".py", "")) is not None


def is_light(endpoint: Endpoint, source: SourceFile) -> bool:
    """Whether an endpoint only reads, and asks once: a small look-up that a page makes, as many do."""
    if endpoint.function is None or endpoint.methods != frozenset({"GET"}):
        return endpoint.function is None and _gives_one(endpoint)
    working = {site.node: site for site in source.once(_working_sites)}
    functions = _functions(endpoint, source)
    awaited = {id(call) for function in functions for call in source.words(function).awaited}
    asked = 0
    for scope in (inner for function in functions for inner in function.walk()):
        if any(True for _ in scope.of(ast.For, ast.AsyncFor, ast.While)):
            return False
        for node in scope.of(ast.Call):
            assert isinstance(node, ast.Call)
            site = working.get(node)
            if site is not None and site.api is not None and site.api.system not in (System.DATABASE, System.CACHE):
                return False
            name = terminal_name(node.func)
            waits = id(node) in awaited and not _only_reads_request(name)
            asked += site is not None or waits or name in kinds.STORE_CALLS
    return asked <= 1


def _gives_one(endpoint: Endpoint) -> bool:
    """Whether a view that inherits its methods only looks one row up, or gives a page of what all may look at."""
    node = endpoint.scope.node
    if not isinstance(node, ast.ClassDef):
        return False
    bases = {terminal_name(base) for base in node.bases}
    if bases & kinds.VIEWS_OF_ONE:
        return True
    if not bases & kinds.VIEWS_OF_MANY:
        return False
    return any("Cach" in base for base in bases) or any(
        terminal_name(target) == "pagination_class" and terminal_name(each.value) != ""
        for each in endpoint.scope.of(ast.Assign)
        if isinstance(each, ast.Assign)
        for target in each.targets
    )


def _hands_on_its_request(function: Scope) -> bool:
    """Whether a handler gives the whole request to another function, which may verify it."""
    return any(
        isinstance(call, ast.Call) and any(terminal_name(each) in ("request", "req") for each in call.args)
        for scope in function.walk()
        for call in scope.of(ast.Call)
    )


def _is_for_developers(endpoint: Endpoint) -> bool:
    """Whether a handler first asks whether the service runs on a developer's machine: `if not settings.DEBUG:`."""
    if endpoint.function is None:
        return False
    return any(
        isinstance(node, ast.If) and any(terminal_name(part) == "DEBUG" for part in walk(node.test))
        for node in endpoint.function.of(ast.If)
    )


def _called(endpoint: Endpoint, source: SourceFile) -> Iterator[str]:
    """Yield the names, with their modules, of what an endpoint calls, helpers of the file included."""
    for function in _functions(endpoint, source):
        for scope in function.walk():
            for node in scope.of(ast.Call):
                assert isinstance(node, ast.Call)
                yield spelled(node.func).replace("()", "")
                for path in source.resolver.paths(node.func, scope):
                    yield path.replace("()", "")


def _functions(endpoint: Endpoint, source: SourceFile) -> list[Scope]:
    """Return what runs for each call: the handler and its helpers, without those that answer from memory."""
    return reached_from(endpoint.function, source, _remembers) if endpoint.function is not None else []


def _remembers(function: Scope) -> bool:
    """Whether a function answers from memory: as a decorator says, or with what the module keeps for all callers."""
    if any(_is_kept(node, function) for node in function.of(ast.Return)):
        return True
    return any(
        kinds.REMEMBERS.search(terminal_name(node.func if isinstance(node, ast.Call) else node))
        for node in function.decorators
    )


def _is_kept(node: ast.AST, function: Scope) -> bool:
    """Whether what is returned is the module's one answer: `return _news_cache`, `return _news_cache["entries"]`."""
    kept = node.value if isinstance(node, ast.Return) else None
    if isinstance(kept, ast.Subscript) and isinstance(kept.slice, ast.Constant):
        kept = kept.value
    if not isinstance(kept, ast.Name) or kinds.REMEMBERS.search(kept.id) is None:
        return False
    home = function.lookup(kept.id)
    return home is not None and home.is_module


def does_work(endpoint: Endpoint, source: SourceFile) -> bool:
    """Whether an endpoint reaches a store or another service, or computes; an inherited view reads its model."""
    if endpoint.function is None:
        return True
    known = {site.function for site in source.once(_working_sites)}
    return any(function in known or _reaches_a_store(function, source) for function in _functions(endpoint, source))


def _working_sites(source: SourceFile) -> list[CallSite]:
    """Return the calls that the catalogue knows to reach the network or to compute for long."""
    return [
        site
        for site in source.sites
        if site.function is not None
        and site.api is not None
        and site.api.makes is None
        and (site.api.system in NETWORK or site.api.heavy or site.api.slow)
    ]


def _reaches_a_store(function: Scope, source: SourceFile) -> bool:
    """Whether a function seems to read or write data, by the names of what it calls or awaits."""
    for scope in function.walk():
        for node in scope.of(ast.Call):
            assert isinstance(node, ast.Call)
            parts = spelled(node.func).replace("()", "").split(".")
            if parts[-1] in kinds.STORE_CALLS and (len(parts) > 1 or parts[-1].startswith("get_")):
                return True
            if len(parts) > 1 and not kinds.STORE_OWNERS.isdisjoint(parts[:-1]):
                return True
            if parts[-1] == "get" and any(keyword.arg in ("pk", "id", "slug") for keyword in node.keywords):
                return True
    words = source.words(function)
    if any(node.attr == "objects" for node in words.attributes):
        return True
    return any(
        isinstance(call, ast.Call) and not _only_reads_request(terminal_name(call.func)) for call in words.awaited
    )


@lru_cache(maxsize=4096)
def _only_reads_request(name: str) -> bool:
    return name in kinds.AWAITED_TRIVIA or kinds.READS_REQUEST.fullmatch(name) is not None


def asks_others(endpoint: Endpoint, source: SourceFile) -> bool:
    """Whether an endpoint calls another service, or computes for long, as the catalogue knows the calls."""
    functions = set(_functions(endpoint, source))
    return any(
        site.function in functions
        and site.api is not None
        and (site.api.system in REMOTE or site.api.heavy or site.api.slow)
        for site in source.once(_working_sites)
    )


def _takes_files(endpoint: Endpoint, source: SourceFile) -> bool:
    """Whether a handler takes files: `UploadFile`, `request.files`, a multipart parser."""
    function = endpoint.function
    if function is None:
        return False
    annotations = [each.annotation for each in function.parameters.values()]
    for part in annotations:
        if part is not None and any(terminal_name(node) == "UploadFile" for node in walk(part)):
            return True
    return any(
        node.attr in ("files", "FILES") and terminal_name(node.value) == "request"
        for node in source.words(function).attributes
    )


def _computes(endpoint: Endpoint, source: SourceFile) -> KindRow | None:
    """Return what takes an endpoint seconds, as the catalogue knows the calls."""
    functions = set(_functions(endpoint, source))
    for site, work in costs.slow_work(source).items():
        row = site.api
        if site.function in functions and row is not None and site.place is Place.REQUEST:
            if row.system in (System.CLOCK, System.SYNC):
                continue
            return KindRow(_KINDS_OF_SYSTEMS.get(row.system, Kind.SLOW), work)
    return None
