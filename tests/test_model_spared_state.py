"""State and settings that a look at the rest of the project, or at who changes them, spares."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from support import analyse, model

from flake8_scalability import engine
from flake8_scalability.options import Settings

LAYER = 'CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}\n'
STATE_FILE = """
import json
FILE = "shop/plan.json"

def read_plan():
    with open(FILE) as file:
        return json.load(file)

def write_plan(plan):
    with open(FILE, "w") as file:
        json.dump(plan, file)
"""


def found(folder: Path, name: str, text: str, **others: str) -> list[str]:
    """Return the codes of what is found in a file of a project with these other modules."""
    folder = folder / "shop"  # the name of a test's own folder says that nothing there is for production
    folder.mkdir()
    (folder / "pyproject.toml").write_text("[project]\n")
    for other, source in others.items():
        (folder / f"{other}.py").write_text(source)
    path = folder / name
    path.write_text(text)
    lines = text.splitlines(keepends=True)
    return [report.text[:6] for report in engine.analyse(ast.parse(text), str(path), lines, Settings(), strict=True)]


@pytest.mark.parametrize(
    ("other", "codes"),
    [
        pytest.param("x = 1\n", [], id="nobody uses channels"),
        pytest.param("from channels.routing import ProtocolTypeRouter\n", [], id="a router alone"),
        pytest.param("from channels.generic.websocket import WebsocketConsumer\n", ["SCL306"], id="a consumer"),
        pytest.param("def f(self):\n    return self.channel_layer\n", ["SCL306"], id="the layer of a consumer"),
    ],
)
def test_a_layer_that_nobody_uses(tmp_path: Path, other: str, codes: list[str]) -> None:
    assert found(tmp_path, "settings.py", LAYER, consumers=other) == codes


@pytest.mark.parametrize(
    ("other", "codes"),
    [
        pytest.param("from plans import write_plan\nwrite_plan({})\n", [], id="as a module is imported"),
        pytest.param(
            "import argparse\nfrom plans import write_plan\ndef main():\n    write_plan({})\n", [], id="a program"
        ),
        pytest.param("from plans import write_plan\ndef f():\n    write_plan({})\n", ["SCL307"], id="again and again"),
        pytest.param("x = 1\n", ["SCL307"], id="nobody in sight"),
    ],
)
def test_state_files_that_programs_write(tmp_path: Path, other: str, codes: list[str]) -> None:
    assert found(tmp_path, "plans.py", STATE_FILE, other=other) == codes


@pytest.mark.parametrize(
    ("name", "count"),
    [("jobs.py", 1), ("create_test_data.py", 0), ("fixtures.py", 0), ("latest_data.py", 1)],
)
def test_data_of_tests(name: str, count: int) -> None:
    source = "orders = []\ndef take(order):\n    orders.append(order)\ndef taken():\n    return list(orders)\n"
    assert len(model(source, name).changed_while_serving) == count


@pytest.mark.parametrize(
    ("owner", "docstring", "count"),
    [
        ("DevOpsJobs", "", 1),
        ("DevJobs", "", 0),
        ("FakeJobs", "", 0),
        ("Jobs", "A mocked list of jobs.", 0),
        ("Jobs", "Jobs, for unit tests.", 0),
        ("Jobs", "The jobs of a mock exchange.", 1),
    ],
)
def test_stand_ins_say_so(owner: str, docstring: str, count: int) -> None:
    source = f"""
class {owner}:
    \"\"\"{docstring}\"\"\"
    jobs = []

    def add(self, job):
        self.jobs.append(job)

    def all(self):
        return list(self.jobs)
"""
    assert len(model(source).changed_while_serving) == count


@pytest.mark.parametrize(
    ("line", "count"),
    [
        pytest.param("app = cursor.fetchone()", 0, id="a row"),
        pytest.param("app = rows[0]", 0, id="an item"),
        pytest.param("app = {}", 0, id="a dictionary"),
        pytest.param("app = get_app()", 1, id="the application"),
        pytest.param("app = request.app", 1, id="the application of the request"),
        pytest.param("app = apps['shop']", 1, id="one of several applications"),
        pytest.param("pass", 1, id="not in sight"),
    ],
)
def test_what_is_called_app(line: str, count: int) -> None:
    source = f"""
