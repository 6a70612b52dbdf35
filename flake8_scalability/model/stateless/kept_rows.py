"""Whether a project of Django keeps rows at all: a wrapper around another program has the settings alone."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from flake8_scalability.model.source import SourceFile
from flake8_scalability.model.stateless import configuration
from flake8_scalability.project import mentions, root

_APPS = "INSTALLED_APPS"
#: What defines a table, mounts the admin, or works with those who have logged in.
_KEEPING = re.compile(
    r"\bmodels\.Model\b|\bAbstract(Base)?User\b|\badmin\.site\b|\brequest\.(user|session)\b|\blogin_required\b|"
    r"^\s*(from|import) django\.contrib\.(auth|admin|sessions|contenttypes)\b|[\"\']django\.contrib\.auth\.urls\b",
    re.MULTILINE,
)
#: Apps that have no tables.
_WITHOUT_TABLES = frozenset({
    "django", "rest_framework", "corsheaders", "django_extensions", "drf_spectacular", "drf_yasg", "whitenoise",
})  # fmt: skip


def are_kept(source: SourceFile) -> bool:
    """Whether the project defines a table, or uses one of those that Django or another app brings."""
    start = root.of(source.filename)
    if source.settings.no_project or start is None or _APPS not in source.text:
        return True
    if mentions.is_said(_KEEPING, (), source.filename):
        return True
    folder = Path(source.filename).absolute().parent
    own = {path.name for place in (folder, folder.parent, start) for path in place.glob("*/")}
    return any(name not in _WITHOUT_TABLES and name not in own for name in _installed(source))


def _installed(source: SourceFile) -> set[str]:
    """Return the first parts of the names of the apps that the settings install."""
    return {
        part.value.partition(".")[0]
        for setting in configuration.settings(source, frozenset({_APPS}))
        for part in ast.walk(setting.value)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    }
