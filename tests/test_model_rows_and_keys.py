"""Rows and keys that two writers may change at once: where they come from, and how they are written back."""

from __future__ import annotations

import textwrap

import pytest
from support import model

from flake8_scalability.model.scaling import insertions, rewrites, updates


def lost(body: str, before: str = "", head: str = "def f(self, session, r, key):") -> list[str]:
    """Return what is lost in a function with this body."""
    source = model(f"{before}{head}\n{textwrap.indent(textwrap.dedent(body).strip(), '    ')}")
    found = (*updates.sums(source), *rewrites.rewrites(source), *insertions.insertions(source))
    return [each.what + each.columns for each in found]


SELL = "item.stock -= 1\nitem.save()"


@pytest.mark.parametrize(
    ("row", "before", "expected"),
    [
        ("item = load(key)", "def load(key):\n    return Item.objects.get(pk=key)\n", ["item.stock"]),
        ("item = load(key)", "def load(key):\n    row = Item.objects.get(pk=key)\n    return row\n", ["item.stock"]),
        ("item = load(key)", "def load(key):\n    return Item.objects.select_for_update().get(pk=key)\n", []),
        ("item = load(key)", "def load(key):\n    return Item(key)\n", []),
        ("item = load(key)", "def load(key):\n    return load(key)\n", []),
        ("item = load(key)", "def load(key):\n    pass\n", []),
        ("item = Item.objects.filter(pk=key).first() or Item()", "", ["item.stock"]),
        ("item = Item.objects.filter(pk=key)[1]", "", []),
        ("item = Item.objects.get_or_create(pk=key)[0]", "", ["item.stock"]),
        ("item, made = Item.objects.get_or_create(pk=key)", "", ["item.stock"]),
        ("item, other = Item.objects.get(pk=key)", "", []),
        ("item = key + 1", "", []),
        ("item: Item\nitem = Item.objects.get(pk=key)", "", ["item.stock"]),
        ("item = Item.get(key)", "", ["item.stock"]),
        ("item = Item.get()", "", []),
        ("item = session.get(Item, key)", "", ["item.stock"]),
        ("item = session.get(item_class, key)", "", []),
        ("item = self.db.scalar(query)", "", ["item.stock"]),
        ("item = self.names.scalar(query)", "", []),
        ("item = self.session.get(Item, key)", "", ["item.stock"]),
        ("item = self.other.get_object()", "", []),
        ("with open(key) as item:\n    pass", "", []),
    ],
)
def test_where_a_row_comes_from(row: str, before: str, expected: list[str]) -> None:
    assert lost(f"{row}\n{SELL}", before) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("item.stock = 1 + item.stock", ["item.stock"]),
        ("item.stock = 1 - item.stock", []),
        ("item.stock = item.stock * 2", []),
        ("item.stock += [1]", []),
        ("item.login_attempts += 1", []),
        ("item.stock += 1\nitem.stock += 1", ["item.stock"]),
    ],
)
def test_what_is_a_sum(change: str, expected: list[str]) -> None:
    assert lost(f"item = Item.objects.get(pk=key)\n{change}\nitem.save()") == expected


def test_attempts_to_log_in_have_many_writers() -> None:
    app = "from fastapi import FastAPI\napp = FastAPI()\n@app.post('/login')\n"
    body = "user = User.objects.get(pk=key)\nuser.login_attempts += 1\nuser.save()"
    assert lost(body, app) == ["user.login_attempts"]


def in_class(base: str, change: str, save: str = "self.save()") -> list[str]:
    text = f"class A{base}:\n    def f(self, request, order):\n        {change}\n        {save}\n"
    return [found.what for found in updates.sums(model(text))]


@pytest.mark.parametrize(
    ("base", "change", "save", "expected"),
    [
        ("(models.Model)", "self.stock += 1", "self.save()", ["self.stock"]),
        ("(Document)", "self.stock += 1", "self.save()", ["self.stock"]),
        ("(BaseModel)", "self.stock += 1", "self.save()", []),
        ("(models.Model)", "self.stock += 1", "pass", []),
        ("", "self.stock += 1", "self.save()", []),
        ("(models.Model)", "self.shop.stock += 1", "self.shop.save()", ["self.shop.stock"]),
        ("(View)", "self.object.stock += 1", "self.object.save()", ["self.object.stock"]),
        ("(View)", "self.request.user.points += 1", "self.request.user.save()", ["self.request.user.points"]),
        ("(View)", "self.shop.stock += 1", "self.shop.save()", []),
        ("(View)", "request.user.points += 1", "request.user.save()", ["request.user.points"]),
        ("(View)", "order.shop.stock += 1", "order.shop.save()", []),
        ("(View)", "load().shop.stock += 1", "load().shop.save()", []),
    ],
)
def test_rows_of_an_object(base: str, change: str, save: str, expected: list[str]) -> None:
    assert in_class(base, change, save) == expected


def test_the_row_of_a_row() -> None:
    assert lost("item = Item.objects.get(pk=key)\nitem.shop.stock += 1\nitem.shop.save()") == ["item.shop.stock"]


# Keys

CACHE = "from django.core.cache import cache\n"


