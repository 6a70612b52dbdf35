"""Kept work: what an endpoint does only where it has not been done before."""

from __future__ import annotations

import ast
import re

from flake8_scalability.catalog.endpoint_kinds import Kind, KindRow
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.limits.endpoints import Endpoint
from flake8_scalability.model.running import checks
from flake8_scalability.model.sites import spelled

_FINDING = frozenset({"first", "get", "exists", "afirst", "aexists", "get_or_none", "one_or_none"})
_MEMORY = re.compile(r"cache|redis", re.IGNORECASE)


def found_done(row: KindRow, endpoint: Endpoint) -> bool:
    """Whether a handler leaves where it finds that its work is done: `if kept := Kept.objects.filter(...).first():`.

    A document is rendered once, and a mail is not sent anew as long as a cache has that it was.
    """
    if endpoint.function is None or row.kind not in (Kind.DOCUMENT, Kind.MAIL):
        return False
    for node in endpoint.function.of(ast.If):
        assert isinstance(node, ast.If)
        test = node.test.value if isinstance(node.test, ast.NamedExpr) else node.test
        call = test.value if isinstance(test, ast.Await) else test
        if not isinstance(call, ast.Call) or terminal_name(call.func) not in _FINDING or not checks.leaves(node):
            continue
        if row.kind is Kind.DOCUMENT or _MEMORY.search(spelled(call.func)) is not None:
            return True
    return False
