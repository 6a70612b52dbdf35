"""Rows that are written in their own way, and functions that only tools call: what the rest of a project says."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import model

from flake8_scalability.model.batching.item_reads import reads
from flake8_scalability.model.batching.item_writes import writes
from flake8_scalability.options import Settings

SHOP = "from shop.models import Order\ndef f(keys):\n for k in keys:\n  Order.objects.create(key=k)\n"


def project(folder: Path, files: dict[str, str]) -> None:
    """Lay out the files of a project."""
    (folder / ".git").mkdir()
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.mark.parametrize(
    ("files", "lines"),
    [
        ({"shop/models.py": "class Order(models.Model):\n    key = 1\n"}, [4]),
        ({"shop/models.py": "class Order(models.Model):\n    def save(self):\n        pass\n"}, []),
        ({"shop/models.py": "from .base import Base\nclass Order(Base):\n    key = 1\n",
          "shop/base.py": "class Base(models.Model):\n    @hook(AFTER_CREATE)\n    def tell(self): pass\n"}, []),
        ({"shop/models.py": "from treebeard.mp_tree import MP_Node\nclass Order(MP_Node):\n    key = 1\n"}, []),
        ({"shop/models.py": "class Order(models.Model):\n    key = 1\n",
          "shop/signals.py": "@receiver([post_save, post_delete], sender=Order)\ndef f(**kwargs): pass\n"}, []),
        ({"shop/models.py": "class Order(models.Model):\n    key = 1\n",
          "shop/signals.py": "post_save.connect(tell, sender=models.Order)\n"}, []),
        ({"shop/models.py": "class Order(models.Model):\n    key = 1\n",
          "shop/signals.py": "@receiver(post_save, sender=OrderLine)\ndef f(**kwargs): pass\n"}, [4]),
        ({"shop/models.py": "from .managers import Orders\nclass Order(models.Model):\n    objects = Orders()\n",
          "shop/managers.py": "class Orders(models.Manager):\n    def create(self, key): pass\n"}, []),
        ({"shop/models.py": "from .managers import Orders\nclass Order(models.Model):\n    objects = Orders()\n",
          "shop/managers.py": "class Orders(models.Manager):\n    def open(self): pass\n"}, [4]),
        ({"shop/models.py": "class Order(models.Model):\n    objects = managers.Orders()\n"}, [4]),
    ],
)  # fmt: skip
def test_rows_of_a_class_of_the_project(tmp_path: Path, files: dict[str, str], lines: list[int]) -> None:
    project(tmp_path, {**files, "shop/urls.py": "from shop.views import f\nf(load())\n"})
    found = model(SHOP, str(tmp_path / "shop" / "views.py"), Settings())
    assert [write.node.lineno for write in writes(found)] == lines


def test_a_class_of_a_module_of_models(tmp_path: Path) -> None:
    project(tmp_path, {"shop/models.py": "class Order(models.Model):\n    def save(self):\n        pass\n"})
    source = SHOP.replace("shop.models import Order", "shop import models").replace(
        "Order.objects", "models.Order.objects"
    )
    found = model(source, str(tmp_path / "shop" / "views.py"), Settings())
    assert not list(writes(found))


def test_writes_of_functions_that_only_tools_call(tmp_path: Path) -> None:
    project(tmp_path, {"shop/management/commands/x.py": "from shop.make import f\nf(load())\n"})
    found = model(SHOP, str(tmp_path / "shop" / "make.py"), Settings())
    assert not list(writes(found))


def test_what_answers_requests_is_no_tools_whoever_else_calls_it(tmp_path: Path) -> None:
    project(tmp_path, {"shop/management/commands/x.py": "from shop.views import look\nlook(load())\n"})
    source = "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/')\n" + LOOK.partition("\n")[2]
    found = model("from shop.models import Order\n" + source, str(tmp_path / "shop" / "views.py"), Settings())
    assert [read.node.lineno for read in reads(found)] == [6]


LOOK = "from shop.models import Order\ndef look(keys):\n    return [Order.objects.get(key=k) for k in keys]\n"
INNER = LOOK.replace("def look", "def _look") + "def look(keys):\n    return _look(keys)\n"
CALLS = "from shop.look import look\n"
SERVES = CALLS + "def v(r):\n    look(r.keys)\n"


@pytest.mark.parametrize(
    ("source", "files", "lines"),
    [
        (LOOK, {}, []),
        (LOOK, {"shop/api.py": SERVES}, [3]),
        (LOOK, {"shop/api.py": CALLS + "def v(r):\n    look([r.key])\n"}, []),
        (LOOK, {"shop/management/commands/x.py": CALLS + "look(load())\n"}, []),
        (LOOK, {"shop/migrations/0002_x.py": CALLS + "look(load())\n"}, []),
        (LOOK, {"shop_cli.py": CALLS + "def main():\n    look(load())\n"}, []),
        (LOOK, {"manage.py": CALLS + "look(load())\n", "shop/__init__.py": CALLS}, []),
        (LOOK, {"manage.py": CALLS + "@app.route('/')\ndef v():\n    look(request.json)\n"}, [3]),
        (LOOK, {"shop/__init__.py": CALLS + "def v(r):\n    look(r.keys)\n"}, [3]),
        (LOOK, {"tests/test_look.py": CALLS + "look(load())\n"}, []),
        (LOOK, {"shop/migrations/0002_x.py": CALLS, "shop/views.py": SERVES}, [3]),
        (LOOK, {"shop/main.py": CALLS + "app = FastAPI()\n@app.on_event('startup')\ndef s():\n    look(load())\n"}, []),
        (INNER, {"shop/management/commands/x.py": CALLS + "look(load())\n"}, []),
        (INNER, {"shop/api.py": SERVES}, [3]),
        (INNER + "def also(keys):\n    return _look(keys)\n", {"bin/x.py": CALLS + "look(load())\n"}, [3]),
        (INNER + "register(_look)\n", {"bin/x.py": CALLS + "look(load())\n"}, [3]),
        (LOOK.replace("def look", "def __call__"), {"bin/x.py": "__call__"}, [3]),
    ],
)
def test_functions_that_only_tools_call(tmp_path: Path, source: str, files: dict[str, str], lines: list[int]) -> None:
    project(tmp_path, files)
    found = model(source, str(tmp_path / "shop" / "look.py"), Settings())
    assert [read.node.lineno for read in reads(found)] == lines


TASK = """from celery import shared_task
from shop.models import Order, Line
@shared_task
def fill(offset=0):
    for order in Order.objects.all()[offset : offset + 500]:
        yield order, Line.objects.filter(order=order).first()
    fill.delay(offset=offset + 500)
