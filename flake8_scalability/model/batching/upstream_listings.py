"""First pages: listings of other services of which only one page is asked for, and taken for the whole."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from flake8_scalability.catalog import upstream_listings as known
from flake8_scalability.catalog.rows import Effect, Place, System
from flake8_scalability.catalog.upstream_listings import Upstream
from flake8_scalability.model.batching.result_uses import takes_all
from flake8_scalability.model.database.full_scans import full_scans, is_part
from flake8_scalability.model.language import arguments
from flake8_scalability.model.language.arguments import Given
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.resilience import outbound, upstreams
from flake8_scalability.model.sites import CallSite

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile


class FirstPage(NamedTuple):
    """A listing whose first page is taken for the whole: the call, what is wrong, and what to do."""

    site: CallSite
    what: str
    instead: str


@cache
def _rows() -> dict[str, Upstream]:
    return {name: row for row in known.UPSTREAMS for name in row.names.split()}


def listing_names() -> frozenset[str]:
    """Return words of which a file that lists has one: a method's name, or the host's that is asked over HTTP."""
    return frozenset({*_rows(), known.LISTING, known.GITHUB_HOST.split(".")[1]})


def first_pages(source: SourceFile) -> Iterator[FirstPage]:
    """Yield the listings of other services, outside of tools, of which the next page is never asked for."""
    names = _rows().keys() & source.calls_by_name.keys()
    for name in sorted(names):
        row = _rows()[name]
        for node, scope in source.calls_by_name[name]:
            site = source.site(node, scope)
            if not _is_such(site, row) or _is_bounded(site, row) or _pages(site, row.pages):
                continue
            if _is_for_all(site, row):
                yield FirstPage(
                    site, "asks for everything at once" if row.whole else "takes the first page", row.instead
                )
    if known.LISTING in source.calls_by_name:
        yield from _listed(source)
    if known.GITHUB_HOST in source.text:
        yield from _fetched(source)


def _is_such(site: CallSite, row: Upstream) -> bool:
    """Whether a call is one of a row, by what it is called on, and stands where its answer matters."""
    if site.place is Place.TOOL or site.is_deferred or not isinstance(site.node.func, ast.Attribute):
        return False
    if any(value.target is not None for value in site.values):
        return False
    hinted = any(site.argument(name).given is Given.PRESENT for name in row.hints)
    roots = {path.partition(".")[0].partition("(")[0] for path in site.paths}
    if roots & set(row.roots):
        return True
    if row.hints:
        return hinted
    return not any("(" in path for path in site.paths) and imports(site.source, row.roots)


def imports(source: SourceFile, roots: tuple[str, ...]) -> bool:
    """Whether a file imports one of these packages."""
    if not any(root in source.text for root in roots):
        return False
    return any(
        binding.kind == "import" and binding.path.partition(".")[0] in roots
        for scope in source.scopes
        for bindings in scope.bindings.values()
        for binding in bindings
    )


def _is_bounded(site: CallSite, row: Upstream) -> bool:
    """Whether a call asks for so many, for few, or with arguments that are not known."""
    for name in row.limits:
        given = site.argument(name)
        if given.given is Given.ABSENT:
            continue
        literal = arguments.constant(given.value, given.scope)
        if literal is None or not isinstance(literal.value, int) or literal.value < known.PAGE_MAX:
            return True
    if any(keyword.arg is not None and row.narrow.search(keyword.arg) for keyword in site.node.keywords):
        return True
    if any(
        isinstance(each, ast.Constant) and known.UNPAGED_GROUPS.match(str(each.value)) for each in site.node.args[:1]
    ):
        return True
    return terminal_name(site.node.func) == "query" and (_is_by_own_key(site) or _is_of_day(site))


def _is_of_day(site: CallSite) -> bool:
    """Whether a query asks for the rows of one key that begin with a day: `Key("at").begins_with(f"VISIT#{day}")`."""
    given = site.argument("KeyConditionExpression")
    beginnings = (
        part.args[0]
        for part in (walk(given.value) if given.value is not None else ())
        if isinstance(part, ast.Call) and terminal_name(part.func) == known.BEGINNING and len(part.args) == 1
    )
    return any(_names_day(each, site.scope) for each in beginnings)


def _names_day(node: ast.expr, scope: Scope) -> bool:
    """Whether a text has a day put into it, by the name of what is put in."""
    home = scope.lookup(node.id) if isinstance(node, ast.Name) else None
    made = [each.value for each in home.bindings[node.id]] if home is not None and isinstance(node, ast.Name) else []
    texts = [each for each in (node, *made) if each is not None]
    put_in = [part.value for each in texts for part in walk(each) if isinstance(part, ast.FormattedValue)]
    names = [terminal_name(part) for each in (node, *put_in) for part in walk(each)]
    return any(known.DAY.search(name) is not None for name in names)


def _is_by_own_key(site: CallSite) -> bool:
    """Whether a query asks for the row with a key of the table's own: `requests_table` by `request_id`."""
    given = site.argument("KeyConditionExpression")
    receiver = site.node.func.value if isinstance(site.node.func, ast.Attribute) else None
    if given.value is None or receiver is None:
        return False
    texts = [str(part.value) for part in walk(given.value) if isinstance(part, ast.Constant)]
    key = known.KEY.match(texts[0]) if len(texts) == 1 else None
    if key is None:
        return False
    stem = key.group(1).lower().rpartition("_id")[0]
    return stem in terminal_name(receiver).lower() if stem else known.OWN_KEYS.match(key.group(1)) is not None


