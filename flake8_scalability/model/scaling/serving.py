"""How a file starts its server: with one made for developing, or with settings that leave a single worker."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from flake8_scalability.catalog import servers
from flake8_scalability.catalog.project_facts import Fact
from flake8_scalability.catalog.rows import Place, expand
from flake8_scalability.catalog.servers import DevelopmentServer
from flake8_scalability.model.language import arguments
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.running import toolpaths
from flake8_scalability.model.sites import CallSite
from flake8_scalability.project import deployments

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

_APPLICATION = re.compile(servers.APPLICATIONS)
_FACTORY = re.compile(servers.FACTORIES)
_BESIDE = re.compile(servers.BESIDE, re.IGNORECASE)
_DEVELOPING = re.compile(servers.DEVELOPING, re.IGNORECASE)
_PRODUCTION = re.compile(r"(?i)(^|[_ ])prod(uction)?(_|$| )|(^|[_ ])live(_|$| )")
_ENTRY = re.compile(r"_*(main|run|serve|start)(_(server|app|http|api|service|forever))?")


class Start(NamedTuple):
    """A line that starts a server, or sets one up, in a way that serves little.

    node: the call or the setting
    how: the call as it is spelled, with the argument that matters
    what: what is wrong with it, as a sentence goes on
    instead: what to do
    """

    node: ast.AST
    how: str
    what: str
    instead: str


@cache
def _by_path() -> dict[str, DevelopmentServer]:
    return {path: row for row in servers.DEVELOPMENT for path in expand(row.paths)}


@cache
def _sanic() -> frozenset[str]:
    return frozenset(expand(servers.SANIC))


def starts(source: SourceFile) -> Iterator[Start]:
    """Yield the starts of servers in a file that serve little, unless a server for production is in sight.

    That is one in the file itself, or anywhere in its project: a process file, a `wsgi.py`, a requirement.
    What deploys the project has to start the file: what nobody starts in production is there for who develops it.
    """
    found = [*_calls(source), *_gunicorn_settings(source)]
    if found and not source.text_says(Fact.PRODUCTION_SERVER):
        for start in found:
            is_setting = isinstance(start.node, ast.Assign)
            if not is_setting and source.project_says(Fact.PRODUCTION_SERVER):
                continue
            if is_setting and not source.settings.no_project and deployments.sets_workers(source.filename):
                continue
            found_by_name = is_setting and Path(source.filename).name == servers.GUNICORN_FILE
            guarded = start.node in source.module.of(ast.Call)  # under a main guard, or as good as that
            if found_by_name or source.settings.no_project or deployments.starts(source.filename, guarded):
                yield start


@cache
def _names() -> frozenset[str]:
    return frozenset(path.rpartition(".")[2] for path in _by_path()) | {servers.RUN}


def names() -> frozenset[str]:
    """Return words of which a file that starts a server, or configures one, has at least one."""
    return _names() | {"workers"}


def _calls(source: SourceFile) -> Iterator[Start]:
    called = _names() & source.calls_by_name.keys()
    if not called or _DEVELOPING.search(Path(source.filename).stem) or toolpaths.is_example(source.filename):
        return
    seen = set()
    calls = [call for name in called for call in source.calls_by_name[name]]
    for node, scope in sorted(calls, key=lambda call: (call[0].lineno, call[0].col_offset)):
        site = source.site(node, scope)
        start = _of_call(site)
        # The same call in several branches is one start.
        if start is None or (site.function, start.how) in seen:
            continue
        if site.place is not Place.TOOL and not _is_for_developers(site):
            seen.add((site.function, start.how))
            yield start


def _of_call(site: CallSite) -> Start | None:
    paths = site.paths
    row = next((_by_path()[path] for path in paths if path in _by_path()), None)
    if row is None and _is_flask(site):
        row = servers.DEVELOPMENT[0]
    if row is not None:
        given = {keyword.arg for keyword in site.node.keywords}
        if given.intersection(row.unless) or (row in servers.PLAIN and not _is_the_service(site)):
            return None
        return Start(site.node, f"{site.callee}()", f"is {row.what}", row.instead)
    if servers.UVICORN in paths or paths == {"uvicorn.run"}:
        return _uvicorn(site)
    if paths & _sanic():
        return _of_sanic(site)
    if "flask_socketio.SocketIO().run" in paths or re.fullmatch(r"_*socket_?io", _receiver(site.node)):
        return _socket(site)
    return None


def _socket(site: CallSite) -> Start | None:
    """Flask-SocketIO serves by itself, unless it is told to put up with the development server."""
    if not any(_literal(site, name) is True for name in servers.SOCKET_SWITCHES):
        return None
    return Start(site.node, f"{site.callee}()", "falls back on a development server", "use Gunicorn and gevent")


def _receiver(node: ast.Call) -> str:
    return terminal_name(node.func.value) if isinstance(node.func, ast.Attribute) else ""


def _is_flask(site: CallSite) -> bool:
    """Whether `run` is called on an application of another file that can only be one of Flask, or is in debug mode."""
    function = site.node.func
    if not isinstance(function, ast.Attribute) or function.attr != servers.RUN or len(site.paths) != 1:
        return False
    inner = function.value
    named = _APPLICATION.fullmatch(terminal_name(inner)) or (
        isinstance(inner, ast.Call) and _FACTORY.fullmatch(terminal_name(inner.func))
    )
    (path,) = site.paths
    imported = {part.partition(".")[0] for part in site.source.roots} | set(_imports(site.source))
    if not named or site.values[0].target is not None or re.search(servers.OTHER_APPLICATIONS, path):
        return False
    if servers.FLASK in imported:
        return True
    known = imported & servers.OTHER_PACKAGES
    given = {keyword.arg for keyword in site.node.keywords}
    return (
        not known
        and "async" not in path
        and (_literal(site, "debug") is True or {"host", "port"} <= given or bool(given & servers.FLASK_ARGUMENTS))
        and not given & servers.OTHER_ARGUMENTS
    )


def _imports(source: SourceFile) -> Iterator[str]:
    for many in source.module.bindings.values():
        for binding in many:
            if binding.kind == "import":
                yield binding.path.lstrip(".").partition(".")[0]


def _literal(site: CallSite, name: str) -> object:
    given = site.argument(name)
    literal = arguments.constant(given.value, given.scope)
    return literal.value if literal is not None else None


def _uvicorn(site: CallSite) -> Start | None:
    if _literal(site, "reload") is True:
        return Start(site.node, f"{site.callee}(reload=True)", "is for developing, with one worker", "leave reload out")
    workers = _literal(site, "workers")
    if not isinstance(workers, int):
        return None
    if workers == 1:
        return _one_worker(site)
    first = site.argument("app", 0)
    is_text = (
        first.value is None
        or isinstance(first.value, (ast.JoinedStr, ast.BinOp))
        or (arguments.constant(first.value, first.scope) is not None)
    )
    if is_text or not site.values or not _is_object(first.value, site):
        return None
    return Start(
        site.node, f"{site.callee}(workers={workers})", "refuses workers for an app object", "pass 'module:app'"
    )


def _is_object(node: ast.expr | None, site: CallSite) -> bool:
    """Whether an expression is an application itself, made or imported here, and no text that names one."""
    if isinstance(node, ast.Call):
        return True
    return isinstance(node, (ast.Name, ast.Attribute)) and _APPLICATION.fullmatch(terminal_name(node)) is not None


def _of_sanic(site: CallSite) -> Start | None:
    """Sanic has one worker whatever its mode is, unless it is told to have more."""
    if _literal(site, "single_process") is True:
        return Start(
            site.node, f"{site.callee}(single_process=True)", "serves with one worker", "leave single_process out"
        )
    switch = next((name for name in ("debug", "auto_reload") if _literal(site, name) is True), "")
    if switch and not {"workers", "fast"} & {keyword.arg for keyword in site.node.keywords}:
        how = f"{site.callee}({switch}=True)"
        return Start(site.node, how, "is for developing, with one worker", "use fast=True or workers=")
    return _one_worker(site)


def _one_worker(site: CallSite) -> Start | None:
    workers = _literal(site, "workers")
    if workers != 1 or isinstance(workers, bool):
        return None
    return Start(site.node, f"{site.callee}(workers=1)", "serves with one worker", "take workers from configuration")


def _is_the_service(site: CallSite) -> bool:
    """Whether a plain HTTP server is what the process is for, and nothing beside it: no probe, no log-in's answer."""
    function, source = site.function, site.source
    if _BESIDE.search(source.text) is not None or "Thread" in source.calls_by_name:
        return False
    if "serve_forever" not in source.calls_by_name or _is_bound_here(site):
        return False
    return function is None or site.place is Place.STARTUP or _ENTRY.fullmatch(function.name) is not None