@pytest.mark.parametrize(
    ("body", "before", "expected"),
    [
        ("n = store.get(key)\nstore.set(key, n + 1)", "from app.stores import store\n", []),
        (
            "n = user_cache.get(key)\nuser_cache.set(key, n + 1)",
            "from app.stores import user_cache\n",
            ["user_cache.set()"],
        ),
        ("n = make().get(key)\nmake().set(key, n + 1)", "def make():\n    return 1\n", []),
        ("n = get(key)\ncache.set(key, n + 1)", CACHE, []),
        ("n = cache.get()\ncache.set(key, n + 1)", CACHE, []),
        ("n = cache.get(key)\nother_cache.set(key, n + 1)", CACHE, []),
        ("cache.get(key)\ncache.set(key, n + 1)", CACHE, []),
        ("if n := cache.get(key):\n    cache.set(key, n + 1)", CACHE, ["cache.set()"]),
        ("n = cache.get(key)\nif n:\n    pass\nelse:\n    cache.set(key, n + 1)", CACHE, []),
        ("n = cache.get(key)\nif n is not None:\n    return n\ncache.set(key, n + 1, nx=True)", CACHE, []),
        ("d = cache.get(key)\nd['n'] += 1\ncache.set(key, d)", CACHE, ["cache.set()"]),
        ("d = cache.get(key)\ndel d['n']\ncache.set(key, d)", CACHE, ["cache.set()"]),
        ("d = cache.get(key)\ne = d['part']\ne.append(1)\ncache.set(key, e)", CACHE, ["cache.set()"]),
        ("n = r.get(key)\nr.set(key, n + 1)", "import redis\nr = redis.Redis()\n", ["r.set()"]),
        ("n = r.hget(key, 'a')\nr.hset(key, 'a', int(n) + 1)", "import redis\nr = redis.Redis()\n", ["r.hset()"]),
        ("n = r.hget(key, 'a')\nr.hset(key, 'b', int(n) + 1)", "import redis\nr = redis.Redis()\n", []),
    ],
)
def test_keys_that_are_written_back(body: str, before: str, expected: list[str]) -> None:
    head = "def f(self, key, other_cache, n=0):" if "redis" in before else "def f(self, r, key, other_cache, n=0):"
    assert lost(body, before, head) == expected


@pytest.mark.parametrize(
    ("write", "expected"),
    [
        ("rooms.update_one({'_id': key}, {'$set': {'n': d['n'] + 1}})", ["rooms.update_one()"]),
        ("rooms.update_one({'_id': key, 'n': d['n']}, {'$set': {'n': d['n'] + 1}})", []),
        ("rooms.update_one(query, {'$set': {'n': d['n'] + 1}})", ["rooms.update_one()"]),
        ("rooms.update_one({'_id': key}, {'$inc': {'n': d['n'] + 1}})", []),
        ("rooms.update_one({'_id': key}, {'$set': {'n': 1}})", []),
        ("rooms.replace_one({'_id': d['_id']}, {'n': d['n'] + 1})", ["rooms.replace_one()"]),
        ("halls.update_one({'_id': key}, {'$set': {'n': d['n'] + 1}})", []),
    ],
)
def test_documents_that_are_written_back(write: str, expected: list[str]) -> None:
    assert lost(f"d = rooms.find_one({{'_id': key}})\n{write}", head="def f(rooms, halls, key, query):") == expected


def test_items_that_are_put_back() -> None:
    body = "d = table.get_item(Key=key)['Item']\nd['n'] += 1\ntable.put_item(Item=d)"
    assert lost(body, head="def f(table, key):") == ["table.put_item()"]
    guarded = body.replace("Item=d)", "Item=d, ConditionExpression='a')")
    assert lost(guarded, head="def f(table, key):") == []


# Inserts

TABLE = "class Vote(Model):\n    user = Field()\n    poll = Field()\n"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("if not Vote.objects.filter(user=u).order_by('id').first():\n    Vote.objects.create(user=u)", []),
        ("if not Vote.objects.filter(**given).exists():\n    Vote.objects.create(user=u)", []),
        ("if not Vote.objects.filter(colour=u).exists():\n    Vote.objects.create(colour=u)", []),
        ("try:\n    Vote.objects.get(user=u)\nexcept ValueError:\n    Vote.objects.create(user=u)", []),
        ("found = Vote.objects.filter(user=u).first()\nif found:\n    pass\nVote.objects.create(user=u)", []),
        (
            "found = Vote.objects.filter(user=u).first()\nif found:\n    return\nVote.objects.create(user=u)",
            ["Vote(user)"],
        ),
        ("if not Vote.objects.filter(user=u).exists():\n    Vote.objects.bulk([user])\n", []),
        ("with lock:\n    if not Vote.objects.filter(user=u).exists():\n        Vote.objects.create(user=u)", []),
    ],
)
def test_inserts_after_a_check(body: str, expected: list[str]) -> None:
    assert lost(body, TABLE, "def f(u, given):") == expected


@pytest.mark.parametrize(("column", "expected"), [("username", []), ("email", ["User(email)"])])
def test_columns_of_a_librarys_model(column: str, expected: list[str]) -> None:
    before = "from django.contrib.auth.models import User\n"
    body = f"if not User.objects.filter({column}=u).exists():\n    User.objects.create({column}=u)"
    assert lost(body, before, "def f(u):") == expected
