"""Per item: does the call of `hit` run once for each of many items, and is it made of the item?"""

from __future__ import annotations

import pytest
from support import model

from flake8_scalability.model.batching.per_item import Turn, turn_of

ITEMS = [
    ("a loop", "def f(rows):\n for row in rows:\n  hit(row)"),
    ("a comprehension", "def f(rows): return [hit(row.id) for row in rows]"),
    ("a name computed from the item", "def f(rows):\n for row in rows:\n  key = row.key\n  hit(key)"),
    ("through two names", "def f(rows):\n for row in rows:\n  a = row.key\n  b = g(a)\n  hit(b)"),
    ("the second of a pair", "def f(rows):\n for number, row in enumerate(rows):\n  hit(row)"),
    ("entries are no tries", "def f(entries):\n for entry in entries:\n  hit(entry)"),
    ("a retry inside", "def f(rows):\n for row in rows:\n  for attempt in range(3):\n   hit(row)"),
    ("parts of many", "def f(tree):\n for a, rows in tree.items():\n  for row in rows:\n   hit(a, row)"),
    ("many beside a constant", "def f(rows):\n for a in TREE:\n  for row in rows:\n   hit(a, row)"),
    ("a few inside", "def f(rows):\n for row in rows:\n  for kind in ('a', 'b'):\n   hit(row, kind)"),
    ("the rows of chunks", "def f(chunks):\n for chunk in chunks:\n  for row in chunk.rows:\n   hit(row)"),
    ("the items of a page", "def f(page):\n for row in page.items:\n  hit(row)"),
    ("until the pile is empty", "def f(todo):\n while todo:\n  row = todo.pop()\n  hit(row)"),
    ("a mapping of many", "def f(rows):\n for key, value in rows.items():\n  hit(key)"),
]

SILENT = [
    ("no loop", "def f(row):\n hit(row)"),
    ("what the loop goes over", "def f(row):\n for each in hit(row):\n  print(each)"),
    ("not made of the item", "def f(rows, key):\n for row in rows:\n  hit(key)"),
    ("a literal", "def f():\n for row in ('a', 'b'):\n  hit(row)"),
    ("a constant by its name", "def f():\n for row in KINDS:\n  hit(row)"),
    ("a slice of a constant", "def f():\n for row in KINDS[1:]:\n  hit(row)"),
    ("members of an enumeration", "def f():\n for row in Color:\n  hit(row)"),
    ("those of a module", "def f():\n for row in kinds.Color:\n  hit(row)"),
    ("a few by their name", "def f(shards):\n for shard in shards:\n  hit(shard)"),
    ("parts of a constant", "def f():\n for a, rows in TREE.items():\n  for row in rows:\n   hit(a, row)"),
    ("keys that are a few", "def f(x):\n for field_name, value in x.items():\n  hit(field_name, value)"),
    ("an item that is one of a few", "def f(x):\n for model in x:\n  hit(model)"),
    ("steps of a range", "def f(rows):\n for start in range(0, len(rows), 100):\n  hit(rows[start:start + 100])"),
    ("chunks", "def f(rows):\n for chunk in chunked(rows):\n  hit(chunk)"),
    ("pages", "def f(pages):\n for page in pages:\n  hit(page)"),
    ("tries", "def f(x):\n for attempt in range(x):\n  hit(attempt)"),
    ("a poll", "def f(x):\n while x.open:\n  sleep(1)\n  hit(x)"),
    ("left at the first", "def f(rows):\n for row in rows:\n  return hit(row)"),
    ("a handler", "def f(rows):\n for row in rows:\n  try:\n   g(row)\n  except E:\n   hit(row)"),
    ("a lambda", "def f(rows):\n for row in rows:\n  later(lambda: hit(row))"),
    ("a memo", "def f(rows):\n for row in rows:\n  if row.a not in known:\n   known[row.a] = hit(row.a)"),
    (
        "a memo by get",
        "def f(rows):\n for row in rows:\n  x = cache.get(row)\n  if x is None:\n   cache[row] = hit(row)",
    ),
    ("at the same time", "async def f(rows):\n await gather(*[hit(row) for row in rows])"),
    ("as tasks", "async def f(rows):\n for row in rows:\n  create_task(hit(row))"),
    ("a function in the loop", "def f(rows):\n for row in rows:\n  def g():\n   hit(row)"),
]


def _turn(source: str) -> Turn | None:
    found = model(source)
    ((call, scope),) = found.calls_by_name["hit"]
    turn = turn_of(call, scope, found)
    return turn if turn is not None and turn.concerns(*call.args) else None


@pytest.mark.parametrize("source", [source for _, source in ITEMS], ids=[name for name, _ in ITEMS])
def test_runs_for_each_item(source: str) -> None:
    assert _turn(source) is not None


@pytest.mark.parametrize("source", [source for _, source in SILENT], ids=[name for name, _ in SILENT])
def test_runs_once_or_for_a_few(source: str) -> None:
    assert _turn(source) is None


def test_items_are_named_without_what_is_put_around_them() -> None:
    turn = _turn("def f(rows):\n for number, row in enumerate(sorted(rows)):\n  hit(row)")
    assert turn is not None and turn.items == "rows"