def _is_bound_here(site: CallSite) -> bool:
    """Whether a server is there for this machine alone."""
    given = [part for node in site.node.args[:1] for part in walk(node) if isinstance(part, ast.Constant)]
    return any(part.value in ("127.0.0.1", "localhost", "::1") for part in given)


def _is_for_developers(site: CallSite) -> bool:
    """Whether a condition around the call, or the name of its function, says that it is not the production entry."""
    function = site.function
    if function is not None and _DEVELOPING.search(function.name):
        return True
    return any(
        child is not parent.test
        and (_DEVELOPING.search(" ".join(_words(parent.test))) is not None or _is_otherwise(child, parent))
        for child, parent in site.ancestors()
        if isinstance(parent, ast.If)
    )


def _is_otherwise(child: ast.AST, parent: ast.If) -> bool:
    """Whether a branch is for where this is not production."""
    negated = isinstance(parent.test, ast.UnaryOp) and isinstance(parent.test.op, ast.Not)
    in_production = _PRODUCTION.search(" ".join(_words(parent.test))) is not None
    return in_production and (child in parent.body) is negated


def _words(test: ast.expr) -> Iterator[str]:
    for node in walk(test):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value != "__main__":
            yield node.value
        yield terminal_name(node).replace("__name__", "")


def _reloads(source: SourceFile) -> bool:
    """Whether a configuration is one for developing: its server starts anew with each change of the code."""
    values = [binding.value for binding in source.module.bindings.get("reload", ())]
    return any(isinstance(value, ast.Constant) and value.value is True for value in values)


def _gunicorn_settings(source: SourceFile) -> Iterator[Start]:
    """Yield `workers = 1` of a configuration file of Gunicorn."""
    if "gunicorn" not in Path(source.filename).name.lower() or _reloads(source):
        return
    for binding in source.module.bindings.get("workers", ()):
        if (
            isinstance(binding.value, ast.Constant)
            and binding.value.value == 1
            and isinstance(binding.node, ast.Assign)
        ):
            yield Start(
                binding.node, "workers = 1", "leaves Gunicorn one worker", "take it from the environment or the CPUs"
            )
