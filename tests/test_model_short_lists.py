"""Arguments that are a handful by their names, by what every caller gives, or because nobody gives them."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from support import model

from flake8_scalability.model.batching.item_origins import Origin, Origins
from flake8_scalability.model.batching.short_lists import names_few
from flake8_scalability.options import Settings

TELL = "def tell(text, readers):\n for r in readers: pass\n"


def origin(folder: Path, asking: str | None, text: str = TELL, where: str = "club/asks.py") -> Origin:
    files = {".git/HEAD": "", "club/tells.py": text, **({where: asking} if asking is not None else {})}
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    source = model(text, str(folder / "club" / "tells.py"), Settings())
    loop, scope = next((node, scope) for scope in source.scopes for node in scope.of(ast.For))
    return Origins(source).of(loop.iter, scope)


@pytest.mark.parametrize(
    ("asking", "expected"),
    [
        ("from club.tells import tell\ntell('a', [me])\ntell('b', readers=(you, them))\n", Origin.FEW),
        ("from club.tells import tell\ntell.delay('a', [me])\n", Origin.FEW),
        ("from club.tells import tell\ntell('a', settings.READERS)\ntell('b', STAFF)\n", Origin.FEW),
        ("from club.tells import tell\ntell('a', [me])\ntell('b', all_of_us)\n", Origin.GIVEN),
        ("from club.tells import tell\ntell('a', [*us])\n", Origin.GIVEN),
        ("from club.tells import tell\ntell(*given)\n", Origin.GIVEN),
        ("from club.tells import tell\ntell('a', [me])\nqueue(tell)\n", Origin.GIVEN),
        ("from club.tells import tell\ntell('a', [1, 2, 3, 4, 5, 6])\n", Origin.GIVEN),
    ],
)
def test_what_every_caller_gives(tmp_path: Path, asking: str, expected: Origin) -> None:
    assert origin(tmp_path, asking) is expected


@pytest.mark.parametrize(
    ("head", "expected"),
    [("class Role(enum.Enum)", Origin.FEW), ("class Role(TextChoices)", Origin.FEW), ("class Role(Row)", Origin.GIVEN)],
)
def test_members_of_an_enumeration(tmp_path: Path, head: str, expected: Origin) -> None:
    loop = "def tell(roles: list[Role]):\n for r in roles: pass\n"
    asking = "from club.tells import tell\ntell(given)\n"
    assert origin(tmp_path, asking, f"\n{head}:\n DESK = 1\n\n{loop}") is expected
    (tmp_path / "club" / "roles.py").write_text(f"{head}:\n DESK = 1\n")
    assert origin(tmp_path, asking, f"from club.roles import Role\n{loop}") is expected


def test_keys_that_one_change_has_tied(tmp_path: Path) -> None:
    text = "def tell(pk_set):\n for k in pk_set: pass\n"
    assert origin(tmp_path, "from club.tells import tell\ntell(given)\n", text) is Origin.FEW


def test_nobody_gives_anything(tmp_path: Path) -> None:
    assert origin(tmp_path, None) is Origin.UNKNOWN


def test_tests_are_no_callers(tmp_path: Path) -> None:
    asking = "from club.tells import tell\ntell('a', readers)\n"
    assert origin(tmp_path, asking, where="tests/test_tells.py") is Origin.UNKNOWN


@pytest.mark.parametrize("text", [f"@hook\n{TELL}", f"{TELL}HOOKS = [tell]\n", f'{TELL}HOOKS = ["tell"]\n'])
def test_who_may_be_called_by_a_framework_is_given_something(tmp_path: Path, text: str) -> None:
    assert origin(tmp_path, None, text) is Origin.GIVEN


@pytest.mark.parametrize(
    ("name", "few"),
    [
        ("managers", True), ("group_owners", True), ("category_ids", True), ("order_ids", False),
        ("people", False), ("owner", False),
    ],
)  # fmt: skip
def test_names_of_a_handful(name: str, few: bool) -> None:
    assert names_few(name) is few
