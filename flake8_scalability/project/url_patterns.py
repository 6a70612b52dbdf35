"""What the URL patterns of a Django project wrap around a view: `login_required(OrderList.as_view())`.

As in `inclusions` this is read as text.
"""

from __future__ import annotations

import re
from pathlib import Path

from flake8_scalability.project import inclusions, root, texts

#: One or more calls, each with the next as its argument, around a view: `never_cache(permission_required("a.b")(`.
_AROUND = r"((?:\b[\w.]+(?:\([^()]*\))?\(\s*)*)\b{}\b(?!\s*[(=])"
_NAME = re.compile(r"[A-Za-z_]\w*")


def wrapped_around(view: str, filename: str) -> frozenset[str]:
    """Return the names of what is wrapped around a view of this module, with those of its arguments.

    Where several patterns lead to the view, only what all of them wrap around it holds.
    """
    start = root.of(filename)
    return _wrapped_around(view, Path(filename).absolute(), start) if start is not None else frozenset()


@texts.believed
def _wrapped_around(view: str, own: Path, start: Path) -> frozenset[str]:
    found = []
    for path, text in texts.of_project(start):
        if "urlpatterns" not in text or not texts.has_word(text, view) or root.is_test(path, start):
            continue
        for spelled in inclusions.spellings(view, own, text):
            listed = text[text.index("urlpatterns") :]
            found += [
                frozenset(_NAME.findall(match[1])) for match in re.finditer(_AROUND.format(re.escape(spelled)), listed)
            ]
    return frozenset.intersection(*found) if found else frozenset()
