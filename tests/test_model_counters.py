"""Which counters somebody asks for, so that another instance would tell something else."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest
from support import model

from flake8_scalability.model.scaling import counters
from flake8_scalability.model.stateless.roles import Role
from flake8_scalability.options import Settings

COUNT = "total = 0\ndef count():\n    global total\n    total += 1\n"


def matter(source: str, path: str = "service.py", settings: Settings | None = None) -> list[str]:
    found = model(dedent(source), path, settings)
    shared = (each for each in found.changed_while_serving if each.role is Role.COUNTER)
    return [each.state.name for each in shared if counters.matters(each, found)]


@pytest.mark.parametrize(
    "asking",
    [
        "return total",
        "return {'total': total}",
        "yield total",
        "if total > 100:\n        raise ValueError",
        "while total > 100:\n        wait()",
        "answer(total)",
        "answer.total = total",
        "answer['total'] = total",
        "number = total\n    return number",
        "number: int = total\n    return str(number)",
        "number = {'total': total}\n    answer(number)",
    ],
)
def test_what_is_told(asking: str) -> None:
    assert matter(COUNT + f"def ask(answer):\n    {asking}\n") == ["total"]


@pytest.mark.parametrize(
    "asking",
    [
        "log.info('%d', total)",
        "print(total)",
        "logger.info({'total': int(total)})",
        "if total % 100 == 0:\n        work()",
        "number = total\n    log.info(number)",
        "number, other = total, 1\n    return other",
        "number = str(total)",
        "assert total",
        "str(total)",
        "return answer.total",
        "statsd.gauge('total', total)\n    return total",
        "metrics.register(total)\n    return total",
    ],
)
def test_what_is_not_told(asking: str) -> None:
    assert matter(COUNT + f"def ask(answer):\n    {asking}\n") == []


@pytest.mark.parametrize(
    "name", ["in_flight", "open_connections_depth", "failed_calls", "retries", "consecutive_errors"]
)
def test_numbers_of_one_process(name: str) -> None:
    assert matter(COUNT.replace("total", name) + f"def ask():\n    return {name}\n") == []


def test_what_goes_up_and_down_in_one_call_is_how_busy_it_is() -> None:
    source = "total = 0\ndef work(f):\n    global total\n    total += 1\n    f()\n    total -= 1\n    return total\n"
    assert matter(source) == []


@pytest.mark.parametrize(
    ("owner", "path", "expected"),
    [
        ("Sales", "service.py", ["Sales.total"]),
        ("InMemorySales", "service.py", []),
        ("SalesMetrics", "service.py", []),
        ("Sales", "telemetry.py", []),
    ],
)
def test_instruments_and_stand_ins(owner: str, path: str, expected: list[str]) -> None:
    source = f"""
        class {owner}:
            total = 0

            @classmethod
            def sell(cls):
                cls.total += 1
                return cls.total
    """
    assert matter(source, path) == expected


@pytest.mark.parametrize(("imported", "expected"), [("argparse", []), ("asyncio", ["total"])])
def test_programs_serve_nobody(imported: str, expected: list[str]) -> None:
    guard = "def ask():\n    return total\nif __name__ == '__main__':\n    serve_forever()\n"
    assert matter(f"import {imported}\n{COUNT}{guard}") == expected


@pytest.mark.parametrize(
    ("name", "other", "expected"),
    [
        ("total", "from sales import total\n", ["total"]),
        ("total", "import sales\nprint(sales.total)\n", ["total"]),
        ("total", "total = 3\n", []),
        ("_total", "import sales\nprint(sales._total)\n", []),
    ],
)
def test_another_file_may_ask(tmp_path: Path, name: str, other: str, expected: list[str]) -> None:
    (tmp_path / "requirements.txt").touch()
    (tmp_path / "views.py").write_text(other)
    source = f"from flask import Flask\napp = Flask('a')\n{name} = 0\n@app.get('/')\ndef sell():\n    global {name}\n"
    assert matter(f"{source}    {name} += 1\n", str(tmp_path / "sales.py"), Settings()) == expected


def test_no_other_file_is_asked_without_a_project(tmp_path: Path) -> None:
    source = "from flask import Flask\napp = Flask('a')\ntotal = 0\n@app.get('/')\ndef sell():\n    global total\n"
    assert matter(f"{source}    total += 1\n", str(tmp_path / "sales.py")) == []
