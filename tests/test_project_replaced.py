"""Tables of which everything is deleted before a row is added."""

from __future__ import annotations

from pathlib import Path

import pytest

from flake8_scalability.project import replaced

SAVING = """
def save(request):
    kept = Post.objects.filter(company=request.user.company)
    kept.delete()
    box = Post(company=request.user.company, sender=request.POST["sender"])
    box.save()
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (SAVING, True),
        (SAVING.replace("filter(company=request.user.company)", "all()"), True),
        (
            SAVING.replace("    kept = ", "    ")
            .replace("    kept.delete()\n", "")
            .replace("company)\n    box", "company).delete()\n    box"),
            True,
        ),
        (SAVING.replace("filter(company=", "filter(letter="), False),
        (SAVING.replace("    kept.delete()\n", ""), False),
        (SAVING.replace("    box = ", "    for each in request.boxes:\n        box = "), False),
        (SAVING.replace("    box = ", "\ndef add(request):\n    box = "), False),
    ],
)
def test_rows_that_are_replaced(tmp_path: Path, text: str, expected: bool) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "views.py").write_text(text)
    (tmp_path / "mail.py").write_text("")
    assert replaced.is_replaced_whole("Post", str(tmp_path / "mail.py")) is expected
