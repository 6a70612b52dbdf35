"""Arguments: what the call of `probe` gives for its parameter `timeout`, the second (position 1)."""

from __future__ import annotations

import ast

import pytest
from support import model

from flake8_scalability.model.language import arguments
from flake8_scalability.model.language.arguments import Argument, Given
from flake8_scalability.model.source import SourceFile

PRESENT = [
    ("by keyword", "probe(u, timeout=5)", "5"),
    ("by position", "probe(u, 5)", "5"),
    ("the keyword after *args", "probe(*a, timeout=5)", "5"),
    ("the keyword before **kwargs", "def f(**k):\n probe(u, timeout=5, **k)", "5"),
    ("by position before *args", "probe(u, 5, *a)", "5"),
    ("a name as it stands", "probe(u, timeout=T)", "T"),
    ("None is given, too", "probe(u, timeout=None)", "None"),
    ("a literal mapping", "probe(u, **{'timeout': 5})", "5"),
    ("the second mapping", "probe(u, **{'a': 1}, **{'timeout': 5})", "5"),
    ("a mapping by name", "k = {'timeout': 5}\nprobe(u, **k)", "5"),
    ("a mapping of the module", "K = {'timeout': 5}\ndef f():\n probe(u, **K)", "5"),
    ("dict()", "probe(u, **dict(timeout=5))", "5"),
    ("dict() of a mapping", "K = {'a': 1}\nprobe(u, **dict(K, timeout=5))", "5"),
    ("what dict() is made of", "K = {'timeout': 5}\nprobe(u, **dict(K, a=1))", "5"),
    ("a mapping in a mapping", "K = {'timeout': 5}\nprobe(u, **{'a': 1, **K})", "5"),
    ("a union of mappings", "K = {'timeout': 5}\nprobe(u, **({'a': 1} | K))", "5"),
    ("the left of a union", "K = {'timeout': 5}\nprobe(u, **(K | {'a': 1}))", "5"),
    ("set later", "def f():\n k = {}\n k['timeout'] = 5\n probe(u, **k)", "5"),
    ("set later, in a mapping of the module", "K = {}\nK['timeout'] = 5\ndef f():\n probe(u, **K)", "5"),
    ("setdefault", "def f(**k):\n k.setdefault('timeout', 5)\n probe(u, **k)", "5"),
    ("updated by keyword", "def f():\n k = {}\n k.update(timeout=5)\n probe(u, **k)", "5"),
    ("updated by a mapping", "def f():\n k = {}\n k.update({'timeout': 5})\n probe(u, **k)", "5"),
    ("built from itself", "k = {'timeout': 5}\nk = {**k, 'a': 1}\nprobe(u, **k)", "5"),
    ("one of two mappings", "if x:\n k = {'timeout': 5}\nelse:\n k = {}\nprobe(u, **k)", "5"),
    ("an annotated mapping", "k: dict[str, int] = {'timeout': 5}\nprobe(u, **k)", "5"),
    ("in an unknown mapping, before", "def f(a):\n probe(u, **{'timeout': 5, **a})", "5"),
    ("a partial", "from functools import partial\np = partial(probe, timeout=5)\np(u)", "5"),
    ("a partial by position", "from functools import partial\np = partial(probe, u, 5)\np()", "5"),
    ("the call behind a partial", "from functools import partial\np = partial(probe, u)\np(5)", "5"),
    ("the call before a partial", "from functools import partial\np = partial(probe, timeout=9)\np(u, timeout=5)", "5"),
    (
        "a partial of a partial",
        "from functools import partial\np = partial(partial(probe, timeout=5), a=1)\np(u)",
        "5",
    ),
    (
        "through both of them",
        "from functools import partial\np = partial(partial(probe, u), 5)\np()",
        "5",
    ),
    ("in a partial's mapping", "from functools import partial\np = partial(probe, **{'timeout': 5})\np(u)", "5"),
]

ABSENT = [
    ("nothing at all", "probe()"),
    ("the first only", "probe(u)"),
    ("others by keyword", "probe(u, a=1)"),
    ("another mapping", "probe(u, **{'a': 1})"),
    ("an empty mapping", "probe(u, **{})"),
    ("a mapping by name", "k = {'a': 1}\nprobe(u, **k)"),
    ("dict() without", "probe(u, **dict(a=1))"),
    ("dict()", "probe(u, **dict())"),
    ("keys that are no texts", "probe(u, **{1: 5})"),
    ("a union without", "probe(u, **({'a': 1} | {}))"),
    ("another key set", "def f():\n k = {}\n k['a'] = 5\n probe(u, **k)"),
    ("another key defaulted", "def f():\n k = {}\n k.setdefault('a', 5)\n probe(u, **k)"),
    ("another key updated", "def f():\n k = {}\n k.update(a=5)\n probe(u, **k)"),
    ("another mapping set", "def f(o):\n k = {}\n o['timeout'] = 5\n probe(u, **k)"),
    ("the same name elsewhere", "def f():\n k = {}\n probe(u, **k)\ndef g():\n k = {}\n k['timeout'] = 5"),
    ("a mapping that is read", "def f():\n k = {}\n t = k['timeout']\n probe(u, **k)"),
    ("a mapping built from itself", "k = {}\nk = {**k, 'a': 1}\nprobe(u, **k)"),
    ("mappings built from each other", "a = {**b}\nb = {**a}\nprobe(u, **a)"),
    ("a copy of itself", "def f():\n k = {}\n k = dict(k)\n probe(u, **k)"),
    ("a partial without", "from functools import partial\np = partial(probe, a=1)\np(u)"),
    ("a partial of the first", "from functools import partial\np = partial(probe, u)\np()"),
    ("in an inner call only", "probe(g(timeout=5))"),
]