def _pages(site: CallSite, words: re.Pattern[str]) -> bool:
    """Whether the function, or one around it or that calls it in the file, speaks of the next page."""
    function = site.function
    if function is None:
        return True
    callers = [edge.caller.function for edge in site.source.graph.into.get(function, ())]
    outer = function.parent.function if function.parent is not None else None
    around = {each for each in (function, outer, *callers) if each is not None}
    return any(words.search(_text(each, site.source)) is not None for each in around)


def _text(function: Scope, source: SourceFile) -> str:
    node = function.node
    assert isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    return "".join(source.lines[node.lineno - 1 : node.end_lineno or node.lineno])


def _is_for_all(site: CallSite, row: Upstream) -> bool:
    """Whether all items of the answer are taken, and no other rule speaks of the call."""
    if not takes_all(site, row.keys, known.BESIDE):
        return False
    if terminal_name(site.node.func) != "scan":
        return True
    if is_part(site):
        return False
    return all(found.site.node is not site.node for found in full_scans(site.source))


# Objects whose method is called `list`


def _listed(source: SourceFile) -> Iterator[FirstPage]:
    google = imports(source, known.GOOGLE_ROOTS)
    for node, scope in source.calls_by_name[known.LISTING]:
        site = source.site(node, scope)
        if site.place is Place.TOOL or site.function is None:
            continue
        if google and _is_google(site):
            bounded = _limits(site, known.GOOGLE_LIMITS) or _pages(site, known.GOOGLE_PAGES)
            if not bounded and _of_execute(site, source):
                yield FirstPage(site, "takes the first page", "follow nextPageToken or list_next()")
        elif any(known.GITLAB.match(path) for path in site.paths):
            if not _limits(site, known.GITLAB_BOUNDS) and takes_all(site, (), known.BESIDE):
                yield FirstPage(site, "takes the first 20", "pass get_all=True (all=True before 3.7)")
        elif any(known.STRIPE.match(path) for path in site.paths):
            bounded = _limits(site, known.STRIPE_BOUNDS) or _pages(site, known.STRIPE_PAGES)
            if not bounded and takes_all(site, ("data",), known.BESIDE):
                yield FirstPage(site, "takes the first 10", "use auto_paging_iter()")


def _is_google(site: CallSite) -> bool:
    """Whether `list` is called on a collection of a service, and gives a page of it: `drive.files().list(...)`."""
    receiver = site.node.func.value if isinstance(site.node.func, ast.Attribute) else None
    if not isinstance(receiver, ast.Call) or receiver.args or not isinstance(receiver.func, ast.Attribute):
        return False
    above = receiver.func.value
    if isinstance(above, ast.Call) and terminal_name(above.func) == known.GOOGLE_BY_INDEX:
        return False
    return receiver.func.attr not in known.GOOGLE_WHOLE


def _of_execute(site: CallSite, source: SourceFile) -> bool:
    """Whether the request is executed at once, and all items of its answer are taken."""
    outer = source.continued.get(site.node)
    if outer is None or terminal_name(outer.func) != "execute":
        return False
    return takes_all(source.site(outer, site.scope), (), known.BESIDE)


def _limits(site: CallSite, names: tuple[str, ...]) -> bool:
    return any(site.argument(name).given is not Given.ABSENT for name in names)


# Addresses


def _fetched(source: SourceFile) -> Iterator[FirstPage]:
    """Yield the listings of GitHub that are fetched by their address."""
    for site in source.sites:
        row = site.api
        if row is None or row.system is not System.HTTP or outbound.effect_of(site) is not Effect.READ:
            continue
        if site.place is Place.TOOL or upstreams.host(site) != known.GITHUB_HOST or _pages(site, known.GITHUB_PAGES):
            continue
        if known.GITHUB_LISTS.search(_end(upstreams.address(site).value, site.scope)) and not _is_enough(site):
            yield FirstPage(site, "takes the first page", "follow the Link header")


def _is_enough(site: CallSite) -> bool:
    """Whether fewer are asked for than a page holds: so many are wanted."""
    assert site.function is not None  # what stands in none is taken to page
    sizes = known.GITHUB_SIZE.findall(_text(site.function, site.source))
    return any(int(size) < known.GITHUB_MAX for size in sizes)


def _end(node: ast.expr | None, scope: Scope) -> str:
    """Return the text with which an address ends, the question mark and what follows left out."""
    for _ in range(4):
        if isinstance(node, ast.JoinedStr) and node.values:
            node = node.values[-1]
        elif isinstance(node, ast.BinOp):
            node = node.right
        elif isinstance(node, ast.Name):
            home = scope.lookup(node.id)
            bindings = home.bindings[node.id] if home is not None else []
            node = bindings[0].value if len(bindings) == 1 else None
    return str(node.value).partition("?")[0].rstrip("/") if isinstance(node, ast.Constant) else ""
