"""Cloud functions beside a module: what lies in the folder of one runs in it, for one request at a time."""

from __future__ import annotations

import re
from pathlib import Path

from flake8_scalability.project import root, texts

#: The signature of what the cloud calls: `lambda_handler(event, context)`.
_HANDLER = re.compile(
    r"^(?:async )?def (?:lambda_)?handler\(\s*_?event\b[^,)]*,\s*(?:_?context|_?ctx|_)\b", re.MULTILINE
)


@texts.believed
def is_of_function(filename: str) -> bool:
    """Whether a module of a project lies beside the entry of a cloud function, or is one."""
    start = root.of(filename)
    if start is None:
        return False
    folder = Path(filename).absolute().parent
    return any(_HANDLER.search(texts.text(each)) is not None for each in sorted(folder.glob("*.py")))