UNKNOWN = [
    ("*args", "probe(*a)"),
    ("*args after the first", "probe(u, *a)"),
    ("*args of a literal", "probe(*[u], *a)"),
    ("*args before another", "probe(*a, 5)"),
    ("**kwargs", "def f(**k):\n probe(u, **k)"),
    ("a name bound nowhere", "probe(u, **OPTIONS)"),
    ("a name of another file", "from .settings import OPTIONS\nprobe(u, **OPTIONS)"),
    ("a parameter", "def f(k):\n probe(u, **k)"),
    ("a call", "probe(u, **options())"),
    ("an attribute", "class A:\n def f(self):\n  probe(u, **self.options)"),
    ("an item", "probe(u, **OPTIONS['http'])"),
    ("a comprehension", "probe(u, **{k: v for k, v in x})"),
    ("a key that is a name", "probe(u, **{KEY: 5})"),
    ("a choice", "probe(u, **({} if x else y))"),
    ("a mapping in a mapping", "def f(a):\n probe(u, **{'a': 1, **a})"),
    ("dict() of an unknown", "def f(a):\n probe(u, **dict(a))"),
    ("dict() with an unknown", "def f(a):\n probe(u, **dict(b=1, **a))"),
    ("a dict of the file's own", "def dict(**k): ...\nprobe(u, **dict(a=1))"),
    ("a union with an unknown", "def f(a):\n probe(u, **({} | a))"),
    ("one of two unknown", "def f(a):\n k = {}\n if x:\n  k = a\n probe(u, **k)"),
    ("a mapping that is unpacked", "k, l = x()\nprobe(u, **k)"),
    ("a loop's target", "for k in [{}]:\n probe(u, **k)"),
    ("merged in place", "def f(a):\n k = {}\n k |= a\n probe(u, **k)"),
    ("updated by an unknown", "def f(a):\n k = {}\n k.update(a)\n probe(u, **k)"),
    ("updated by unknown keywords", "def f(a):\n k = {}\n k.update(**a)\n probe(u, **k)"),
    ("updated by a call", "def f():\n k = {}\n k.update(options())\n probe(u, **k)"),
    ("a key that is computed", "def f(name):\n k = {}\n k[name] = 5\n probe(u, **k)"),
    ("a default that is computed", "def f(name):\n k = {}\n k.setdefault(name, 5)\n probe(u, **k)"),
    ("set in a loop", "def f(a):\n k = {}\n for name in a:\n  k[name] = a[name]\n probe(u, **k)"),
    ("a partial with **kwargs", "from functools import partial\ndef f(k):\n p = partial(probe, **k)\n p(u)"),
    ("a partial with *args", "from functools import partial\np = partial(probe, *a)\np(u)"),
    ("*args behind a partial", "from functools import partial\np = partial(probe, u)\np(*a)"),
]


def _argument(source: str) -> Argument:
    """Find `timeout` of the last call of `probe`, be it through a partial."""
    found = model(source)
    call, scope = _last_call(found)
    (value,) = found.resolver.values(call.func, scope)
    return arguments.find(call, scope, "timeout", 1, value.partials)


def _last_call(found: SourceFile) -> tuple[ast.Call, arguments.Scope]:
    calls = found.calls_by_name.get("p") or found.calls_by_name["probe"]
    return calls[-1]


@pytest.mark.parametrize(("source", "value"), [pytest.param(s, v, id=why) for why, s, v in PRESENT])
def test_present(source: str, value: str) -> None:
    found = _argument(source)
    assert found.given is Given.PRESENT
    assert found.value is not None
    assert ast.unparse(found.value) == value


@pytest.mark.parametrize("source", [pytest.param(s, id=why) for why, s in ABSENT])
def test_absent(source: str) -> None:
    assert _argument(source).given is Given.ABSENT


@pytest.mark.parametrize("source", [pytest.param(s, id=why) for why, s in UNKNOWN])
def test_unknown(source: str) -> None:
    assert _argument(source).given is Given.UNKNOWN


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("probe(u, None)", True, id="None"),
        pytest.param("T = None\nprobe(u, timeout=T)", True, id="a name for it"),
        pytest.param("S = None\nT = S\nprobe(u, timeout=T)", True, id="a name for that"),
        pytest.param("probe(u, timeout=0)", False, id="a number"),
        pytest.param("probe(u)", False, id="absent"),
        pytest.param("probe(*a)", False, id="unknown"),
        pytest.param("def f(t=None):\n probe(u, timeout=t)", False, id="a parameter's default"),
        pytest.param("T = None\nT = 5\nprobe(u, timeout=T)", False, id="bound twice"),
        pytest.param("T = T\nprobe(u, timeout=T)", False, id="bound to itself"),
        pytest.param("T: int\nprobe(u, timeout=T)", False, id="declared only"),
        pytest.param("probe(u, timeout=T)", False, id="bound nowhere"),
        pytest.param("probe(u, timeout=a.T)", False, id="an attribute"),
    ],
)
def test_is_none(source: str, expected: bool) -> None:
    assert arguments.is_none(_argument(source)) is expected
