"""Pages for those who run the service: few people open them, so that what they cost is paid seldom."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flake8_scalability.catalog.text_search import OPERATORS

if TYPE_CHECKING:
    from flake8_scalability.model.language.scopes import Scope
    from flake8_scalability.model.source import SourceFile

_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def only(scope: Scope, source: SourceFile) -> bool:
    """Whether only the people who run the service get there, by the names of the file, the handler and its class."""
    if any(OPERATORS.search(part) for name in source.path_parts for part in name.split(".")):
        return True
    functions = (scope.function, source.place(scope).via)
    return any(
        OPERATORS.search(name) is not None
        for function in functions
        if function is not None
        for name in (function.name, _HUMPS.sub("_", function.owner.name) if function.owner is not None else "")
    )