from aiohttp import web
routes = web.RouteTableDef()

@routes.post("/a")
async def f(request):
    {line}
    app["jobs"] = {{}}
    app["jobs"]["a"] = request
    return app["jobs"]
"""
    assert len(model(source).changed_while_serving) == count


def test_connections_are_broadcast_to_or_meet_each_other() -> None:
    source = """
# {note}
class Manager:
    def __init__(self):
        self.sockets = {{}}  # SCL305
    def keep(self, name, websocket):
        self.sockets[name] = websocket
    def find(self, name):
        return self.sockets.get(name)
    def tell(self, name, text):
        return {way}
manager = Manager()
"""
    assert analyse(source.format(note="", way="self.sockets[name].send(text)")) == [(5, "SCL305")]
    assert analyse(source.format(note="sticky sessions", way="self.sockets[name].send(text)")) == [(5, "SCL305")]
    assert analyse(source.format(note="", way="None")) == [(5, "SCL305")]
    assert analyse(source.format(note="sticky sessions", way="None")) == []


HALL = """
class Hall:
    def __init__(self):
        self.guests = {}

    def enter(self, name, websocket):
        self.guests[name] = websocket

    async def tell(self, text):
        for websocket in self.guests.values():
            await websocket.send_text(text)

    async def send_out_of_hall(self, name):
        await self.guests[name].send_text("go")

hall = Hall()
"""


def test_connections_that_another_file_feeds_from_a_channel(tmp_path: Path) -> None:
    hearing = "from hall import hall\nasync def hear(channel, people):\n    await channel.subscribe('all')\n"
    fed = hearing + "    await people.send_out_of_hall('a')\n"
    telling = "from hall import hall\nasync def say(text):\n    await hall.tell(text)\n"
    for number, (other, codes) in enumerate(((fed, []), (hearing, ["SCL305"]))):
        folder = tmp_path / str(number)
        folder.mkdir()
        assert found(folder, "hall.py", HALL, news=telling, channel=other) == codes


def test_connections_to_which_nobody_sends(tmp_path: Path) -> None:
    for number, (line, codes) in enumerate((("hall.tell(text)", ["SCL305"]), ("hall.enter(text, text)", []))):
        folder = tmp_path / str(number)
        folder.mkdir()
        telling = f"from hall import hall\nasync def say(text):\n    await {line}\n"
        assert found(folder, "hall.py", HALL, news=telling) == codes
    folder = tmp_path / "own"
    folder.mkdir()
    assert found(folder, "hall.py", HALL + "async def say():\n    await hall.tell('a')\n", news="import hall\n") == [
        "SCL305"
    ]


@pytest.mark.parametrize(
    ("other", "codes"),
    [
        ('app.config["SESSION_TYPE"] = "redis"\n', []),
        ("app.config.update(SESSION_REDIS=redis)\n", []),
        ('app.config["SESSION_TYPE"] = "filesystem"\n', ["SCL306"]),
    ],
)
def test_a_default_that_another_file_replaces(tmp_path: Path, other: str, codes: list[str]) -> None:
    assert found(tmp_path, "config.py", 'SESSION_TYPE = "filesystem"\n', shop=other) == codes


FILLED_WHILE_SERVING = """
from flask import Flask
from opened import fill

app = Flask(__name__)

@app.post("/words")
def known(word):
    fill([(word,)])
"""
OPENED_BY_HAND = """
import sqlite3

def fill(rows):
    connection = sqlite3.connect("./words.db")
    connection.executemany("INSERT INTO words VALUES (?)", rows)

def rows_of(name):
    with open(name) as file:
        return [(line,) for line in file]

def spelled(word):
    return word.lower()

if __name__ == "__main__":
    fill(rows_of("words.txt"))
"""


@pytest.mark.parametrize(
    ("other", "codes"),
    [
        ("from opened import spelled\n\ndef known(word):\n    return spelled(word)\n", []),
        (
            FILLED_WHILE_SERVING,
            ["SCL307"],
        ),
    ],
)
def test_a_database_that_is_filled_by_hand(tmp_path: Path, other: str, codes: list[str]) -> None:
    assert found(tmp_path, "opened.py", OPENED_BY_HAND, words=other) == codes
