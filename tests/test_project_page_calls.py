"""Which calls in a project ask a function for pages that begin late."""

from __future__ import annotations

from pathlib import Path

import pytest

from flake8_scalability.project import page_calls

PARAMETERS = ("self", "room", "limit", "offset")


def _asked(tmp_path: Path, **files: str) -> bool:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'shop'\n")
    (tmp_path / "events.py").write_text("class Events:\n    def page(self, room, limit=50, offset=0): ...\n")
    for name, text in files.items():
        (tmp_path / f"{name}.py").write_text(text)
    return page_calls.are_asked_for("page", "Events", PARAMETERS, str(tmp_path / "events.py"))


@pytest.mark.parametrize(
    "text",
    [
        "@router.get('/events')\ndef events(offset: int = 0):\n    return Events().page(1, offset=offset)\n",
        "def events(request):\n    return Events().page(1, 50, int(request.GET['from']))\n",
        "def events(request):\n    return Events().page(*request.args)\n",
    ],
)
def test_a_start_that_is_handed_in_is_asked_for(tmp_path: Path, text: str) -> None:
    assert _asked(tmp_path, views=text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "def events(request):\n    return Events().page(request.room)\n",
        "def events(request):\n    return Events().page(1, offset=0)\n",
        "@router.get('/e')\ndef events(offset: int, _=Depends(require_role('system_admin'))):\n"
        "    return Events().page(1, offset=offset)\n",
        "router = APIRouter(prefix='/admin/events')\n\n@router.get('/')\ndef events(offset: int):\n"
        "    return Events().page(1, offset=offset)\n",
        "def events(request:\n    return Events().page(1, offset=request.start)\n",
        "def events(offset):\n    return Events().page(1, offset=offset)\n",
    ],
)
def test_nobody_asks_for_a_start_that_is_left_out_written_out_or_kept_for_operators(tmp_path: Path, text: str) -> None:
    assert not _asked(tmp_path, views=text)


def test_a_start_is_followed_through_what_hands_it_on(tmp_path: Path) -> None:
    service = "class Service:\n    def list(self, offset):\n        return Events().page(1, offset=offset)\n"
    handler = "@router.get('/e')\ndef events(offset: int):\n    return Service().list(offset)\n"
    assert _asked(tmp_path, service=service, views=handler)


def test_of_a_name_that_several_have_the_class_is_asked_for(tmp_path: Path) -> None:
    other = "class Others:\n    def page(self, offset): ...\n"
    handler = "@router.get('/e')\ndef events(offset: int):\n    return Others().page(offset)\n"
    assert not _asked(tmp_path, other=other, views=handler)


def test_without_a_project_a_function_is_believed_to_be_asked(tmp_path: Path) -> None:
    assert page_calls.are_asked_for("page", "", ("offset",), "service.py")
