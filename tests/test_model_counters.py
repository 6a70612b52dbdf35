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


HANDLER = "from flask import Flask\napp = Flask('a')\n" + COUNT


@pytest.mark.parametrize(
    "given",
    [
        "return total",
        "return f'B-{total:05d}'",
        "return {'number': total}",
        "number = total\n    return number",
        "order_id: int = total\n    return str(order_id)",
        "number = total\n    save(number=number)",
        "orders[total] = 1",
    ],
)
def test_what_is_numbered(given: str) -> None:
    assert matter(COUNT + f"    {given}\n") == ["total"]


@pytest.mark.parametrize(
    "given",
    [
        "return {'total': total}",
        "return servers[total % 3]",
        "return total > 0",
        "save(total)",
        "save(text=total)",
        "i = total\n    save({f'p{i}': 1})",
        "answer.number = total",
        "answer.width = total",
        "number, other = total, 1\n    return other",
        "log.info('%d', total)",
        "pass\ndef show():\n    return total",
    ],
)
def test_what_numbers_nothing(given: str) -> None:
    assert matter(COUNT + f"    {given}\n") == []


@pytest.mark.parametrize("name", ["request_number", "next_message", "alias_number", "_reason_id"])
def test_numbers_of_what_passes(name: str) -> None:
    assert matter(COUNT.replace("total", name) + f"    return {name}\n") == []


def test_a_handler_numbers_what_it_keeps() -> None:
    answer = "@app.post('/orders')\ndef order():\n    count()\n    return ''\n"
    assert matter(HANDLER + "    row.number = total\n" + answer) == ["total"]
    assert matter(HANDLER + "    number = total\n" + answer) == ["total"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("if total > 100:\n        raise ValueError", ["total"]),
        ("if open and total + 1 >= LIMIT:\n        log('full')\n        return False", ["total"]),
        ("if total < LIMIT:\n        work()\n    else:\n        return False", ["total"]),
        ("return total < LIMIT", ["total"]),
        ("have = total\n    if have > LIMIT:\n        return 1", ["total"]),
        ("while total > 100:\n        break", ["total"]),
        ("if total > 100:\n        log('many')", []),
        ("if total > 0:\n        return 1", []),
        ("if total == 100:\n        return 1", []),
        ("if total % 100 > 50:\n        return 1", []),
        ("if weigh(total) > 50:\n        return 1", []),
        ("if total:\n        return 1", []),
        ("global total\n    if total > 100:\n        total = 0\n        return clean()", []),
    ],
)
def test_limits(source: str, expected: list[str]) -> None:
    assert matter(COUNT + f"def ask():\n    {source}\n") == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def ask():\n    return {'total': total}", ["total"]),
        ("def ask():\n    answer = {'total': total}\n    return jsonify(answer)", ["total"]),
        ("def health():\n    return {'total': total}", []),
        ("def ask():\n    return 'many' if total > 10 else ''", []),
        ("def ask():\n    answer.total = total\n    return ''", []),
        ("def ask():\n    print(total)\n    return ''", []),
        ("def ask():\n    statsd.gauge('total', total)\n    return {'total': total}", []),
    ],
)
def test_what_a_handler_answers(source: str, expected: list[str]) -> None:
    assert matter(HANDLER + f"@app.get('/')\n{source}\n") == expected


@pytest.mark.parametrize(
    "name", ["in_flight", "open_connections_depth", "failed_calls", "retries", "consecutive_errors"]
)
def test_numbers_of_one_process(name: str) -> None:
    assert matter(COUNT.replace("total", name) + f"    return {name}\n") == []


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
    guard = "    return total\nif __name__ == '__main__':\n    serve_forever()\n"
    assert matter(f"import {imported}\n{COUNT}{guard}") == expected


def test_no_other_file_is_asked_without_a_project(tmp_path: Path) -> None:
    source = "from flask import Flask\napp = Flask('a')\ntotal = 0\n@app.get('/')\ndef sell():\n    global total\n"
    assert matter(f"{source}    total += 1\n", str(tmp_path / "sales.py")) == []
