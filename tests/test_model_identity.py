"""Where the identity of this machine or process decides, is written down, or becomes part of an id."""

from __future__ import annotations

import pytest
from support import model

from flake8_scalability.model.scaling import identity

HEAD = "import os, platform, socket, uuid\n"


def uses(body: str) -> list[str]:
    return [use.why.split()[0] for use in identity.uses(model(f"{HEAD}{body}\n"))]


@pytest.mark.parametrize(
    "body",
    [
        "if socket.gethostname() == 'web-1':\n    lead()",
        "if socket.gethostname() == LEADER:\n    lead()",
        "if socket.gethostname() in ('web-1', 'web-2'):\n    lead()",
        "if platform.node() == os.environ['LEADER']:\n    lead()",
        "if os.uname().nodename == 'web-1':\n    lead()",
        "if os.getenv('HOSTNAME') == 'web-1':\n    lead()",
        "if os.environ.get('POD_NAME') == 'web-0':\n    lead()",
        "if socket.gethostbyname(socket.gethostname()) == '10.0.0.1':\n    lead()",
        "name = socket.gethostname()\ndef f():\n    if name == 'web-1':\n        lead()",
        "class A:\n    def __init__(self):\n        self.host = socket.gethostname()\n"
        "    def f(self):\n        while self.host == 'web-1':\n            lead()",
    ],
)
def test_the_name_of_the_machine_decides(body: str) -> None:
    assert uses(body) == ["decides"]


@pytest.mark.parametrize(
    "body",
    [
        "if socket.gethostname() == other:\n    lead()",
        "if socket.gethostname():\n    lead()",
        "if os.getpid() == 1:\n    lead()",
        "if os.getenv('HOME') == 'web-1':\n    lead()",
        "if os.getenv(name) == 'web-1':\n    lead()",
        "if os.uname().release == '6':\n    lead()",
        "if socket.gethostbyname('db') == '10.0.0.1':\n    lead()",
        "name, other = socket.gethostname(), 1\nif name == 'web-1':\n    lead()",
        "name = socket.gethostname().lower()\nif name == 'web-1':\n    lead()",
        "name = socket.gethostname()\ndef f(name):\n    if name == 'web-1':\n        lead()",
        "def gethostname():\n    return 1\nif gethostname() == 'web-1':\n    lead()",
        "log.info(socket.gethostname())",
        "f = lambda: os.getpid()",
    ],
)
def test_nothing_depends_on_it(body: str) -> None:
    assert uses(body) == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("worker = os.getpid() % 1024", ["numbers"]),
        ("node_id = uuid.getnode() & 1023", ["numbers"]),
        ("start(worker_id=os.getpid() % 8)", ["numbers"]),
        ("def node(): return os.getpid() % 8", ["numbers"]),
        ("mark = os.getpid() & 0xFF00", []),
        ("value = os.getpid() % 2", []),
        ("value = 5 % os.getpid()", []),
        ("order(order_id=f'{os.getpid()}-1')", ["becomes"]),
        ("order(worker_id=f'{os.getpid()}-1')", []),
        ("order(**{'a': os.getpid()})", []),
        ("row = {'order_id': str(os.getpid())}", ["becomes"]),
        ("row = {name: os.getpid()}", []),
        ("order_id = str(os.getpid())", ["becomes"]),
        ("order_id = count(os.getpid())", []),
    ],
)
def test_numbers_and_ids(body: str, expected: list[str]) -> None:
    found = uses(body)
    assert len(found) == len(expected)
    assert "becomes" in expected or found == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("if not os.path.exists('a.pid'):\n    open('a.pid', 'w').write(str(os.getpid()))", ["marks"]),
        ("if not path.is_file():\n    path.write_text(str(os.getpid()))", ["marks"]),
        ("os.kill(other, 0)\nfile.write(f'{os.getpid()}')", ["marks"]),
        ("open('a.pid', 'w').write(str(os.getpid()))", []),
        ("path.write_text(str(os.getpid()))", []),
        ("file = os.open('a', os.O_CREAT | os.O_EXCL)\nos.write(file, str(os.getpid()).encode())", ["elects"]),
        ("fcntl.flock(file, 1)\nfile.write(str(os.getpid()))", []),
        ("fcntl.flock(file, 1)\nos.kill(1, 0)\nfile.write(str(os.getpid()))", ["marks"]),
        ("stdout.write(str(os.getpid()))", []),
        ("file.write(socket.gethostname())", []),
        ("os.getpid().bit_length()", []),
    ],
)
def test_files_of_numbers(body: str, expected: list[str]) -> None:
    assert uses(body) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("def f(path):\n    file = open(path, 'w')\n    file.write(str(os.getpid()))", []),
        (
            "def f(path):\n    if os.path.isfile(path): return\n    file = open(path, 'w')\n"
            "    file.write(str(os.getpid()))",
            ["marks"],
        ),
        ("def f(path):\n    fcntl.flock(path, 1)\n    file = open(path, 'w')\n    file.write(str(os.getpid()))", []),
        (
            "def f(path, other):\n    fcntl.flock(path, 1)\n    file = open(path, 'w')\n"
            "    file.write(str(os.getpid()))\n    os.kill(other, 0)",
            ["marks"],
        ),
        (
            "def f(path):\n    fd = os.open(path, os.O_CREAT | os.O_EXCL)\n    os.write(fd, str(os.getpid()).encode())",
            ["elects"],
        ),
        ("def f(fd):\n    os.write(fd, str(os.getpid()).encode())", []),
        ("def f(fd):\n    pid_exists(1)\n    os.write(fd, str(os.getpid()).encode())", ["marks"]),
        ("def f():\n    order_id = f'a@{socket.gethostname()}'", []),
        ("def f():\n    order_id = '{}@{}'.format('a', socket.gethostname())", []),
        ("def f():\n    order_id = f'{socket.gethostname()}@a'", ["becomes"]),
        ("def random_number():\n    number = uuid.getnode() % 64", []),
    ],
)
def test_the_number_of_the_process_in_a_file(body: str, expected: list[str]) -> None:
    assert uses(body) == expected


@pytest.mark.parametrize(
    ("test", "end", "expected"),
    [
        ("os.path.exists(path)", "raise SystemExit(1)", ["marks"]),
        ("path.is_file()", "return", ["marks"]),
        ("path.exists()", "sys.exit('runs')", ["marks"]),
        ("path.exists()", "path.unlink()", []),
        ("path.exists()", "number = 5", []),
        ("path.parts", "return", []),
    ],
)
def test_a_file_that_keeps_another_process_from_starting(test: str, end: str, expected: list[str]) -> None:
    body = f"def begin(path):\n    if {test}:\n        {end}\n    path.write_text(str(os.getpid()))"
    assert uses(body) == expected