"""
BEGIN = "@shared_task\ndef begin():\n    fill.delay()\n"
NAMES = "from shop.look import begin, fill\n"


@pytest.mark.parametrize(
    ("source", "files", "lines"),
    [
        (TASK, {"shop/management/commands/x.py": NAMES + "fill.delay()\n"}, []),
        (TASK + BEGIN, {"shop/management/commands/x.py": NAMES + "begin.delay()\n"}, []),
        (TASK + BEGIN, {"shop/views.py": NAMES + "def v(r):\n    begin.delay()\n"}, [6]),
        (TASK, {"shop/celery.py": "beat_schedule = {'x': {'task': 'shop.look.fill'}}\n"}, [6]),
        (TASK + "register(fill)\n", {"shop/management/commands/x.py": NAMES + "fill.delay()\n"}, [6]),
        (TASK, {}, [6]),
    ],
)
def test_tasks_that_only_tools_start(tmp_path: Path, source: str, files: dict[str, str], lines: list[int]) -> None:
    project(tmp_path, files)
    found = model(source, str(tmp_path / "shop" / "look.py"), Settings())
    assert [read.node.lineno for read in reads(found)] == lines


HANDLE = "def f(store, keys):\n    return [store.get_tag(k) for k in keys]\n"
ABOVE = "class Store:\n    def get_tag(self, key):\n        "


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [2]),
        (ABOVE + "return self.data['requests'].get(key)\n", []),
        (ABOVE + '"""Asks the db."""\n        return self.tags[key] if self.tags else None\n\nx = db\n', []),
        (ABOVE + "return self.session.get(Tag, key)\n", [2]),
        (ABOVE + "return self.get_row(key)\n", [2]),
        (ABOVE + "raise NotImplementedError\n", [2]),
        (ABOVE + "yield self.tags[key]\n", [2]),
        (ABOVE + "return tags[key]\n", [2]),
        ("class Store:\n    async def get_tag(self, key):\n        return self.tags[key]\n", [2]),
        ("def get_tag():\n    return 1\n", [2]),
        (ABOVE + "return self.tags[\n", [2]),
        (ABOVE + "return self.tags[key]\n" + ABOVE.replace("Store", "Other") + "return ask(Tag.objects, key)\n", [2]),
    ],
)  # fmt: skip
def test_handles_that_keep_their_data_in_memory(tmp_path: Path, text: str, lines: list[int]) -> None:
    project(tmp_path, {"shop/store.py": text, "shop/urls.py": "from shop.views import f\nf(store, load())\n"})
    found = model(HANDLE, str(tmp_path / "shop" / "views.py"), Settings())
    assert [read.node.lineno for read in reads(found)] == lines


def test_a_handle_of_a_package_is_no_object_of_the_project(tmp_path: Path) -> None:
    project(
        tmp_path, {"shop/store.py": ABOVE + "return self.tags[key]\n", "urls.py": "from a import f\nf(lib, load())\n"}
    )
    found = model("import lib\n" + HANDLE.replace("store.", "lib.store."), str(tmp_path / "a.py"), Settings())
    assert [read.node.lineno for read in reads(found)] == [3]
