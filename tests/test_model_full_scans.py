"""Commands that walk everything: what is one, and what only has its name."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from flake8_scalability.model.database.full_scans import full_scans
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Settings


def found(body: str, head: str = "from .stores import redis_client, table") -> list[str]:
    """Return what the commands in a function's body do."""
    lines = f"{head}\ndef handle(item, cursor):\n    {body}\n".splitlines(True)
    source = SourceFile(ast.parse("".join(lines)), "service.py", lines, Settings(no_project=True))
    return [scan.does for scan in full_scans(source)]


KEYS = "walks every key of the store"
TABLE = "reads the whole table"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("redis_client.keys('a:*')", [KEYS]),
        ("redis_client.keys(pattern=item)", [KEYS]),
        ("redis_client.keys()", []),
        ("item.keys('a')", []),
        ("redis_client.flushdb(asynchronous=True)", []),
        ("redis_client.scan(cursor)", []),
    ],
)
def test_redis(body: str, expected: list[str]) -> None:
    assert found(body) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("table.scan()", [TABLE]),
        ("table.scan(FilterExpression=item)", [TABLE]),
        ("table.scan(Limit=5)", []),
        ("table.scan(ExclusiveStartKey=item)", []),
        ("table.scan(item)", []),
        ("settings_table.scan()", []),
        ("scanner.scan()", []),
        ("client.get_paginator('scan').paginate(TableName='t')", [TABLE]),
    ],
)
def test_dynamodb(body: str, expected: list[str]) -> None:
    assert found(body, "import boto3  # dynamodb") == expected


@pytest.mark.parametrize(
    ("head", "name", "command", "expected"),
    [
        ("", "begin", "flushdb()", False),
        ("@shared_task\n", "begin", "flushdb()", True),
        ("", "__init__", "keys('a:*')", False),
        ("", "reset", "keys('a:*')", True),
    ],
)
def test_what_a_function_is_called_for(head: str, name: str, command: str, expected: bool) -> None:
    body = f"pass\n\n{head}def {name}(self):\n    self.redis_client.{command}\n"
    assert bool(found(body, "import redis\nfrom celery import shared_task")) is expected


def test_elsewhere_the_names_mean_something_else() -> None:
    assert found("table.scan()", "") == []
    assert found("cache.keys('a*')", "") == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("while item: es.search(from_=cursor); cursor += 10", 1),
        ("es.search(from_=cursor)", 0),
        ("for page in range(3): es.search(from_=page * 10)", 0),
        ("for page in item: es.search(body={'from': page * 10})", 1),
        ("while item: es.search(search_after=cursor); cursor += 10", 0),
    ],
)
def test_deep_pages(body: str, expected: int) -> None:
    body = body.replace("while item: ", "while item:\n        ").replace("; cursor", "\n        cursor")
    assert len(found(body, "import elasticsearch")) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return list(self.client.scan_iter(pattern))", 0),
        ("return self.client.keys(pattern)", 1),
    ],
)
@pytest.mark.parametrize(
    "head", ["from django.core.cache import cache", "from .stores import Steps\n\ncache = Steps()  # redis"]
)
def test_a_method_of_the_projects_own(tmp_path: Path, head: str, body: str, expected: int) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "stores.py").write_text(f"class Steps(Cache):\n    def keys(self, pattern):\n        {body}\n")
    (tmp_path / "settings.py").write_text("CACHES = {'default': {'BACKEND': 'stores.Steps'}}\n")
    text = f"{head}\n\ndef forget(shop):\n    return cache.keys(f'{{shop}}:*')\n\ndef close(shop):\n    forget(shop)\n"
    lines = text.splitlines(True)
    (tmp_path / "service.py").write_text(text)
    source = SourceFile(ast.parse(text), str(tmp_path / "service.py"), lines, Settings())
    assert len(list(full_scans(source))) == expected


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ({}, 0),
        ({"tests/test_service.py": "from service import forget\n\nforget(1)\n"}, 0),
        ({"shops.py": "from service import forget\n\ndef close(shop):\n    forget(shop)\n"}, 1),
    ],
)
def test_a_function_that_nobody_calls(tmp_path: Path, others: dict[str, str], expected: int) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    text = "from .stores import redis_client\n\ndef forget(shop):\n    return redis_client.keys(f'{shop}:*')\n"
    for name, each in {"service.py": text, **others}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(each)
    source = SourceFile(ast.parse(text), str(tmp_path / "service.py"), text.splitlines(True), Settings())
    assert len(list(full_scans(source))) == expected
