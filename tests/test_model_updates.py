"""What counts as an update that another writer's may overwrite, and what keeps them apart."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from support import model

from flake8_scalability.model.scaling import insertions, rewrites, updates
from flake8_scalability.options import Settings
from flake8_scalability.project import tables

TABLE = "class Vote(Model):\n    user = Field()\n    poll = Field()\n"


def lost(body: str, before: str = "") -> list[str]:
    """Return what is lost in a function with this body."""
    source = model(before + "def f(self, session, r, key):\n" + textwrap.indent(textwrap.dedent(body).strip(), "    "))
    found = (*updates.sums(source), *rewrites.rewrites(source), *insertions.insertions(source))
    return [each.what + each.columns for each in found]


@pytest.mark.parametrize(
    "row",
    [
        "Item.objects.get(pk=key)",
        "Item.objects.filter(pk=key).first()",
        "get_object_or_404(Item, pk=key)",
        "Item.query.filter_by(id=key).first_or_404()",
        "session.query(Item).filter(Item.id == key).one()",
        "session.get(Item, key)",
        "session.execute(select(Item).where(Item.id == key)).scalar_one_or_none()",
        "Item.get_by_id(key)",
        "self.get_object()",
        "Item.objects.filter(pk=key)[0]",
    ],
)
def test_rows(row: str) -> None:
    assert lost(f"item = {row}\nitem.stock -= 1\nitem.save()") == ["item.stock"]


@pytest.mark.parametrize(
    "row",
    [
        "Item(stock=3)",
        "Item.objects.create(stock=3)",
        "Item.objects.select_for_update().get(pk=key)",
        "session.query(Item).with_for_update().one()",
        "load(key)",
        "{}.get('item')",
        "requests.get(key)",
        "r.get(key)",
    ],
)
def test_no_shared_rows(row: str) -> None:
    assert lost(f"item = {row}\nitem.stock -= 1\nitem.save()") == []


@pytest.mark.parametrize(
    "change",
    [
        "item.stock = item.stock - n",
        "item.stock = (item.stock or 0) + 1",
        "item.stock = int(item.stock) - 1",
        "item.rank += 2",
        "item.times_used += 1",
        "item.update_count += 1",
        "item.balance += order.total",
    ],
)
def test_sums(change: str) -> None:
    assert lost(f"item = Item.objects.get(pk=key)\n{change}\nitem.save()") != []


@pytest.mark.parametrize(
    "change",
    [
        "item.stock = n",
        "item.stock = F('stock') - 1",
        "item.notes += text",
        "item.tags += ['new']",
        "item.version += 1",
        "item.expires_at += delta",
        "item.stock = other.stock - 1",
    ],
)
def test_no_sums(change: str) -> None:
    assert lost(f"item = Item.objects.get(pk=key)\n{change}\nitem.save()") == []


@pytest.mark.parametrize(
    ("before", "expected"),
    [("", []), ("@app.post('/x')\n@limit\n", ["item.stock"])],
)
def test_a_batch_is_worked_off_by_one_process(before: str, expected: list[str]) -> None:
    app = "from fastapi import FastAPI\napp = FastAPI()\n"
    assert lost("for item in Item.objects.all():\n    item.stock -= 1\n    item.save()", app + before) == expected


def test_what_is_not_written_back_is_not_lost() -> None:
    assert lost("item = Item.objects.get(pk=key)\nitem.stock -= 1\nreturn item") == []
    assert lost("item = Item.objects.get(pk=key)\nitem.save()\nitem.stock -= 1") == []


def test_locks_and_versions_keep_writers_apart() -> None:
    body = "item = Item.objects.get(pk=key)\nitem.stock -= 1\nitem.save()"
    assert lost("with redis_client.lock(key):\n" + textwrap.indent(body, "    ")) == []
    assert lost(body, "__mapper_args__ = {'version_id_col': version}\n") == []
    assert lost(body + "\nif item.stock < 0:\n    item.is_locked = True") == ["item.stock"]


CACHE = "from django.core.cache import cache\n"


@pytest.mark.parametrize(
    "body",
    [
        "n = cache.get(key)\ncache.set(key, int(n) + 1)",
        "n = cache.get(key) or 0\nn += 1\ncache.set(key, n)",
        "d = json.loads(cache.get(key))\nd['a'] = 1\ncache.set(key, json.dumps(d))",
        "d = cache.get(key)\nif d is None:\n    d = []\nd.append(1)\ncache.set(key, d)",
    ],
)
def test_rewrites(body: str) -> None:
    assert lost(body, CACHE) == ["cache.set()"]


@pytest.mark.parametrize(
    "body",
    [
        "n = cache.get(key)\nif n is None:\n    n = load()\n    cache.set(key, n)",
        "n = cache.get(key)\nif n is None:\n    n = []\n    n.append(load())\n    cache.set(key, n)",
        "n = cache.get(key)\ncache.set('other', n + 1)",
        "n = cache.get(key)\ncache.set(key, 'x' + n)",
        "n = cache.get(key)\ncache.set(key, True)",
        "cache = {}\nn = cache.get(key)\ncache.set(key, n + 1)",
        "n = cache.get(key)\nwith cache.lock(key):\n    cache.set(key, n + 1)",
        "d = cache.get(key)\nif d:\n    return d\nd = {}\nd['a'] = load()\ncache.set(key, d)",
        "n = cache.get(key)\nr = await self.ask(n + 1)\nif r:\n    n = int(r)\ncache.set(key, n)",
        "if key:\n    d = cache.get(key)\n    d['b'] = 1\n    d = {'a': load()}\n    cache.set(key, d)",
    ],
)
def test_no_rewrites(body: str) -> None:
    before = CACHE if "cache = {}" not in body else ""
    assert lost(body, before + ("async " if "await" in body else "")) == []


@pytest.mark.parametrize(
    ("row", "instead"),
    [
        ("Item.objects.get(pk=key)", "use F() or lock the row"),
        ("Item.get_by_id(key)", "use a SQL expression or lock the row"),
    ],
)
def test_advice_is_for_the_mapper(row: str, instead: str) -> None:
    source = model(f"def f(key):\n    item = {row}\n    item.stock -= 1\n    item.save()\n")
    assert [each.instead for each in updates.sums(source)] == [instead]


@pytest.mark.parametrize(
    ("body", "instead"),
    [
        ("n = cache.get(key)\ncache.set(key, n + 1)", "use the cache's atomic increment, or a lock"),
        (
            "d = cache.get(key)\nd.append(1)\ncache.set(key, d)",
            "take a shared lock, or keep it in a list or hash of Redis",
        ),
        (
            "d = cache.get(key)\ndel d['a']\ncache.set(key, d)",
            "take a shared lock, or keep it in a list or hash of Redis",
        ),
        ("n = redis.get(key)\nredis.set(key, n + 1)", "use INCR, a hash field, a script or a lock"),
    ],
)
def test_advice_is_for_numbers_or_collections(body: str, instead: str) -> None:
    before = CACHE if "redis" not in body else "import redis as library\nredis = library.Redis()\n"
    source = model(f"{before}def f(key):\n{textwrap.indent(body, '    ')}")
    assert [each.instead for each in rewrites.rewrites(source)] == [instead]


@pytest.mark.parametrize(
    "body",
    [
        "if not Vote.objects.filter(user=u, poll=p).exists():\n    Vote.objects.create(user=u, poll=p)",
        "try:\n    v = Vote.objects.get(user=u)\nexcept Vote.DoesNotExist:\n    v = Vote.objects.create(user=u)",
        "v = session.query(Vote).filter(Vote.user == u).first()\nif v:\n    raise E\nsession.add(Vote(user=u, poll=p))",
        "v = (await session.execute(select(Vote).where(Vote.user == u))).scalars().first()\n"
        "if v is None:\n    session.add(Vote(user=u))",
    ],
)
def test_inserts(body: str) -> None:
    before = TABLE + ("async " if "await" in body else "")
    assert len(lost(body, before)) == 1


@pytest.mark.parametrize(
    "body",
    [
        "if not Vote.objects.filter(user=u).exists():\n    Vote.objects.create(user=other)",
        "if not Vote.objects.filter(created__gt=u).exists():\n    Vote.objects.create(user=u)",
        "if Vote.objects.filter(user=u).count() > 5:\n    raise E\nVote.objects.create(user=u)",
        "v, made = Vote.objects.get_or_create(user=u)",
        "Vote.objects.filter(user=u).exists()\nVote.objects.create(user=u)",
        "if not Vote.objects.filter(user=u).exists():\n    try:\n        Vote.objects.create(user=u)\n"
        "    except IntegrityError:\n        pass",
        "if not Other.objects.filter(user=u).exists():\n    Other.objects.create(user=u)",
    ],
)
def test_no_inserts(body: str) -> None:
    assert lost(body, TABLE) == []


@pytest.mark.parametrize(
    ("unique", "free"), [("('poll', 'place')", False), ("('place', 'name')", True), ("('poll', 'name')", True)]
)
def test_a_constraint_over_what_is_inserted_as_well(unique: str, free: bool) -> None:
    table = f"{TABLE}    place = Field()\n    name = Field()\n    class Meta:\n        unique_together = {unique}\n"
    check = "if not Vote.objects.filter(user=u, poll=p).exists():\n"
    assert bool(lost(f"{check}    Vote.objects.create(user=u, poll=p, place=1)", table)) is free


@pytest.mark.parametrize(("value", "partial"), [("kind='new'", True), ("kind=True", True), ("kind=kind", False)])
def test_rows_with_another_constant_may_be_there_more_than_once(value: str, partial: bool) -> None:
    source = model(
        f"{TABLE}    kind = Field()\ndef f(u):\n    if not Vote.objects.filter(user=u, {value}).exists():\n"
        f"        Vote.objects.create(user=u, {value})\n"
    )
    (found,) = insertions.insertions(source)
    assert ("partial" in found.instead) is partial


def test_tables_are_found_in_the_project(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    package = tmp_path / "shop" / "models"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("from .votes import *\n")
    (package / "votes.py").write_text(TABLE)
    user = tmp_path / "shop" / "views.py"
    for path in (".models.Vote", "shop.models.Vote", "shop.models.votes.Vote"):
        found = tables.table("Vote", path, str(user))
        assert found is not None
        assert found.columns == {"user", "poll"}
        assert found.unique == ()
    assert tables.table("Vote", "elsewhere.Vote", str(user)) is None
    source = "from .models import Vote\ndef f(u):\n    if not Vote.objects.filter(user=u).exists():\n"
    source += "        Vote.objects.create(user=u)\n"
    assert len(list(insertions.insertions(model(source, str(user), Settings())))) == 1
    assert list(insertions.insertions(model(source, str(user)))) == []


@pytest.mark.parametrize(
    ("body", "unique"),
    [
        ("user = Field(unique=True)", {"user"}),
        ("user = Column(String, primary_key=True)", {"user"}),
        ("user = OneToOneField(User)", {"user"}),
        ("user = Field()\n__table_args__ = (UniqueConstraint('user', 'poll', name='one'),)", {"user", "poll"}),
        ("user = Field()\n__table_args__ = (Index('one', 'user', unique=True), {'schema': 'x'})", {"user"}),
        ("class Meta:\n    unique_together = ('user', 'poll')", {"user", "poll"}),
        ("class Meta:\n    unique_together = [('user', 'poll')]", {"user", "poll"}),
        ("class Meta:\n    constraints = [UniqueConstraint(fields=['user'], name='one')]", {"user"}),
        ("meta = {'indexes': [{'fields': ['user'], 'unique': True}]}", {"user"}),
    ],
)
def test_unique_columns(body: str, unique: set[str]) -> None:
    source = model("class Vote(Model):\n" + textwrap.indent(body, "    "))
    node = source.tree.body[0]
    assert any(each == unique for each in tables.described(node).unique)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "body",
    [
        "if not item.gone:\n    item.gone_count += 1\n    item.gone = True\n    item.save()",
        "if item.gone:\n    return\nitem.gone = True\nitem.gone_count += 1\nitem.save()",
        "if item.state == State.OPEN:\n    item.state = State.SHUT\n    item.shut_count += 1\n    item.save()",
    ],
)
def test_a_transition_that_is_made_once_is_no_sum(body: str) -> None:
    assert lost("item = Item.objects.get(pk=key)\n" + body) == []


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("if item.stock > 0:\n    item.stock -= 1\n    item.seen = True\n    item.save()", "item.stock"),
        ("if not r.gone:\n    item.gone = True\n    item.gone_count += 1\n    item.save()", "item.gone_count"),
        ("item.gone_count += 1\nif item.gone:\n    return\nitem.gone = True\nitem.save()", "item.gone_count"),
        ("if item.gone:\n    log(item)\nitem.gone = True\nitem.gone_count += 1\nitem.save()", "item.gone_count"),
        ("if item.gone:\n    item.gone_at = now()\n    item.gone_count += 1\n    item.save()", "item.gone_count"),
    ],
)
def test_no_transition(body: str, what: str) -> None:
    assert lost("item = Item.objects.get(pk=key)\n" + body) == [what]


def test_many_columns_are_shortened() -> None:
    table = "class Vote(Model):\n" + "".join(f"    a_very_long_column_{n} = Field()\n" for n in range(4))
    given = ", ".join(f"a_very_long_column_{n}={n or 'key'}" for n in range(4))
    body = f"if not Vote.objects.filter({given}).exists():\n    Vote.objects.create({given})"
    assert lost(body, table) == ["Vote(a_very_long_column_0 and 3 more)"]


def test_another_query_before_the_insert_may_ask_for_what_is_unique() -> None:
    table = "class Person(Model):\n    name = Field(unique=True)\n    mail = Field()\n"
    body = """
        person = Person.objects.filter(name=key).first()
        if person is None:
            person = Person.objects.filter(mail=r).first()
        if person is None:
            person = Person.objects.create(name=key, mail=r)
    """
    assert lost(body, table) == []
    assert lost(body, table.replace("unique=True", "")) == ["Person(name)"]


def test_the_same_value_may_go_into_a_unique_column() -> None:
    table = "class Person(Model):\n    name = Field(unique=True)\n    mail = Field()\n"
    body = "if not Person.objects.filter(mail=r).exists():\n    Person.objects.create(name={}, mail=r)"
    assert lost(body.format("r"), table) == []
    assert lost(body.format("key"), table) == ["Person(mail)"]


@pytest.mark.parametrize(
    ("shop", "value", "expected"),
    [
        ("ForeignKey('Shop', on_delete=C)", "self.name.lower()", []),
        ("ForeignKey('Shop', on_delete=C)", "self.title", ["Label(name)"]),
        ("ForeignKey('Shop', on_delete=C)", "other.name", ["Label(name)"]),
        ("ForeignKey('Shop', on_delete=C, null=True)", "self.name", ["Label(name)"]),
    ],
)
def test_save_may_compute_what_is_unique(shop: str, value: str, expected: list[str]) -> None:
    table = (
        f"class Label(Model):\n    name = Field()\n    slug = Field()\n    shop = {shop}\n"
        "    class Meta:\n        unique_together = ['slug', 'shop']\n"
        f"    def save(self):\n        self.slug = {value}\n"
    )
    body = "if not Label.objects.filter(name=key).exists():\n    Label.objects.create(name=key)"
    assert lost(body, table) == expected


def test_a_unique_expression_is_one_of_its_column() -> None:
    table = "class Person(Model):\n    mail = Field()\n    class Meta:\n        constraints = [UniqueConstraint({})]\n"
    body = "if not Person.objects.filter(mail__iexact=r).exists():\n    Person.objects.create(mail=r)"
    assert lost(body, table.format("Lower('mail'), name='one'")) == []


@pytest.mark.parametrize(("given", "expected"), [("", []), ("key", ["cache.set()"])])
def test_a_task_that_a_clock_starts_has_no_sibling(given: str, expected: list[str]) -> None:
    text = (
        f"from celery import shared_task\n{CACHE}@shared_task\ndef f({given}):\n"
        "    d = cache.get('a')\n    d.append(1)\n    cache.set('a', d)\n"
    )
    assert [found.what for found in rewrites.rewrites(model(text))] == expected


def test_fields_of_one_row_are_one_finding() -> None:
    body = "item = Item.objects.get(pk=key)\nitem.stock = item.stock - 1\nitem.sold += 1\nitem.sold += 1\n"
    other = "shop = Shop.objects.get(pk=r)\nshop.sold_count += 1\nshop.save()\n"
    source = model("def f(key, r):\n" + textwrap.indent(f"{body}item.save()\n{other}", "    "))
    assert [(each.what, each.more) for each in updates.sums(source)] == [("item.stock", 1), ("shop.sold_count", 0)]


_COUNTS = """
    key = name_of(user, 'waiting_counts')
    known = redis_client.get(key)
    counts = json.loads(known) if known else {}
    for topic in topics:
        if topic not in counts:
            counts[topic] = 0
        counts[topic] += 1
    redis_client.set(key, json.dumps(counts))
