"""Calls to services of others: what they do there, and whether a failure of the other side matters where they stand."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from flake8_scalability.catalog import frameworks, lookup
from flake8_scalability.catalog.rows import REMOTE, Effect, GuardKind, Place, System
from flake8_scalability.model.language import arguments
from flake8_scalability.model.language.arguments import Argument, Given
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.resilience import guards, upstreams
from flake8_scalability.model.resilience.deadlines import waits_for_ever
from flake8_scalability.model.resilience.retries import RetryLoop
from flake8_scalability.model.running import occasions
from flake8_scalability.model.running.probes import is_probe
from flake8_scalability.model.sites import CallSite

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

#: Everything that is reached over the network, stores included.
NETWORK = REMOTE | {System.DATABASE, System.CACHE, System.BROKER, System.LLM, System.SEARCH, System.SOCKET}
#: Exceptions that only a call over the network raises, by their names.
_NETWORK_ERRORS = re.compile(
    "Connect|ReadTimeout|Network|H(TTP|ttp)|RateLimit|Unavailable|Operational|Interface|SSL|A(PI|pi)E|AMQP|"
    "Throttl|ServerError|ClientError|SMTP|Redis|Transport|RequestEx|RequestErr|URLError"
)
#: A session with a directory or a host is no single call: it has to be opened again before anything is repeated.
_SERVICES = REMOTE - {System.DIRECTORY, System.SSH}
GUARDS = (GuardKind.RETRY, GuardKind.BREAKER, GuardKind.BULKHEAD)
_METHODS = {
    **dict.fromkeys(("GET", "HEAD", "PUT", "DELETE", "OPTIONS"), Effect.READ),
    **dict.fromkeys(("POST", "PATCH"), Effect.WRITE),
}
#: Words in the name of a class, function or file that say: this code speaks to a service for the rest of the program.
_CLIENT = re.compile(
    "client|api|gateway|service|provider|connector|integration|adapter|backend|sdk|webhook|notifi|fetcher|proxy|remote|"
    "upstream|payment|oauth|transport|sender|mailer|llm|crawler|scraper|loader",
    re.IGNORECASE,
)
#: Verbs with which a function says that the call is its job.
_VERB = re.compile(
    "^_*(async_|sync_|a)?(fetch|call|get|send|post|put|delete|patch|request|query|download|upload|create|charge|notify|"
    "publish|push|search|look_?up|verify|submit|invoke|deliver|dispatch|refund|capture|list|load|read|retrieve|generate|"
    "translate|transcribe|complete|ask|chat|embed|geocode|resolve|update|register|subscribe|trigger|forward|exchange|"
    "refresh|execute|do|make|http)(_|$)",
    re.IGNORECASE,
)
_STAND_IN = re.compile("Mock|Fake|Dummy|Stub")
#: A POST may only carry a question that is too long for an address.
_QUESTION = re.compile(
    "(^|_)(run_query|query|search|look_?up|graphql|execute_query|fetch|find|select|introspect|translate)(_|$)|"
    "^_*(get|retrieve|check|verify|validate|list|read|load|detect|download)_"
)
_QUESTION_KEYS = ("query", "statement", "sql", "q", "search", "filters", "filter")


def unguarded(source: SourceFile, wanted: Effect) -> Iterator[CallSite]:
    """Yield the first call with this effect in each function that speaks to a service with no guard around it."""
    seen: set[Scope] = set()
    for site in source.sites:
        row = site.api
        if row is None or row.system not in _SERVICES or row.effect is Effect.NONE:
            continue
        function = site.function
        if function is None or function in seen or effect_of(site) is not wanted:
            continue
        if not (_is_worth_a_breaker(site) if wanted is Effect.WRITE else _is_worth_a_retry(site)):
            continue
        if _matters(site) and not guards.is_guarded(site, GUARDS):
            seen.add(function)
            yield site


def _is_worth_a_breaker(site: CallSite) -> bool:
    """Whether calls to one service come often enough to count its failures; a mail on a request has to leave it."""
    row = site.api
    if row is not None and row.system is System.MAIL and not _is_mail_for_somebody(site):
        return False
    return upstreams.is_fixed(site) and not occasions.is_login(site)


def _is_worth_a_retry(site: CallSite) -> bool:
    """Whether the service depends on the other side: an address out of the request is the caller's own to try again."""
    return site.function not in site.source.places.handlers or upstreams.is_fixed(site)


def _is_mail_for_somebody(site: CallSite) -> bool:
    """Whether a worker sends a mail for what it was given, not a job its report or a program its complaint."""
    function = site.function
    given = set(function.parameters) - {"self", "cls"} if function is not None else ()
    return site.place is Place.WORKER and bool(given) and "admins" not in terminal_name(site.node.func)


