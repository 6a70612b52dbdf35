"""Files whose path a helper hands back, and what its callers do with them."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import model

from flake8_scalability.model.stateless import disk, disk_paths
from flake8_scalability.options import Settings

HEAD = "from fastapi import UploadFile\ndef store(u: UploadFile, name):\n    path = FOLDER / name\n"
HELPER = HEAD + "    path.write_bytes(u.file.read())\n    return path\n"
CALL = "from .files import store\ndef f(u):\n    path = store(u, 'a')\n"
REMOVES = CALL + "    os.remove(path)\n"


def handed_back(folder: Path, helper: str, callers: dict[str, str], settings: Settings | None = None) -> bool:
    (folder / "setup.py").touch()
    (folder / "files.py").write_text(helper)
    for name, text in callers.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    source = model(helper, str(folder / "files.py"), settings or Settings())
    (write,) = disk.writes(source)
    assert write.path is not None
    return disk.is_handed_back(write, disk_paths.whereto(write.path, write.scope, source), source)


@pytest.mark.parametrize(
    "caller",
    [
        REMOVES,
        CALL + "    path.unlink()\n",
        CALL + "    key = upload(\n        path,\n        folder,\n    )\n",
        CALL.replace("= store", "= await files.store") + "    os.remove(str(path))\n".replace("str(path)", "path"),
        CALL.replace("path = store(u", "paths = store([u]")
        + "    for each in paths:\n        upload_file(bucket, each)\n",
    ],
)
def test_callers_that_remove_the_file_or_hand_it_on(tmp_path: Path, caller: str) -> None:
    assert handed_back(tmp_path, HELPER, {"views.py": caller})


@pytest.mark.parametrize(
    ("why", "callers"),
    [
        ("nobody calls it", {}),
        ("the path is kept", {"views.py": CALL + "    Row(path=path).save()\n"}),
        ("another is removed", {"views.py": CALL + "    os.remove(other)\n"}),
        ("another function removes it", {"views.py": CALL + "def g(path):\n    os.remove(path)\n"}),
        ("only a test removes it", {"tests/test_a.py": REMOVES}),
        ("one of two keeps it", {"views.py": REMOVES, "other.py": CALL + "    return path\n"}),
        ("it is called for nothing", {"views.py": "def f(u):\n    store(u, 'a')\n    os.remove(path)\n"}),
    ],
)
def test_callers_that_leave_the_file(tmp_path: Path, why: str, callers: dict[str, str]) -> None:
    assert not handed_back(tmp_path, HELPER, callers), why


@pytest.mark.parametrize(
    ("returned", "expected"),
    [
        ("    return Stored(path, name)\n", True),
        ("    found = Stored(path)\n    return found\n", True),
        ("    found = []\n    found.append(path)\n    return found\n", True),
        ("    found = []\n    found.append(u)\n    return found\n", False),
        ("    return True\n", False),
        ("", False),
    ],
)
def test_what_is_handed_back(tmp_path: Path, returned: str, expected: bool) -> None:
    helper = HEAD + "    path.write_bytes(u.file.read())\n" + returned
    assert handed_back(tmp_path, helper, {"views.py": REMOVES}) is expected


def test_the_project_is_not_asked_where_it_must_not_be_read(tmp_path: Path) -> None:
    assert not handed_back(tmp_path, HELPER, {"views.py": REMOVES}, Settings(no_project=True))


def test_the_module_hands_nothing_back() -> None:
    source = model("open('a', 'wb').write(b'')", settings=Settings())
    (write,) = disk.writes(source)
    assert write.path is not None
    assert not disk.is_handed_back(write, disk_paths.whereto(write.path, write.scope, source), source)