"""


@pytest.mark.parametrize(
    ("body", "rest", "other", "count"),
    [
        (_COUNTS, "", "", 0),
        (_COUNTS + "    return counts", "", "", 1),
        (_COUNTS + "    tell(counts)", "", "", 1),
        (_COUNTS + "    if counts > 5:\n        stop()", "", "", 1),
        (_COUNTS + "    total = counts", "", "", 1),
        (_COUNTS + "    del counts['a']", "", "", 0),
        (_COUNTS.replace("counts[topic] += 1", "counts.update(a=1)"), "", "", 0),
        (_COUNTS.replace("'waiting_counts'", "'w'"), "WORDS = 'a w b'", "", 1),
        (_COUNTS.replace("name_of(user, 'waiting_counts')", "user"), "", "", 1),
        (_COUNTS, "def g(user):\n    return redis_client.get(name_of(user, 'waiting_counts'))\n", "", 1),
        (_COUNTS, "", "KEY = 'waiting_counts'", 1),
        (_COUNTS, f"def g(user, topics):{_COUNTS}", "", 0),
    ],
)
def test_nobody_misses_what_is_read_nowhere(tmp_path: Path, body: str, rest: str, other: str, count: int) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "other.py").write_text(other)
    text = f"import json\nfrom app.clients import redis_client\ndef f(user, topics):{body}\n{rest}"
    found = rewrites.rewrites(model(text, str(tmp_path / "shop.py"), Settings()))
    assert len(list(found)) == count
    alone = list(rewrites.rewrites(model(text)))
    assert len(alone) >= 1


def test_the_first_row_of_several_has_a_name_of_its_own() -> None:
    table = "class Project(Model):\n    name = Field()\n    owner = Field()\n"
    body = (
        "project = Project.query.filter_by(owner=key).first()\nif not project:\n    session.add(Project({}owner=key))"
    )
    assert lost(body.format(""), table) == ["Project(owner)"]
    assert lost(body.format("name=key, "), table) == ["Project(owner)"]
    assert lost(body.format("name='Default', "), table) == []


def test_a_record_that_is_touched_or_written_twice() -> None:
    body = "entry = cache.get(key)\nentry['{}'] = r\ncache.set(key, entry)"
    head = "from django.core.cache import cache\n"
    assert lost(body.format("state"), head) == ["cache.set()"]
    assert lost(body.format("last_seen_at"), head) == []
    branches = (
        "entry = cache.get(key)\nentry['n'] += 1\nif r:\n    cache.set(key, entry)\nelse:\n    cache.set(key, entry, 5)"
    )
    assert lost(branches, head) == ["cache.set()"]