def effect_of(site: CallSite) -> Effect | None:
    """Return what a call does at the far side, by its method or body where these decide; None where it is not shown."""
    row = site.api
    if row is None:
        return None
    if row.effect is Effect.BY_METHOD:
        return _of_method(site.argument("method", 0))
    if row.effect is Effect.BY_BODY:
        return _of_body(site)
    if row.effect is Effect.WRITE and row.system is System.HTTP and _asks_a_question(site):
        return Effect.READ
    return row.effect


def _asks_a_question(site: CallSite) -> bool:
    """Whether what is posted is a query, by the function's name or by the keys of what is sent."""
    function = site.function
    if function is not None and _QUESTION.search(function.name):
        return True
    for name in ("json", "data"):
        sent = site.argument(name)
        if sent.value is None or sent.scope is None:
            continue
        if any(
            keyword.arg == name and terminal_name(keyword.value) in _QUESTION_KEYS for keyword in site.node.keywords
        ):
            return True
        if any(arguments.in_mapping(sent.value, sent.scope, key).given is Given.PRESENT for key in _QUESTION_KEYS):
            return True
    return False


def _of_method(given: Argument) -> Effect | None:
    literal = arguments.constant(given.value, given.scope)
    if literal is None or not isinstance(literal.value, str):
        return None
    return _METHODS.get(literal.value.upper())


def _of_body(site: CallSite) -> Effect | None:
    """A body makes it a POST: the call's own, or that of the request object which it is given instead of an address."""
    if site.argument("data", 1).given is not Given.ABSENT:
        return Effect.WRITE
    address = site.node.args[0] if site.node.args else None
    if address is None:
        return None
    for value in site.source.resolver.values(address, site.scope):
        if value.call is not None and value.scope is not None and value.path.endswith("Request()"):
            method = arguments.find(value.call, value.scope, "method")
            if method.given is not Given.ABSENT:
                return _of_method(method)
            body = arguments.find(value.call, value.scope, "data", 1)
            return Effect.READ if body.given is Given.ABSENT else Effect.WRITE
    return None if "req" in terminal_name(address).lower() else Effect.READ


def _matters(site: CallSite) -> bool:
    """Whether a call stands where a failure of the other side is felt, and speaks to somebody else."""
    place = site.place
    if place in (Place.TOOL, Place.STARTUP):
        return False
    if place is Place.LIBRARY and not _is_used_by_services(site):
        return False
    if occasions.is_setup(site) or _is_scheduled_elsewhere(site):
        return False
    return not (_is_unknown_client(site) or is_probe(site) or upstreams.is_local(site) or _may_fail(site))


def _is_scheduled_elsewhere(site: CallSite) -> bool:
    """Whether a scheduler's own retries hold for the file, as for Airflow's, or a download is done once and kept."""
    if site.place is not Place.LIBRARY:
        return False
    return "dags" in site.source.path_parts or occasions.is_kept_on_disk(site)


def _is_used_by_services(site: CallSite) -> bool:
    """Whether library code is a service's client, not a mailer, a command line or something made for others to call."""
    row = site.api
    if row is None or row.system is System.MAIL or speaks_to_a_person(site.source):
        return False
    return is_client_code(site) and not _is_handed_on(site)


def speaks_to_a_person(source: SourceFile) -> bool:
    """Whether a file belongs to a command line: it imports what parses options, or asks questions."""
    imports = (binding for many in source.module.bindings.values() for binding in many if binding.kind == "import")
    return any(binding.path.partition(".")[0] in frameworks.CLI_PACKAGES for binding in imports)


def is_client_code(site: CallSite) -> bool:
    """Whether library code is a client of the service: by the name of its class, function or file, or by its result."""
    function = site.function
    if function is None:
        return False
    names = [function.name, function.owner.name if function.owner is not None else "", _stem(site.source.filename)]
    return _VERB.search(function.name) is not None or any(_CLIENT.search(name) for name in names) or _is_result(site)


def _stem(filename: str) -> str:
    return re.split(r"[\\/]", filename)[-1].rpartition(".")[0]


def _is_result(site: CallSite) -> bool:
    """Whether the function returns the response, or what an expression around it makes of it."""
    return isinstance(site.statement, ast.Return)


def _is_unknown_client(site: CallSite) -> bool:
    """Whether the call goes through a client that the file does not make, so that it may well try again by itself."""
    for value in site.values:
        receiver = value.receiver
        while receiver is not None:
            if receiver.path.endswith("()") and receiver.call is None:
                return True
            receiver = receiver.receiver
    return False


def _is_handed_on(site: CallSite) -> bool:
    """Whether the call stands in a function made for somebody else to call, who may well guard it, or in a stand-in."""
    function = site.function
    assert function is not None
    if function.owner is not None and _STAND_IN.search(function.owner.name):
        return True
    is_nested = function.parent is not None and function.parent.function is not None
    return is_nested and not any(not edge.handed for edge in site.source.graph.into.get(function, ()))


