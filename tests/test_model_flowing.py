"""Flowing: what an expression is made from, by the names of its function."""

from __future__ import annotations

import ast

import pytest

from flake8_scalability.model.language import flowing

#: Why, the lines of a function before `keep(value)`, and the names of the calls that flow into the value.
MADE = [
    ("assigned", "value = read()\nother()", {"read"}),
    ("through names", "rows = read()\nvalue = shape(rows)", {"read", "shape"}),
    ("with an annotation", "value: list = read()", {"read"}),
    ("declared only", "value: list\nread()", set()),
    ("added to", "value = 0\nvalue += count()", {"count"}),
    ("in a condition", "if (value := read()):\n    other()", {"read"}),
    ("appended in a loop", "value = []\nfor row in read():\n    value.append(shape(row))", {"read", "append", "shape"}),
    ("looped over without use", "value = []\nfor row in read():\n    other(row)", set()),
    ("under a key", "value = {}\nvalue['a'] = read()", {"read"}),
    ("unpacked", "value, *rest = read()", {"read"}),
    ("opened", "with connect() as db:\n    value = db.fetch()", {"connect", "fetch"}),
    ("opened without a name", "with lock():\n    value = read()", {"read"}),
    ("executed before", "cursor.execute(text())\nvalue = cursor.fetchall()", {"execute", "text", "fetchall"}),
    ("awaited", "await db.run(text())\nvalue = await db.rows()", {"run", "text", "rows"}),
    ("computed by an inner function", "def compute():\n    return read()\nvalue = compute()", {"compute", "read"}),
    ("an inner function of another name", "def compute():\n    return read()\nvalue = 1", set()),
    ("a name of nothing", "'text'\nvalue = 1\n(lambda: read())()", set()),
]


@pytest.mark.parametrize(("lines", "expected"), [each[1:] for each in MADE], ids=[each[0] for each in MADE])
def test_what_flows_into_a_value(lines: str, expected: set[str]) -> None:
    body = "\n".join(f"    {line}" for line in [*lines.split("\n"), "keep(value)"])
    function = ast.parse(f"async def f():\n{body}").body[0]
    assert isinstance(function, ast.AsyncFunctionDef)
    keep = function.body[-1]
    assert isinstance(keep, ast.Expr) and isinstance(keep.value, ast.Call)
    made = flowing.into(keep.value.args[0], function)
    calls = [node.func for node in made if isinstance(node, ast.Call)]
    assert {func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "") for func in calls} == expected
