"""Which code runs for developers alone."""

from __future__ import annotations

import pytest
from support import model

from flake8_scalability.model.running import developing

DENIES = "def is_mine():\n    if not settings.DEBUG:\n        return False\n    return True\n\n"


def answer(source: str) -> bool:
    file = model(source)
    node, scope = file.calls_by_name["connect"][0]
    return developing.is_for_developers(node, scope, file)


@pytest.mark.parametrize(
    "source",
    [
        "if settings.DEBUG:\n    connect()",
        "if not DEBUG:\n    pass\nelse:\n    connect()",
        "if settings.DEBUG and ready:\n    connect()",
        "def f():\n    if not settings.DEBUG:\n        return None\n    return connect()",
        "def f():\n    if not settings.DEBUG or not ready:\n        return None\n    return connect()",
        "def f():\n    return connect()\ndef g():\n    if not settings.DEBUG:\n        raise Http404\n    return f()",
        "def is_dev_env(): return STAGE in STAGES\ndef f():\n    if not is_dev_env():\n        return\n    connect()",
        DENIES + "def f():\n    if not is_mine():\n        return None\n    return connect()",
        DENIES + "def f():\n    return connect()\ndef g():\n    if is_mine():\n        return f()",
    ],
)
def test_for_developers(source: str) -> None:
    assert answer(source)


@pytest.mark.parametrize(
    "source",
    [
        "connect()",
        "if not settings.DEBUG:\n    connect()",
        "if settings.DEBUG or ready:\n    connect()",
        "if settings.READY:\n    connect()",
        "def f():\n    if settings.DEBUG:\n        return None\n    return connect()",
        "def f():\n    if not settings.DEBUG:\n        log()\n    return connect()",
        "def f():\n    return connect()\n    if not settings.DEBUG:\n        return None",
        "def f():\n    return connect()\ndef g():\n    if DEBUG:\n        return f()\ndef h():\n    return f()",
        "def f():\n    return connect()",
        DENIES.replace("False", "[1]") + "def f():\n    if not is_mine():\n        return None\n    return connect()",
        "def f():\n    if not is_mine():\n        return None\n    return connect()",
    ],
)
def test_for_everybody(source: str) -> None:
    assert not answer(source)