def _may_fail(site: CallSite) -> bool:
    """Whether the program goes on as well without the call: best effort, by the way in which failures are caught.

    That is a notification whose answer nobody reads, or one item of a loop that takes the next one.
    """
    for child, parent in site.ancestors():
        if isinstance(parent, ast.Try) and child in parent.body and parent.handlers:
            if effect_of(site) is Effect.READ and _has_substitute(parent, site):
                return True
            if any(_tells(node) for node in _handling(parent)):
                return False
            if isinstance(site.statement, ast.Expr) or (effect_of(site) is Effect.WRITE and _says_nothing(site)):
                return not waits_for_ever(site)
            return effect_of(site) is Effect.READ and _is_in_item_loop(parent, site)
    return False


def _has_substitute(attempt: ast.Try, site: CallSite) -> bool:
    """Whether a failed look-up is answered as well: as after a success, or out of a cache that the function keeps."""
    given = [node.value for node in _handling(attempt) if isinstance(node, ast.Return) and node.value is not None]
    if not given or any(isinstance(node, ast.Raise) for node in _handling(attempt)):
        return False
    done = [node.value for part in attempt.body for node in walk(part) if isinstance(node, ast.Return)]
    if {ast.dump(value) for value in done if value is not None} & {ast.dump(value) for value in given}:
        return True
    function = site.function
    assert function is not None
    return any(
        isinstance(node.func, ast.Attribute) and "cache" in terminal_name(node.func.value).lower()
        for node in function.of(ast.Call)
        if isinstance(node, ast.Call)
    )


def _says_nothing(site: CallSite) -> bool:
    """Whether the function gives nothing back and raises nothing, so that nobody learns what became of the call."""
    function = site.function
    if function is None:
        return False
    raises = any(isinstance(node, ast.Raise) for node in walk(function.node))
    return not raises and not any(_tells(node) for node in function.of(ast.Return, ast.Yield))


def _tells(node: ast.AST) -> bool:
    """Whether a failure reaches the caller: raised again, or as a result."""
    return isinstance(node, ast.Raise) or (isinstance(node, ast.Return) and node.value is not None)


def _handling(attempt: ast.Try) -> Iterator[ast.AST]:
    for handler in attempt.handlers:
        yield from walk(handler)


def _is_in_item_loop(attempt: ast.Try, site: CallSite) -> bool:
    parent = site.parents.get(attempt)
    while parent is not None and not isinstance(parent, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
        if isinstance(parent, (ast.For, ast.AsyncFor, ast.While)):
            return True
        parent = site.parents.get(parent)
    return False


def reaches_network(attempt: ast.Try, scope: Scope, source: SourceFile) -> bool:
    """Whether the body of a `try` calls over the network: known calls, functions of the file, or by what it catches."""
    inside = {id(node) for statement in attempt.body for node in walk(statement)}
    if any(id(site.node) in inside and _is_network(site) for site in source.sites):
        return True
    edges = [edge for each in scope.walk() for edge in source.graph.out_of.get(each, ()) if id(edge.node) in inside]
    reached = {inner for edge in edges for inner in _reachable(edge.target, source)}
    if any(site.scope in reached and _is_network(site) for site in source.sites):
        return True
    caught = [handler.type for handler in attempt.handlers if handler.type is not None]
    errors = [error for each in caught for error in (each.elts if isinstance(each, ast.Tuple) else [each])]
    return any(_NETWORK_ERRORS.search(terminal_name(error)) or _is_of_client(error, scope, source) for error in errors)


def reads_before(found: RetryLoop, source: SourceFile) -> bool:
    """Whether each turn looks anew before it tries to write: the way of an optimistic update."""
    before = {
        id(node)
        for statement in found.node.body
        if statement.lineno < found.attempt.lineno
        for node in walk(statement)
        if isinstance(node, ast.Call)
    }
    return any(id(site.node) in before and _is_network(site) for site in source.sites)


def _is_of_client(error: ast.expr, scope: Scope, source: SourceFile) -> bool:
    """Whether an exception comes from a library that calls over the network: `requests.Timeout`."""
    return any("." in path and path.partition(".")[0] in _clients() for path in source.resolver.paths(error, scope))


@cache
def _clients() -> frozenset[str]:
    """The top-level packages of all catalogued calls over the network."""
    rows = lookup.tables().apis.items()
    return frozenset(
        path.partition(".")[0] for path, row in rows if row.system in NETWORK and row.effect is not Effect.NONE
    )


def _is_network(site: CallSite) -> bool:
    return site.api is not None and site.api.system in NETWORK and site.api.effect is not Effect.NONE


def _reachable(function: Scope, source: SourceFile, steps: int = 3) -> set[Scope]:
    """Return a function's scopes and those of the functions of the file that it calls, a few steps on."""
    found = set(function.walk())
    if steps:
        for scope in list(found):
            for edge in source.graph.out_of.get(scope, ()):
                if edge.target not in found:
                    found |= _reachable(edge.target, source, steps - 1)
    return found
