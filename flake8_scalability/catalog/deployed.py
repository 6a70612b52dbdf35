"""How what deploys a project starts its modules, and what a cloud calls in them.

Sources: https://docs.docker.com/reference/dockerfile/, https://docs.gunicorn.org/en/stable/settings.html#workers,
https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html
"""

from __future__ import annotations

import re

#: What stands before the name of a file that is run: one that is copied or left out of something is named as well.
RUNS = r"(?:\b(?i:python[\w.]*|uv|exec|entrypoint|cmd|command|start\w*|execstart)\b[^\n]{0,80}?|\./)(?<![\w-])"
#: The server that takes a number of workers on its command line, what names its configuration there, and the number, or
#: a variable that holds it: one is what the file says already.
WORKING_SERVER = "gunicorn"
CONFIGURED_BY = r"(?:-c|--config)[=\s\"',]+[^\s\"',]*(?<![\w-])"
WORKERS = re.compile(r"(?<![\w-])(?:-w|--workers)[=\s\"',]*(?!1\b)[\w$\"'{]")
#: What a platform starts: a file, or a script.
SERVES = re.compile(r"\b(?i:cmd|entrypoint|command|startcommand|execstart|web)\b[^\n]{0,80}?\w\.(?:py|sh)\b")
#: The signature of what a cloud calls: `lambda_handler(event, context)`.
CLOUD_HANDLER = re.compile(
    r"^(?:async )?def (?:lambda_)?handler\(\s*_?event\b[^,)]*,\s*(?:_?context|_?ctx|_)\b", re.MULTILINE
)
